"""When something may be lowered: only after it was explained, in writing, and shown."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import ClassVar

from shared.errors import Refusal

EXPLAIN_WITHIN_WORKING_DAYS = 5  # local policy, to be confirmed
COORDINATOR = "care_coordinator"


# What the answer to an offer says of a reduction that waits.
UNEXPLAINED = "reduction_unexplained"
EXPLAIN_DOMAINS = (
    "Record a preventive-effect statement that names these domains, and show it to the person."
)
EXPLAIN_AMOUNT = (
    "Record a statement without domains that says why the same needs come to less now, and show"
    " it to the person."
)


class DomainNotLoweredError(Refusal):
    """Nothing in this domain is held up, so there is nothing to explain."""

    code = "domain_not_lowered"
    next_step: ClassVar[str] = "Name the domains that the offer says are held up."


class NothingIsLoweredError(Refusal):
    """No reduction is held up in this case."""

    code = "nothing_is_lowered"
    next_step: ClassVar[str] = "Offer the budget first: it says what of it is held up."


class ShownOnImpossibleDayError(Refusal):
    """Nobody can have seen the statement on that day."""

    code = "shown_on_impossible_day"
    next_step: ClassVar[str] = "Give the day on which the person saw it: not before it was written."


class InterpreterMissingError(Refusal):
    """The person needs an interpreter, and none was there."""

    code = "interpreter_missing"
    next_step: ClassVar[str] = (
        "Go through it with the person and an interpreter, and say who that was."
    )


def check_domains(domains: Iterable[str], *, held: Collection[str]) -> None:
    unlowered = sorted(set(domains) - set(held))
    if unlowered:
        raise DomainNotLoweredError(
            f"Nothing is held up in {', '.join(unlowered)}.", field="domains"
        )


def next_step(*, domains: Collection[str], is_amount_lower: bool) -> str:
    """Say what it takes to let a reduction go on: a statement for each thing that is lower."""
    steps = [EXPLAIN_DOMAINS] if domains else []
    return " ".join([*steps, EXPLAIN_AMOUNT] if is_amount_lower else steps)


def check_something_is_lowered(*, is_anything: bool) -> None:
    if not is_anything:
        raise NothingIsLoweredError("No reduction is held up in this case.")


def check_shown_on(shown_on: date, *, recorded_on: date, today: date) -> None:
    if not recorded_on <= shown_on <= today:
        raise ShownOnImpossibleDayError("The person cannot have seen it then.", field="shown_on")


def check_interpreter(*, is_required: bool, interpreter: str | None) -> None:
    if is_required and interpreter is None:
        raise InterpreterMissingError("The person needs an interpreter.", field="interpreter")
