"""What payments asks the issuer by itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchAuthorisation:
    """Ask how an authorisation stands, of which nothing was heard for long."""

    authorisation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEvents:
    """Ask which events could not be delivered since then."""

    since: datetime
