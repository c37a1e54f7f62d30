"""When a stream runs and what it moves: no drift, no penny lost, nothing below nothing."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.allocations import rules
from services.budget.allocations.rules import (
    AllocationDatesWrongError,
    AllocationEndedError,
    LastRun,
    Leftover,
    LeftoverWrongError,
    Period,
    Recurrence,
    Standing,
    Stream,
)

FUNDER = UUID(int=1)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2120, 12, 31))
PENCE = st.integers(min_value=0, max_value=10**9)
TODAY = date(2026, 11, 24)


def a_stream(**changes):
    given_ = {
        "allocation_id": UUID(int=2),
        "budget_id": UUID(int=3),
        "funder_id": FUNDER,
        "recurrence": Recurrence.WEEK,
        "amount_pence": 50_00,
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(weeks=5),
        "leftover": Leftover.CARRY,
        "keep_weeks": None,
    }
    return Stream(**(given_ | changes))


def a_run(**changes):
    given_ = {
        "allocated_pence": 50_00,
        "short_pence": 0,
        "next_on": TODAY + timedelta(weeks=1),
        "is_closing": False,
    }
    return LastRun(**(given_ | changes))


@st.composite
def streams(draw):
    recurrence = draw(st.sampled_from(Recurrence))
    leftover = draw(st.sampled_from(Leftover))
    if recurrence is Recurrence.ONCE and leftover is Leftover.CLAW:
        leftover = Leftover.CARRY
    starts_on = draw(DAYS)
    return a_stream(
        recurrence=recurrence,
        amount_pence=draw(st.integers(min_value=1, max_value=10**6)),
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=draw(st.integers(min_value=1, max_value=400))),
        leftover=leftover,
        keep_weeks=draw(st.integers(0, 53)) if leftover is Leftover.CLAW else None,
    )


@given(starts_on=DAYS, number=st.integers(min_value=0, max_value=600))
def test_a_month_has_one_period_on_its_day_or_its_last_and_never_drifts(starts_on, number):
    day = rules.start_of_period(starts_on, Recurrence.MONTH, number)

    assert day.year * 12 + day.month == starts_on.year * 12 + starts_on.month + number
    assert day.day <= starts_on.day
    if day.day < starts_on.day:
        assert (day + timedelta(days=1)).day == 1


def test_the_31st_falls_on_the_last_day_of_shorter_months():
    days = [rules.start_of_period(date(2027, 1, 31), Recurrence.MONTH, n) for n in range(5)]

    assert [(day.month, day.day) for day in days] == [(1, 31), (2, 28), (3, 31), (4, 30), (5, 31)]
    leap = rules.start_of_period(date(2027, 1, 31), Recurrence.MONTH, 13)
    assert leap == date(2028, 2, 29)


@given(stream=streams(), number=st.integers(min_value=0, max_value=500))
def test_the_period_after_one_is_the_next_of_the_stream(stream, number):
    day = rules.start_of_period(stream.starts_on, stream.recurrence, number)

    following = rules.next_start(stream, day)

    if stream.recurrence is Recurrence.ONCE:
        assert following is None
    else:
        after = rules.start_of_period(stream.starts_on, stream.recurrence, number + 1)
        assert following == after
        assert following > day


@given(stream=streams(), days=st.lists(st.integers(0, 500), min_size=1, max_size=5))
def test_however_often_it_is_looked_each_period_is_due_once(stream, days):
    """Looked at on some days one after the other, or at once on the last of them."""
    last, step_by_step = None, []
    for day in sorted(days):
        for period in rules.due(stream, last, on=stream.starts_on + timedelta(days=day)):
            step_by_step.append(period)
            made, _ = rules.make(
                stream, period, last=last, standing=Standing(unallocated_pence=0, left_pence=0)
            )
            last = rules.as_last(made)

    at_once = list(rules.due(stream, None, on=stream.starts_on + timedelta(days=max(days))))

    assert step_by_step == at_once
    starts = [period.starts_on for period in at_once]
    assert starts == sorted(set(starts))
    assert all(one.starts_on < stream.ends_on for one in at_once if not one.is_closing)
    assert all(one.starts_on == stream.ends_on for one in at_once if one.is_closing)
    assert not any(one.is_closing for one in at_once) or stream.leftover is not Leftover.CARRY


def test_a_stream_that_never_ran_has_nothing_to_close():
    stream = a_stream(leftover=Leftover.LAPSE, ends_on=TODAY)

    assert list(rules.due(stream, None, on=TODAY + timedelta(days=9))) == []


def test_what_runs_once_and_has_no_end_runs_once():
    stream = a_stream(recurrence=Recurrence.ONCE, ends_on=None)

    (only,) = rules.due(stream, None, on=TODAY)
    assert only == Period(starts_on=TODAY, is_closing=False)
    assert list(rules.due(stream, a_run(next_on=None), on=date(2030, 1, 1))) == []


def test_runs_that_are_made_late_take_back_no_more_than_each_in_its_time():
    """37 pence become usable each week and lapse; 14 more are kept for a crisis and not there."""
    stream = a_stream(leftover=Leftover.LAPSE, amount_pence=37)
    standing, last = Standing(unallocated_pence=100, left_pence=-14), None

    for number in range(2):
        period = Period(starts_on=TODAY + timedelta(weeks=number), is_closing=False)
        made, standing = rules.make(stream, period, last=last, standing=standing)
        last = rules.as_last(made)

    assert made.taken_back_pence == 37 - 14


@given(
    stream=streams(),
    last=st.none() | st.builds(a_run, allocated_pence=PENCE, short_pence=PENCE),
    unallocated_pence=PENCE,
    left_pence=PENCE | PENCE.map(lambda pence: -pence),
    is_closing=st.booleans(),
)
def test_a_run_loses_no_penny_and_overdraws_nothing(
    stream, last, unallocated_pence, left_pence, is_closing
):
    is_closing = is_closing and stream.leftover is not Leftover.CARRY
    before = Standing(unallocated_pence=unallocated_pence, left_pence=left_pence)

    made, after = rules.make(
        stream, Period(starts_on=TODAY, is_closing=is_closing), last=last, standing=before
    )

    assert after.unallocated_pence + after.left_pence == unallocated_pence + left_pence
    assert after.unallocated_pence >= 0
    assert after.left_pence >= min(0, left_pence)
    assert 0 <= made.taken_back_pence <= max(0, left_pence)
    step = made.allocated_pence - made.taken_back_pence
    assert after.left_pence - left_pence == step
    wanted = 0 if is_closing else stream.amount_pence
    if last and stream.leftover is Leftover.CARRY:
        wanted += last.short_pence
    assert made.allocated_pence + made.short_pence == wanted
    assert made.short_pence == 0 or after.unallocated_pence == 0
    assert made.reason
    came_to = dict.fromkeys(("available", "unallocated"), 0)
    for entry in rules.run_entries(made):
        assert entry.amount_pence > 0
        came_to[entry.credit] += entry.amount_pence
        came_to[entry.debit] -= entry.amount_pence
    assert came_to == {"available": step, "unallocated": -step}


@given(free_pence=PENCE, allocated_pence=PENCE)
def test_no_more_lapses_than_the_last_run_made_usable_and_than_is_free(free_pence, allocated_pence):
    stream = a_stream(leftover=Leftover.LAPSE)
    last = a_run(allocated_pence=allocated_pence)

    taken = rules.taken_back_pence(stream, last, free_pence=free_pence)

    assert taken == min(free_pence, allocated_pence)
    assert rules.taken_back_pence(stream, None, free_pence=free_pence) == 0


@pytest.mark.parametrize(
    ("recurrence", "keep_weeks", "kept_pence"),
    [
        (Recurrence.WEEK, 8, 400_00),
        (Recurrence.FOUR_WEEKS, 8, 100_00),
        (Recurrence.FOUR_WEEKS, 3, 37_50),
        (Recurrence.MONTH, 52, 600_00),
        (Recurrence.MONTH, 1, 11_54),  # 1153.8 pence: the odd penny stays
        (Recurrence.WEEK, 0, 0),
    ],
)
def test_what_may_be_kept_is_so_many_weeks_of_the_stream(recurrence, keep_weeks, kept_pence):
    stream = a_stream(recurrence=recurrence, leftover=Leftover.CLAW, keep_weeks=keep_weeks)

    assert rules.kept_pence(stream) == kept_pence
    taken = rules.taken_back_pence(stream, a_run(), free_pence=kept_pence + 5)
    assert taken == 5
    assert rules.taken_back_pence(stream, a_run(), free_pence=kept_pence) == 0


@pytest.mark.parametrize(
    ("ends_on", "is_once"), [(None, True), (date(2026, 11, 25), True), (date(2026, 11, 25), False)]
)
def test_days_that_follow_are_taken(ends_on, is_once):
    rules.see_that_days_follow(starts_on=TODAY, ends_on=ends_on, is_once=is_once)


@pytest.mark.parametrize(("ends_on", "is_once"), [(None, False), (TODAY, True), (TODAY, False)])
def test_days_that_do_not_follow_are_refused(ends_on, is_once):
    with pytest.raises(AllocationDatesWrongError):
        rules.see_that_days_follow(starts_on=TODAY, ends_on=ends_on, is_once=is_once)


def test_days_that_are_over_or_ahead_are_refused():
    rules.see_that_it_is_not_past(TODAY, today=TODAY)
    rules.see_that_it_is_not_ahead(TODAY, today=TODAY)
    with pytest.raises(AllocationDatesWrongError):
        rules.see_that_it_is_not_past(TODAY - timedelta(days=1), today=TODAY)
    with pytest.raises(AllocationDatesWrongError):
        rules.see_that_it_is_not_ahead(TODAY + timedelta(days=1), today=TODAY)


@pytest.mark.parametrize(
    ("leftover", "keep_weeks", "is_once", "has_end"),
    [
        (Leftover.CLAW, None, False, True),
        (Leftover.CARRY, 1, False, True),
        (Leftover.LAPSE, 1, False, True),
        (Leftover.CLAW, 1, True, True),
        (Leftover.LAPSE, None, True, False),
    ],
)
def test_a_rule_for_leftovers_that_fits_no_stream_is_refused(
    leftover, keep_weeks, is_once, has_end
):
    with pytest.raises(LeftoverWrongError):
        rules.see_that_leftover_fits(
            leftover, keep_weeks=keep_weeks, is_once=is_once, has_end=has_end
        )


@pytest.mark.parametrize(
    ("leftover", "keep_weeks", "is_once", "has_end"),
    [
        (Leftover.CLAW, 0, False, True),
        (Leftover.CARRY, None, True, False),
        (Leftover.LAPSE, None, True, True),
        (Leftover.LAPSE, None, False, True),
    ],
)
def test_a_rule_for_leftovers_that_fits_is_taken(leftover, keep_weeks, is_once, has_end):
    rules.see_that_leftover_fits(leftover, keep_weeks=keep_weeks, is_once=is_once, has_end=has_end)


@pytest.mark.parametrize("stream_ends_on", [None, TODAY + timedelta(days=2)])
def test_a_stream_can_end_from_tomorrow_until_its_own_end(stream_ends_on):
    for days in (1, 2):
        rules.see_that_it_can_end(
            stream_ends_on=stream_ends_on, ends_on=TODAY + timedelta(days=days), today=TODAY
        )


@pytest.mark.parametrize(
    ("stream_ends_on", "ends_on", "error"),
    [
        (TODAY, TODAY + timedelta(days=1), AllocationEndedError),
        (None, TODAY, AllocationDatesWrongError),
        (TODAY + timedelta(days=2), TODAY + timedelta(days=3), AllocationDatesWrongError),
    ],
)
def test_an_end_on_another_day_is_refused(stream_ends_on, ends_on, error):
    with pytest.raises(error):
        rules.see_that_it_can_end(stream_ends_on=stream_ends_on, ends_on=ends_on, today=TODAY)
