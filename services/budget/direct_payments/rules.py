"""When direct payments are due, and what of them is shown to be spent or comes back."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from services.budget.accounts.rules import AccountKind, Entry, account_name
from services.budget.allocations.rules import Recurrence as EveryRecurrence
from services.budget.allocations.rules import start_of_period
from shared.errors import NotFoundError, Refusal
from shared.money import divide

WITH_PERSON = account_name(AccountKind.WITH_PERSON)
EVIDENCED = account_name(AccountKind.EVIDENCED)
# After so long a payment that nothing was shown for is told of. Local policy: the National Health
# Service (Direct Payments) Regulations 2013 ask for reviews after three months and each year.
OVERDUE_AFTER = timedelta(weeks=12)


class Recurrence(enum.StrEnum):
    """How often a direct payment is made."""

    WEEK = "week"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"


class ScheduleDatesWrongError(Refusal):
    """A schedule would end before it starts."""

    code = "dates_wrong"
    next_step = "Let it end after the day on which it starts."


class ScheduleBeforeNewestError(Refusal):
    """Another schedule of the item starts on a later day, or the same."""

    code = "schedule_before_newest"
    next_step = "Let it start after the day on which the newest schedule of the item starts."


class NotDueYetError(Refusal):
    """The day has not come."""

    code = "not_due_yet"
    next_step = "Ask for today or a day that is past."


class DirectPaymentNotFoundError(NotFoundError):
    """There is no such direct payment."""

    code = "direct_payment_not_found"


class ReturnExceedsPaidError(Refusal):
    """More would be shown, or come back, than is with the person."""

    code = "return_exceeds_paid"
    next_step = "Look up in money_routes what is still with the person for this item."

    def __init__(self, *, amount_pence: int, with_person_pence: int) -> None:
        super().__init__(
            "There is not so much of this with the person.",
            amount_pence=amount_pence,
            with_person_pence=with_person_pence,
        )


def see_that_dates_follow(*, starts_on: date, ends_on: date, newest_starts_on: date | None) -> None:
    """Look whether a schedule has days, and comes after the one before it, which it ends.

    Raises:
        ScheduleDatesWrongError: it has none.
        ScheduleBeforeNewestError: it would change what is scheduled for days before.
    """
    if ends_on <= starts_on:
        raise ScheduleDatesWrongError("It would end before it starts.")
    if newest_starts_on is not None and starts_on <= newest_starts_on:
        raise ScheduleBeforeNewestError(
            "A schedule of this item starts later.", newest_starts_on=newest_starts_on.isoformat()
        )


def see_that_it_has_come(day: date, *, today: date) -> None:
    """Look whether a day is not to come.

    Raises:
        NotDueYetError: it is.
    """
    if day > today:
        raise NotDueYetError("This day has not come.", today=today.isoformat())


def see_that_it_is_there(amount_pence: int, there: Mapping[UUID, int]) -> None:
    """Look whether so much of an item's money is with the person.

    Raises:
        ReturnExceedsPaidError: it is not.
    """
    with_person_pence = sum(there.values())
    if amount_pence > with_person_pence:
        raise ReturnExceedsPaidError(amount_pence=amount_pence, with_person_pence=with_person_pence)


def period_start(starts_on: date, recurrence: Recurrence, number: int) -> date:
    """Return the first day of a period; the first one has the number 0.

    Months are counted from the day on which the schedule starts: one that starts on the 31st is
    paid on the last day of a shorter month, and on the 31st again after it.
    """
    return start_of_period(starts_on, EveryRecurrence(recurrence.value), number)


def due_periods(
    starts_on: date, recurrence: Recurrence, *, ends_on: date, on: date
) -> Iterator[date]:
    """Yield the first day of each period that is due on a day, which is when it is paid.

    Args:
        starts_on: the first day of the schedule.
        recurrence: how often.
        ends_on: the first day for which nothing is paid.
        on: the day.
    """
    number = 0
    while (start := period_start(starts_on, recurrence, number)) <= on and start < ends_on:
        yield start
        number += 1


def payment_id(schedule_id: UUID, period_starts_on: date) -> UUID:
    """Return the id of the payment for a period: always the same, so it is made once."""
    return uuid5(schedule_id, period_starts_on.isoformat())


def evidence_entries(amount_pence: int, there: Mapping[UUID, int]) -> list[Entry]:
    """Return the entries of money that was shown to be spent.

    Args:
        amount_pence: no more than is there.
        there: what each funder has with the person for the item, in pence.
    """
    parts = divide(amount_pence=amount_pence, weights=there)
    return [
        Entry(funder_id=funder_id, debit=WITH_PERSON, credit=EVIDENCED, amount_pence=pence)
        for funder_id, pence in parts.items()
        if pence
    ]


def advances_that_fit(
    steps: Mapping[UUID, int],
    advances: Mapping[UUID, int],
    *,
    there: Mapping[UUID, int],
    host_id: UUID,
) -> Mapping[UUID, int]:
    """Return what of money that comes back goes to the host for what it advanced.

    Money comes back out of the books in which it is. As a rule that is along the portions. Where
    shares were decided otherwise since, or odd pennies were shown before, a book has less than its
    portion falls by: then it comes back by where it is, and what a funder gets beyond or short of
    its portion is due between it and the host.

    Args:
        steps: by how much each funder's portion falls, in pence below nothing.
        advances: what of that goes back to the host by the portions; below nothing, too.
        there: what each book has with the person for the item.
        host_id: the partner who pays for all.

    Raises:
        ReturnExceedsPaidError: the books of this payment have less.
    """
    falls = {one: advances[one] - step for one, step in steps.items() if one != host_id}
    falls[host_id] = -steps.get(host_id, 0) - sum(advances.values())
    if all(fall <= there.get(one, 0) for one, fall in falls.items()):
        return advances
    amount_pence = -sum(steps.values())
    weights = {one: there.get(one, 0) for one in falls}
    see_that_it_is_there(amount_pence, weights)
    by_place = divide(amount_pence=amount_pence, weights=weights)
    return {one: 0 if one == host_id else step + by_place[one] for one, step in steps.items()}


def since(payments: Sequence[tuple[date, int]], *, evidenced_pence: int) -> date | None:
    """Return the day of the oldest payment of which something is not evidenced, if there is one.

    Args:
        payments: day and pence of each, net of what came back, the oldest first.
        evidenced_pence: what was shown to be spent; it counts for the oldest payments first.
    """
    for day, pence in payments:
        evidenced_pence -= pence
        if evidenced_pence < 0:
            return day
    return None
