"""What can be asked about unsubscribing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Somebody who has one of our e-mails wants no more of them."""

    address_digest: str
