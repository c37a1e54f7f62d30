"""What the network does for the programme when the programme or the issuer is not there."""

from collections.abc import Callable
from threading import RLock

from simulators.card_issuer.clock import Clock
from simulators.faults import Faults, Rule

DECLINE, APPROVE = "decline", "approve"
ANSWERS = (DECLINE, APPROVE)


class Programme:
    """The agreed answers without an answer, and whether the issuer itself is out."""

    def __init__(self, *, when_unanswered: str, clock: Clock, faults: Faults) -> None:
        self.when_unanswered = when_unanswered
        self.stand_in = DECLINE  # what the network says while the issuer is out
        self.on_return: Callable[[], None] = lambda: None
        self._clock = clock
        self._faults = faults
        self._out_until: float | None = None
        self._lock = RLock()

    def is_out(self) -> bool:
        """Whether the issuer reaches nobody now; a rule may make it so from this moment on."""
        with self._lock:
            rule = self._faults.take("outage")
            if rule is not None:
                self.go_out(seconds=rule.seconds, stand_in=rule.variant or APPROVE)
            if self._out_until is not None and self._clock.now() >= self._out_until:
                self.come_back()
            return self._out_until is not None

    def go_out(self, *, seconds: float, stand_in: str) -> None:
        with self._lock:
            self.stand_in = stand_in
            self._out_until = self._clock.now() + seconds

    def come_back(self) -> None:
        """Be there again, and tell all that could not be told."""
        with self._lock:
            self._out_until = None
        self.on_return()

    def answer_without_an_answer(self, rule: Rule | None = None) -> bool:
        """Whether a purchase is approved that nobody answered about in time."""
        if rule is not None and rule.variant in ANSWERS:
            return rule.variant == APPROVE
        return self.when_unanswered == APPROVE
