"""What the environment decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from simulators.notify import recipients
from simulators.notify.keys import ApiKey
from simulators.notify.sms_characters import UnicodeRule
from simulators.notify.templates import Channel

REAL_CALLBACK_RETRY_SECONDS = 300
RATE_LIMIT, RATE_BURST = 3_000, 1_000
DAILY_LIMITS = {Channel.SMS: 250_000, Channel.EMAIL: 250_000, Channel.LETTER: 20_000}
RETENTION_DAYS = 7
SHORTEST_TOKEN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where callbacks go, and their bearer token. Without a URL they go nowhere."""

    url: str
    token: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, name: str) -> Self:
        """Read a callback's address.

        Raises:
            ValueError: its token is shorter than Notify takes.
        """
        url, token = environment.get(f"{name}_URL", ""), environment.get(f"{name}_TOKEN", "")
        if url and len(token) < SHORTEST_TOKEN:
            raise ValueError(f"{name}_TOKEN must have at least {SHORTEST_TOKEN} characters.")
        return cls(url=url, token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The keys that may call, the limits, and where callbacks go."""

    keys: tuple[ApiKey, ...]
    receipts: Address
    replies: Address  # received texts
    callback_retry_seconds: float
    keeps_smoke_recipients: bool  # as Notify does; without, their numbers are like any other
    rate_limit: int  # requests a minute
    rate_burst: int
    daily_limits: Mapping[Channel, int]
    retention: timedelta
    unicode_rule: UnicodeRule
    team: frozenset[str]  # normalised numbers and e-mail addresses that a team key reaches
    seed: int | None  # of the chance by which faults with a probability happen

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            KeyError: no ``NOTIFY_API_KEY``.
            ValueError: a key, a number or another setting is malformed.
        """

        def number(name: str, default: float) -> float:
            return float(environment.get(name) or default)

        seed = environment.get("NOTIFY_FAULT_SEED")
        return cls(
            keys=tuple(
                ApiKey.parse(text.strip()) for text in environment["NOTIFY_API_KEY"].split(",")
            ),
            receipts=Address.from_environment(environment, name="NOTIFY_CALLBACK"),
            replies=Address.from_environment(environment, name="NOTIFY_INBOUND_CALLBACK"),
            callback_retry_seconds=number(
                "NOTIFY_CALLBACK_RETRY_SECONDS", REAL_CALLBACK_RETRY_SECONDS
            ),
            keeps_smoke_recipients=environment.get("NOTIFY_SMOKE_RECIPIENTS", "on") == "on",
            rate_limit=int(number("NOTIFY_RATE_LIMIT", RATE_LIMIT)),
            rate_burst=int(number("NOTIFY_RATE_BURST", RATE_BURST)),
            daily_limits={
                channel: int(number(f"NOTIFY_DAILY_LIMIT_{channel.upper()}", limit))
                for channel, limit in DAILY_LIMITS.items()
            },
            retention=timedelta(days=number("NOTIFY_RETENTION_DAYS", RETENTION_DAYS)),
            unicode_rule=UnicodeRule(environment.get("NOTIFY_UNICODE_RULE") or "new"),
            team=frozenset(
                recipients.comparable(text)
                for text in environment.get("NOTIFY_TEAM", "").split(",")
                if text.strip()
            ),
            seed=int(seed) if seed else None,
        )
