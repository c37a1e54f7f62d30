"""Faults on demand: rules that say what goes wrong, when, for whom and how often."""

import random
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

DELIVERY_FAULTS = frozenset(
    {
        "duplicate_event",
        "drop_event",
        "delay_event",
        "reorder_event",
        "reset_connection",
        "bad_signature",
    }
)
FIELDS = frozenset(
    {"fault", "type", "card", "nth", "probability", "times", "seconds", "variant", "amount"}
)
TEXTS = ("type", "card", "variant")


class UnknownRuleError(ValueError):
    """A rule that cannot be followed. The text says what a rule may hold."""


@dataclass(slots=True, kw_only=True)
class Rule:
    """One thing that shall go wrong, ``times`` more times."""

    fault: str
    type: str | None = None  # only for this event type; None: whatever comes
    card: str | None = None  # only for this card
    nth: int = 1  # the first of those that fit to go wrong; 3 lets two pass
    probability: float = 1.0  # of each that fits
    times: int = 1
    seconds: float = 1.0  # how long, where the fault is a delay
    variant: str | None = None  # which of several ways to go wrong
    amount: int | None = None  # how much, where the fault is about money or a number of things


@dataclass(slots=True)
class _Waiting:
    rule: Rule
    passed: int = field(default=0)  # how many fitted so far


class Faults:
    """The rules in force, taken in the order in which they were set.

    Args:
        known: the faults' names.
        variants: the ways in which a fault can happen, the first of them unless a rule says.
        chance: what decides where a rule has a probability.
    """

    def __init__(
        self,
        *,
        known: Collection[str],
        variants: Mapping[str, tuple[str, ...]] | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.known = frozenset(known)
        self.variants = variants or {}
        self._chance = chance or random.SystemRandom()
        self._waiting: list[_Waiting] = []
        self._lock = Lock()

    def add(self, wanted: object) -> None:
        """Set a rule, or a list of rules, from JSON: all of them or none.

        Raises:
            UnknownRuleError: not a rule, or a fault that this simulator does not know.
        """
        rules = [self._rule(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
        with self._lock:
            self._waiting.extend(map(_Waiting, rules))

    def take(
        self,
        fault: str,
        *,
        type: str | None = None,  # noqa: A002 - as the rule says
        card: str | None = None,
        variants: Collection[str] = (),
    ) -> Rule | None:
        """Use up one turn of the first rule for ``fault`` whose turn it is, if there is one.

        Args:
            fault: its name.
            type: of the event at hand.
            card: that the event at hand is about.
            variants: only these; none named: every one.
        """
        if not self._waiting:
            return None
        with self._lock:
            for waiting in self._waiting:
                rule = waiting.rule
                if rule.fault != fault or (variants and rule.variant not in variants):
                    continue
                if rule.type in {None, type} and rule.card in {None, card}:
                    waiting.passed += 1
                    if waiting.passed < rule.nth or self._chance.random() >= rule.probability:
                        continue
                    rule.times -= 1
                    if rule.times <= 0:
                        self._waiting.remove(waiting)
                    return rule
        return None

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(one.rule) for one in self._waiting]

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def _rule(self, wanted: object) -> Rule:
        if not isinstance(wanted, Mapping):
            raise UnknownRuleError("A rule is a JSON object with a fault, a type and times.")
        unknown = set(wanted) - FIELDS
        if unknown:
            raise UnknownRuleError(f"A rule has no field {', '.join(sorted(unknown))}.")
        if wanted.get("fault") not in self.known:
            raise UnknownRuleError(f"Unknown fault. Known are: {', '.join(sorted(self.known))}.")
        rule = Rule(**wanted)
        _check_numbers(rule)
        for name in TEXTS:
            if not isinstance(getattr(rule, name), str | None):
                raise UnknownRuleError(f"{name} is a text or null.")
        possible = self.variants.get(rule.fault, ())
        if rule.variant is None:
            rule.variant = possible[0] if possible else None
        elif rule.variant not in possible:
            raise UnknownRuleError(
                f"Unknown variant of {rule.fault}. Known are: {', '.join(possible) or 'none'}."
            )
        return rule


def _check_numbers(rule: Rule) -> None:
    for name in ("times", "nth"):
        if type(getattr(rule, name)) is not int or getattr(rule, name) < 1:
            raise UnknownRuleError(f"{name} is a whole number from 1.")
    if type(rule.seconds) not in {int, float} or rule.seconds < 0:
        raise UnknownRuleError("seconds is a number from 0.")
    if type(rule.probability) not in {int, float} or not 0 < rule.probability <= 1:
        raise UnknownRuleError("probability is a number above 0, up to 1.")
    if rule.amount is not None and (type(rule.amount) is not int or rule.amount < 1):
        raise UnknownRuleError("amount is a whole number from 1, or null.")
