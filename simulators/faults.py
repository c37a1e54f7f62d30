"""Faults on demand: rules that say what goes wrong next, and how often."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

DELIVERY_FAULTS = frozenset({"duplicate_event", "drop_event", "delay_event", "bad_signature"})


class UnknownRuleError(ValueError):
    """A rule that cannot be followed. The text says what a rule may hold."""


@dataclass(slots=True, kw_only=True)
class Rule:
    """One thing that shall go wrong, ``times`` more times."""

    fault: str
    type: str | None = None  # only for this event type; None: whatever comes
    times: int = 1
    seconds: float = 1.0  # how long, where the fault is a delay


class Faults:
    """The rules in force, taken in the order in which they were set."""

    def __init__(self, *, known: frozenset[str]) -> None:
        self.known = known
        self._rules: list[Rule] = []
        self._lock = Lock()

    def add(self, wanted: object) -> None:
        """Set a rule, or a list of rules, from JSON: all of them or none.

        Raises:
            UnknownRuleError: not a rule, or a fault that this simulator does not know.
        """
        rules = [self._rule(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
        with self._lock:
            self._rules.extend(rules)

    def take(self, fault: str, *, type: str | None = None) -> Rule | None:  # noqa: A002 - as the rule says
        """Use up one turn of the first rule for ``fault`` that fits, if there is one."""
        with self._lock:
            for rule in self._rules:
                if rule.fault == fault and rule.type in {None, type}:
                    rule.times -= 1
                    if rule.times <= 0:
                        self._rules.remove(rule)
                    return rule
        return None

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def _rule(self, wanted: object) -> Rule:
        if not isinstance(wanted, Mapping):
            raise UnknownRuleError("A rule is a JSON object with a fault, a type and times.")
        unknown = set(wanted) - {"fault", "type", "times", "seconds"}
        if unknown:
            raise UnknownRuleError(f"A rule has no field {', '.join(sorted(unknown))}.")
        if wanted.get("fault") not in self.known:
            raise UnknownRuleError(f"Unknown fault. Known are: {', '.join(sorted(self.known))}.")
        rule = Rule(**wanted)
        if type(rule.times) is not int or rule.times < 1:
            raise UnknownRuleError("times is a whole number from 1.")
        if type(rule.seconds) not in {int, float} or rule.seconds < 0:
            raise UnknownRuleError("seconds is a number from 0.")
        if rule.type is not None and not isinstance(rule.type, str):
            raise UnknownRuleError("type is an event type or null.")
        return rule
