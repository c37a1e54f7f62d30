"""Faults that a test plans beforehand, each for a number of messages."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

from simulators.notify import recipients
from simulators.notify.templates import CHANNELS, Channel

DEFAULT_SECONDS = 2.0


class FaultKind(StrEnum):
    """What may go wrong with a message that Notify would otherwise have taken."""

    SLOW = "slow"
    DROP_BEFORE_STORE = "drop_before_store"
    DROP_AFTER_STORE = "drop_after_store"
    CUT_ANSWER = "cut_answer"
    ERROR_500_BEFORE_STORE = "error_500_before_store"
    ERROR_500_AFTER_STORE = "error_500_after_store"
    ERROR_504_THEN_SENT = "error_504_then_sent"
    RATE_LIMIT = "rate_limit"
    DAILY_LIMIT = "daily_limit"
    DUPLICATE_CALLBACK = "duplicate_callback"
    LOSE_CALLBACK = "lose_callback"
    EARLY_CALLBACK = "early_callback"
    LATE_CALLBACK = "late_callback"
    REORDER_CALLBACK = "reorder_callback"
    PERMANENT_FAILURE = "permanent_failure"
    TEMPORARY_FAILURE = "temporary_failure"
    TECHNICAL_FAILURE = "technical_failure"
    STUCK = "stuck"


CALLBACK_FAULTS = frozenset(
    {
        FaultKind.DUPLICATE_CALLBACK,
        FaultKind.LOSE_CALLBACK,
        FaultKind.EARLY_CALLBACK,
        FaultKind.LATE_CALLBACK,
        FaultKind.REORDER_CALLBACK,
    }
)
OUTCOME_FAULTS = frozenset(
    {
        FaultKind.PERMANENT_FAILURE,
        FaultKind.TEMPORARY_FAILURE,
        FaultKind.TECHNICAL_FAILURE,
        FaultKind.STUCK,
    }
)
ANSWER_FAULTS = frozenset(FaultKind) - CALLBACK_FAULTS - OUTCOME_FAULTS


@dataclass(slots=True, kw_only=True)
class PlannedFault:
    """A fault, how many messages it still hits, and which; ``seconds`` where it is a delay."""

    kind: FaultKind
    times: int = 1
    seconds: float = DEFAULT_SECONDS
    probability: float = 1.0  # of each message that it could hit
    channel: Channel | None = None  # None: any
    to: str | None = None  # a number or an e-mail address; None: to anybody

    def as_wire(self) -> dict[str, Any]:
        return {
            "fault": self.kind.value,
            "times": self.times,
            "seconds": self.seconds,
            "probability": self.probability,
            "channel": self.channel,
            "to": self.to,
        }

    def concerns(self, *, channel: Channel, recipient: str) -> bool:
        """Tell whether it is planned for messages like this; ``recipient`` is normalised."""
        is_for_them = self.to is None or recipients.comparable(self.to) == recipient
        return self.channel in {None, channel} and is_for_them


class FaultPlan:
    """The faults still to come. Those of one group are met in the order of their planning.

    Args:
        seed: of the chance by which faults with a probability happen; None: no two runs alike.
    """

    def __init__(self, *, seed: int | None = None) -> None:
        self._lock = Lock()
        self._planned: list[PlannedFault] = []
        self._chance = random.Random(seed)  # noqa: S311  # nosec B311  # faults are repeated by their seed

    def add(self, fault: PlannedFault) -> None:
        with self._lock:
            self._planned.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def take(
        self, kinds: Collection[FaultKind], *, channel: Channel, recipient: str
    ) -> PlannedFault | None:
        """Use up one time of the first fault among ``kinds`` that hits, if one does."""
        with self._lock:
            for fault in self._planned:
                is_theirs = fault.concerns(channel=channel, recipient=recipient)
                if fault.kind in kinds and is_theirs and self._hits(fault):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._planned.remove(fault)
                    return fault
        return None

    def as_wire(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_wire() for fault in self._planned]

    def _hits(self, fault: PlannedFault) -> bool:
        return self._chance.random() < fault.probability


def fault_from_wire(body: object) -> PlannedFault:
    """Read a fault that somebody plans.

    Raises:
        ValueError: not a known fault, or a senseless number; the text says which.
    """
    asked = body if isinstance(body, dict) else {}
    known = [kind.value for kind in FaultKind]
    if asked.get("fault") not in known:
        raise ValueError(f"Unknown fault; the known ones are: {', '.join(known)}")
    unknown = asked.keys() - {"fault", "times", "seconds", "probability", "channel", "to"}
    if unknown:
        raise ValueError(f"A fault has no {', '.join(sorted(unknown))}")
    times = asked.get("times", 1)
    if type(times) is not int or times < 1:
        raise ValueError("times must be a whole number above 0")
    seconds = asked.get("seconds", DEFAULT_SECONDS)
    if type(seconds) not in {int, float} or seconds < 0:
        raise ValueError("seconds must be a number of 0 or above")
    probability = asked.get("probability", 1.0)
    if type(probability) not in {int, float} or not 0 < probability <= 1:
        raise ValueError("probability must be a number above 0, up to 1")
    channel = asked.get("channel")
    if channel not in {None, *CHANNELS}:
        raise ValueError(f"channel must be one of: {', '.join(CHANNELS)}")
    to = asked.get("to")
    if to is not None and not isinstance(to, str):
        raise ValueError("to must be a number or an e-mail address")
    return PlannedFault(
        kind=FaultKind(asked["fault"]),
        times=times,
        seconds=seconds,
        probability=probability,
        channel=Channel(channel) if channel else None,
        to=to,
    )
