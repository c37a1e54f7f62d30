"""What the card issuer is told by its environment."""

import os
from dataclasses import dataclass, field

from simulators.delivery import ATTEMPTS

ANSWER_LIMIT_SECONDS = 2.0  # Stripe's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    api_key: str = field(repr=False)
    authorisations_url: str  # is asked about each purchase, and must answer in time
    authorisations_secret: str = field(repr=False)
    events_url: str  # is told everything else
    events_secret: str = field(repr=False)
    answer_limit_seconds: float = ANSWER_LIMIT_SECONDS
    delivery_attempts: int = ATTEMPTS


def settings_from_environment() -> Settings:
    """Read the settings; one that must be there and is not stops the program with its name."""
    return Settings(
        api_key=os.environ["CARD_ISSUER_API_KEY"],
        authorisations_url=os.environ["CARD_ISSUER_AUTHORISATIONS_URL"],
        authorisations_secret=os.environ["CARD_ISSUER_AUTHORISATIONS_SECRET"],
        events_url=os.environ["CARD_ISSUER_EVENTS_URL"],
        events_secret=os.environ["CARD_ISSUER_EVENTS_SECRET"],
        answer_limit_seconds=float(
            os.environ.get("CARD_ISSUER_ANSWER_LIMIT_SECONDS", str(ANSWER_LIMIT_SECONDS))
        ),
        delivery_attempts=int(os.environ.get("CARD_ISSUER_DELIVERY_ATTEMPTS", str(ATTEMPTS))),
    )
