"""Faults that a test plans beforehand, each for a number of messages."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

DEFAULT_SLOW_SECONDS = 2.0


class FaultKind(StrEnum):
    """What may go wrong with a message that Notify would otherwise have taken."""

    SLOW = "slow"
    DROP_BEFORE_STORE = "drop_before_store"
    DROP_AFTER_STORE = "drop_after_store"
    ERROR_500_BEFORE_STORE = "error_500_before_store"
    ERROR_500_AFTER_STORE = "error_500_after_store"
    RATE_LIMIT = "rate_limit"
    DAILY_LIMIT = "daily_limit"
    DUPLICATE_CALLBACK = "duplicate_callback"
    LOSE_CALLBACK = "lose_callback"
    PERMANENT_FAILURE = "permanent_failure"
    TEMPORARY_FAILURE = "temporary_failure"


CALLBACK_FAULTS = frozenset({FaultKind.DUPLICATE_CALLBACK, FaultKind.LOSE_CALLBACK})
OUTCOME_FAULTS = frozenset({FaultKind.PERMANENT_FAILURE, FaultKind.TEMPORARY_FAILURE})
ANSWER_FAULTS = frozenset(FaultKind) - CALLBACK_FAULTS - OUTCOME_FAULTS


@dataclass(slots=True, kw_only=True)
class PlannedFault:
    """A fault, how many messages it still hits, and for ``slow`` how late the answer is."""

    kind: FaultKind
    times: int = 1
    seconds: float = DEFAULT_SLOW_SECONDS

    def as_wire(self) -> dict[str, Any]:
        return {"fault": self.kind.value, "times": self.times, "seconds": self.seconds}


class FaultPlan:
    """The faults still to come. Those of one group are met in the order of their planning."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._planned: list[PlannedFault] = []

    def add(self, fault: PlannedFault) -> None:
        with self._lock:
            self._planned.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def take(self, kinds: Collection[FaultKind]) -> PlannedFault | None:
        """Use up one time of the first planned fault among ``kinds``, if there is one."""
        with self._lock:
            fault = next((fault for fault in self._planned if fault.kind in kinds), None)
            if fault is None:
                return None
            fault.times -= 1
            if fault.times <= 0:
                self._planned.remove(fault)
            return fault

    def as_wire(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.as_wire() for fault in self._planned]


def fault_from_wire(body: object) -> PlannedFault:
    """Read a fault that somebody plans.

    Raises:
        ValueError: not a known fault, or a senseless number; the text says which.
    """
    asked = body if isinstance(body, dict) else {}
    known = [kind.value for kind in FaultKind]
    if asked.get("fault") not in known:
        raise ValueError(f"Unknown fault; the known ones are: {', '.join(known)}")
    times = asked.get("times", 1)
    if not isinstance(times, int) or times < 1:
        raise ValueError("times must be a whole number above 0")
    seconds = asked.get("seconds", DEFAULT_SLOW_SECONDS)
    if not isinstance(seconds, int | float) or seconds < 0:
        raise ValueError("seconds must be a number of 0 or above")
    return PlannedFault(kind=FaultKind(asked["fault"]), times=times, seconds=seconds)
