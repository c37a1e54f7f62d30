"""What the bank is told by its environment."""

import os
from dataclasses import dataclass, field

from simulators.delivery import ATTEMPTS

SETTLES_AFTER_SECONDS = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    api_key: str = field(repr=False)
    webhook_url: str
    webhook_secret: str = field(repr=False)  # whsec_ and base64, as Standard Webhooks 1.0 says
    settles_after_seconds: float = SETTLES_AFTER_SECONDS
    delivery_attempts: int = ATTEMPTS


def settings_from_environment() -> Settings:
    """Read the settings; one that must be there and is not stops the program with its name."""
    return Settings(
        api_key=os.environ["BANK_API_KEY"],
        webhook_url=os.environ["BANK_WEBHOOK_URL"],
        webhook_secret=os.environ["BANK_WEBHOOK_SECRET"],
        settles_after_seconds=float(
            os.environ.get("BANK_SETTLES_AFTER_SECONDS", str(SETTLES_AFTER_SECONDS))
        ),
        delivery_attempts=int(os.environ.get("BANK_DELIVERY_ATTEMPTS", str(ATTEMPTS))),
    )
