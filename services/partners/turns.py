"""Whose turn it is: who sends more than is worked off lets whoever sends little go first."""

import threading
from dataclasses import dataclass, field

from services.partners.inbound.queries import MOST_UNDER_WAY

LATELY_SECONDS = 5.0
ONE_AT_A_TIME = 1


@dataclass(slots=True)
class Turns:
    """What the lanes of one bridge know of each other.

    A partner in a hurry has more in its queue than may be under way at once. Alone, it may have
    as much under way as anybody; beside others who are in no hurry, one message at a time, so that
    these find the machine as quick as without it.
    """

    _unhurried_at: dict[str, float] = field(default_factory=dict)  # by partner, when last heard
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, partner: str, *, is_in_a_hurry: bool, at: float) -> None:
        """Note how a partner sends at a moment of the monotonic clock."""
        with self._lock:
            if is_in_a_hurry:
                self._unhurried_at.pop(partner, None)
            else:
                self._unhurried_at[partner] = at

    def most_under_way(self, partner: str, *, at: float) -> int:
        """Return how many messages of a partner may be under way at that moment."""
        since = at - LATELY_SECONDS
        with self._lock:
            is_in_a_hurry = partner not in self._unhurried_at
            others = any(
                heard > since for one, heard in self._unhurried_at.items() if one != partner
            )
        return ONE_AT_A_TIME if is_in_a_hurry and others else MOST_UNDER_WAY
