"""What the environment decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from simulators.notify.keys import ApiKey

REAL_CALLBACK_RETRY_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The keys that may call, and where receipts go (nowhere, if no URL is given)."""

    keys: tuple[ApiKey, ...]
    callback_url: str
    callback_token: str
    callback_retry_seconds: float
    keeps_smoke_recipients: bool  # as Notify does; without, their numbers are like any other

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: no ``NOTIFY_API_KEY``.
            ValueError: a key or a number is malformed.
        """
        retry_seconds = environment.get("NOTIFY_CALLBACK_RETRY_SECONDS")
        return cls(
            keys=tuple(
                ApiKey.parse(text.strip()) for text in environment["NOTIFY_API_KEY"].split(",")
            ),
            callback_url=environment.get("NOTIFY_CALLBACK_URL", ""),
            callback_token=environment.get("NOTIFY_CALLBACK_TOKEN", ""),
            callback_retry_seconds=float(retry_seconds or REAL_CALLBACK_RETRY_SECONDS),
            keeps_smoke_recipients=environment.get("NOTIFY_SMOKE_RECIPIENTS", "on") == "on",
        )
