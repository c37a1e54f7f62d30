"""The two limits that Notify sets: so many requests a minute, so many messages a day."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from threading import Lock

from simulators.clock import Clock
from simulators.notify.errors import ApiError
from simulators.notify.keys import KeyType
from simulators.notify.templates import Channel

SECONDS = 60


class RateLimit:
    """A bucket of tokens for each type of key: ``burst`` at most, ``per_minute`` come back."""

    def __init__(self, *, per_minute: int, burst: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._burst = burst
        self._clock = clock
        self._lock = Lock()
        self._tokens: dict[KeyType, tuple[float, float]] = {}  # how many, as of when

    def check(self, key_type: KeyType) -> None:
        """Use up one token.

        Raises:
            ApiError: 429, none is left; in a moment there will be.
        """
        with self._lock:
            at = self._clock.monotonic()
            left, as_of = self._tokens.get(key_type, (float(self._burst), at))
            left = min(self._burst, left + (at - as_of) * self._per_minute / SECONDS)
            if left < 1:
                raise self.exceeded(key_type)
            self._tokens[key_type] = (left - 1, at)

    def exceeded(self, key_type: KeyType) -> ApiError:
        message = (
            f"Exceeded rate limit for key type {key_type.upper()} of {self._per_minute} "
            f"requests per {SECONDS} seconds"
        )
        return ApiError.of(429, "RateLimitError", message)


class DailyLimit:
    """How many messages of each channel a service may send until midnight UTC."""

    def __init__(self, *, limits: Mapping[Channel, int], clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = Lock()
        self._sent: Counter[tuple[date, Channel]] = Counter()

    def check(self, channel: Channel, *, key_type: KeyType) -> None:
        """Refuse a message too many; a test key's count for nothing.

        Raises:
            ApiError: 429 until midnight UTC.
        """
        if key_type is KeyType.TEST:
            return
        with self._lock:
            if self._sent[self._today(), channel] >= self._limits[channel]:
                raise self.exceeded(channel)

    def count(self, channel: Channel, *, key_type: KeyType) -> None:
        """Count a message that was taken."""
        if key_type is not KeyType.TEST:
            with self._lock:
                self._sent[self._today(), channel] += 1

    def exceeded(self, channel: Channel) -> ApiError:
        message = f"Exceeded send limits ({channel}: {self._limits[channel]}) for today"
        return ApiError.of(429, "TooManyRequestsError", message)

    def _today(self) -> date:
        return self._clock.utc_now().date()
