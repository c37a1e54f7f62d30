"""What the card issuer is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.card_issuer.programme import ANSWERS, DECLINE
from simulators.delivery import ATTEMPTS

ANSWER_LIMIT_SECONDS = 2.0  # Stripe's own
HOLD_DAYS = 7  # an authorisation lapses after so many by the issuer's clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    api_key: str = field(repr=False)
    authorisations_url: str  # is asked about each purchase, and must answer in time
    authorisations_secret: str = field(repr=False)
    events_url: str  # is told everything else
    events_secret: str = field(repr=False)
    answer_limit_seconds: float = ANSWER_LIMIT_SECONDS
    delivery_attempts: int = ATTEMPTS
    when_unanswered: str = DECLINE  # or approve
    hold_days: int = HOLD_DAYS
    fee: int = 0  # on each capture, in the currency's smallest unit
    seed: int | None = None
    scenario: str | None = None  # a file that is played at the start


class SettingError(ValueError):
    """A setting that cannot be used. The text names it."""


def settings_from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; one that must be there and is not stops the program with its name.

    Raises:
        KeyError, SettingError: one is missing, or is not what it can be.
    """
    when_unanswered = environment.get("CARD_ISSUER_WHEN_UNANSWERED", DECLINE)
    if when_unanswered not in ANSWERS:
        raise SettingError(f"CARD_ISSUER_WHEN_UNANSWERED is one of {', '.join(ANSWERS)}.")
    seed = environment.get("CARD_ISSUER_SEED")
    return Settings(
        api_key=environment["CARD_ISSUER_API_KEY"],
        authorisations_url=environment["CARD_ISSUER_AUTHORISATIONS_URL"],
        authorisations_secret=environment["CARD_ISSUER_AUTHORISATIONS_SECRET"],
        events_url=environment["CARD_ISSUER_EVENTS_URL"],
        events_secret=environment["CARD_ISSUER_EVENTS_SECRET"],
        answer_limit_seconds=float(
            environment.get("CARD_ISSUER_ANSWER_LIMIT_SECONDS", str(ANSWER_LIMIT_SECONDS))
        ),
        delivery_attempts=int(environment.get("CARD_ISSUER_DELIVERY_ATTEMPTS", str(ATTEMPTS))),
        when_unanswered=when_unanswered,
        hold_days=int(environment.get("CARD_ISSUER_HOLD_DAYS", str(HOLD_DAYS))),
        fee=int(environment.get("CARD_ISSUER_FEE", "0")),
        seed=int(seed) if seed else None,
        scenario=environment.get("CARD_ISSUER_SCENARIO") or None,
    )
