"""When a consent is in force, and what stops when it is withdrawn."""

import enum
from datetime import date, timedelta
from typing import ClassVar

from shared.errors import Refusal


class Purpose(enum.StrEnum):
    """What a person agrees to, for one organisation at a time."""

    ASSESSMENT = "assessment"  # it contributes to the joint assessment, and is told of it
    SUPPORT_PLAN = "support_plan"  # it takes part in the plan, and is told of it
    QUOTE = "quote"  # it may quote the person's own words


# What a body has to read for: a quote is read to it.
READING = frozenset({Purpose.ASSESSMENT, Purpose.SUPPORT_PLAN})


class ConsentNotInForceError(Refusal):
    """The person has not agreed to this for this organisation, or not any more."""

    code = "consent_not_in_force"
    next_step: ClassVar[str] = (
        "Stop, and ask the person. If they agree, record their consent and send this again with"
        " a new id; what was agreed before stands in any case."
    )


class NothingToWithdrawError(Refusal):
    """There is no such consent in force, so nothing is shared on the ground of it."""

    code = "nothing_to_withdraw"
    next_step: ClassVar[str] = "Look at the case: it lists what the person agreed to, and when."


def is_in_force(
    *, given_on: date, ends_on: date | None, withdrawn_on: date | None, on_day: date
) -> bool:
    """Tell whether a consent holds on a day. On the day of its withdrawal it holds no more."""
    if on_day < given_on or (ends_on is not None and on_day > ends_on):
        return False
    return withdrawn_on is None or on_day < withdrawn_on


def last_day(*, ends_on: date | None, withdrawn_on: date | None) -> date | None:
    """Return the last day on which a consent holds; none: nobody knows it yet."""
    before = None if withdrawn_on is None else withdrawn_on - timedelta(days=1)
    return min((day for day in (ends_on, before) if day is not None), default=None)


def check_in_force(*, is_any_in_force: bool) -> None:
    if not is_any_in_force:
        raise ConsentNotInForceError("The person's consent to this is not in force.")


def check_anything_to_withdraw(*, count: int) -> None:
    if count == 0:
        raise NothingToWithdrawError("There is no such consent in force.")
