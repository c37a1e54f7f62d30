"""When a review is held, what it closes, and what is asked at it."""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from shared.errors import Refusal

# Local policy: anybody who worries gets a rapid review within so many working days.
RAPID_WITHIN_WORKING_DAYS = 2
# Local policy: after a stay in hospital needs may have changed.
AFTER_DISCHARGE_WITHIN_DAYS = 14
# Local policy: how long a stay is taken to be of which nobody can say when it ends.
STAY_OF_UNKNOWN_LENGTH_DAYS = 28
HIGHEST_RATING = 10


class ReviewKind(enum.StrEnum):
    RAPID = "rapid"
    PLANNED = "planned"


class AskedBy(enum.StrEnum):
    """Who may ask for a rapid review: anybody. Nobody has to show that it is needed."""

    PERSON = "person"
    FAMILY = "family"  # or a friend, a carer
    NOMINEE = "nominee"
    WORKER = "worker"
    PARTNER = "partner"  # another organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One rule that says when a plan is looked at again: first, and then every so often."""

    name: str
    source: str
    is_confirmed: bool  # False: to be confirmed by the organisation that uses it
    payers: frozenset[str]  # it applies where one of these pays for something
    only_direct: bool  # it applies to direct payments only
    first_within_weeks: int  # after the approval
    first_not_before_weeks: int
    then_within_months: int = 12


# Whoever runs this confirms each against the law in force. The earliest that applies counts.
CLOCKS: tuple[Clock, ...] = (
    Clock(
        name="care_plan",
        source="Care and support statutory guidance 13.32: a light touch after six to eight weeks,"
        " then at least every twelve months",
        is_confirmed=False,
        payers=frozenset({"joint", "council"}),
        only_direct=False,
        first_within_weeks=8,
        first_not_before_weeks=6,
    ),
    Clock(
        name="nhs_budget",
        source="NHS practice for personal health budgets, after the National Framework for NHS"
        " continuing healthcare: within three months, then every twelve",
        is_confirmed=False,
        payers=frozenset({"joint", "nhs"}),
        only_direct=False,
        first_within_weeks=13,
        first_not_before_weeks=0,
    ),
    Clock(
        name="nhs_direct_payment",
        source="National Health Service (Direct Payments) Regulations 2013, SI 2013/1617, reg. 14:"
        " within three months, then every twelve",
        is_confirmed=False,
        payers=frozenset({"joint", "nhs"}),
        only_direct=True,
        first_within_weeks=13,
        first_not_before_weeks=0,
    ),
    Clock(
        name="council_direct_payment",
        source="Care and Support (Direct Payments) Regulations 2014, SI 2014/2871, reg. 7:"
        " within six months, then every twelve",
        is_confirmed=False,
        payers=frozenset({"joint", "council"}),
        only_direct=True,
        first_within_weeks=26,
        first_not_before_weeks=0,
    ),
    Clock(
        name="plan_without_money",
        source="Local policy: what was agreed without money is looked at, too",
        is_confirmed=False,
        payers=frozenset(),  # nobody pays
        only_direct=False,
        first_within_weeks=8,
        first_not_before_weeks=6,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One joint review: between which days it is held, and which rules it answers."""

    opens_on: date
    due_on: date
    clocks: tuple[str, ...]  # the earliest first


class HeldInFutureError(Refusal):
    """What was said at a review is known when it was held."""

    code = "held_in_future"
    next_step: ClassVar[str] = "Check held_on."


class GoalUnknownError(Refusal):
    """The approved plan has no such goal."""

    code = "goal_unknown"
    next_step: ClassVar[str] = "Give what came of each goal in the words of the approved plan."


class GoalsMissingError(Refusal):
    """Something was not asked: a review looks at each goal of the plan."""

    code = "goals_missing"
    next_step: ClassVar[str] = (
        "Ask the person what came of each goal of the plan, and give it in their own words."
    )


class NothingToReviewError(Refusal):
    """No review of this case is open on that day."""

    code = "no_review_open"
    next_step: ClassVar[str] = "Ask for a rapid review first; anybody may, at any time."


def clocks_for(*, payers: Collection[str], has_direct_payment: bool) -> list[Clock]:
    """Return the rules that apply to a plan.

    Args:
        payers: who pays for something in it: joint, nhs, council; nobody in a plan without money.
        has_direct_payment: some of it is paid to the person or their nominee.
    """
    if not payers:
        return [clock for clock in CLOCKS if not clock.payers]
    return [
        clock
        for clock in CLOCKS
        if clock.payers & set(payers) and (has_direct_payment or not clock.only_direct)
    ]


def first_review(clocks: Iterable[Clock], *, approved_on: date) -> Planned:
    """Return the first joint review after an approval: the earliest that a rule asks for.

    It answers every rule that allows it by then, so that the person is asked once.
    """
    by_day = sorted(clocks, key=lambda clock: (clock.first_within_weeks, clock.name))
    earliest = by_day[0]
    due_on = approved_on + timedelta(weeks=earliest.first_within_weeks)
    return Planned(
        opens_on=approved_on + timedelta(weeks=earliest.first_not_before_weeks),
        due_on=due_on,
        clocks=tuple(
            clock.name
            for clock in by_day
            if clock.first_not_before_weeks <= earliest.first_within_weeks
        ),
    )


def next_review(clocks: Iterable[Clock], *, held_on: date) -> Planned:
    """Return the joint review after one that was held: it answered every rule."""
    by_day = sorted(clocks, key=lambda clock: (clock.then_within_months, clock.name))
    return Planned(
        opens_on=held_on,
        due_on=months_after(held_on, by_day[0].then_within_months),
        clocks=tuple(clock.name for clock in by_day),
    )


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(month)  # pragma: no cover - each month has a 28th


def is_closed_by(*, opens_on: date, held_on: date) -> bool:
    """Tell whether a meeting closes an open review: a rapid one is open once it was asked for."""
    return held_on >= opens_on


def check_meeting(*, held_on: date, today: date, goals: Collection[str], told: list[str]) -> None:
    """Refuse a meeting that was not held yet, or that left out what a review is for.

    Args:
        held_on: when it was.
        today: the day it is.
        goals: those of the approved plan, in the person's words; none before one is approved.
        told: of which goals the person said what came of them.
    """
    if held_on > today:
        raise HeldInFutureError("That day is yet to come.", field="held_on")
    unknown = [goal for goal in told if goal not in goals]
    if unknown:
        raise GoalUnknownError("The plan has no such goal.", field="goals")
    missing = set(goals) - set(told)
    if missing:
        raise GoalsMissingError(
            "Each goal of the plan is asked about.", field="goals", missing=len(missing)
        )


def due_after_admission(
    *, due_on: date, admitted_on: date, expected_discharge_on: date | None
) -> date:
    """Return by when a planned review is held of somebody who is in hospital.

    A review is held where the person lives and chooses: not before some days after the stay.
    The day is never brought forward here.
    """
    ends_on = expected_discharge_on or admitted_on + timedelta(days=STAY_OF_UNKNOWN_LENGTH_DAYS)
    return max(due_on, ends_on + timedelta(days=AFTER_DISCHARGE_WITHIN_DAYS))


def due_after_discharge(*, due_on: date, discharged_on: date) -> date:
    """Return by when the plan of somebody who left hospital is looked at: needs may differ.

    The day is never put off here.
    """
    return min(due_on, discharged_on + timedelta(days=AFTER_DISCHARGE_WITHIN_DAYS))
