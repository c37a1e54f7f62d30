"""When something is due again, and what a period leaves for it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.card_policies.rules import (
    SHIPPED,
    PolicyInThePastError,
    check_applies_from,
    tolerance_pence,
)
from services.payments.observed_cards.rules import CardKnownError, check_card
from services.payments.series import rules
from services.payments.series.rules import Every, Period, SeriesState, next_due, period_of

days = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(starts_on=days, every=st.sampled_from(Every), after=days)
def test_the_next_one_is_the_first_after_the_day_and_none_is_left_out(starts_on, every, after):
    due = next_due(starts_on=starts_on, every=every, after=after)

    assert due > after or due == starts_on
    if due > starts_on:
        day_before = due - timedelta(days=1)
        longest = 31 if every is Every.MONTH else rules.DAYS[every]
        assert next_due(starts_on=starts_on, every=every, after=day_before) == due
        assert due - after <= timedelta(days=longest)


@pytest.mark.parametrize(
    ("every", "after", "due"),
    [
        (Every.WEEK, "2026-01-31", "2026-02-07"),
        (Every.FORTNIGHT, "2026-02-01", "2026-02-14"),
        (Every.FOUR_WEEKS, "2026-01-31", "2026-02-28"),
        (Every.MONTH, "2026-01-31", "2026-02-28"),
        (Every.MONTH, "2026-02-28", "2026-03-31"),
        (Every.MONTH, "2027-12-31", "2028-01-31"),
        (Every.MONTH, "2025-12-01", "2026-01-31"),
    ],
)
def test_by_month_it_is_the_same_day_or_the_months_last(every, after, due):
    found = next_due(starts_on=date(2026, 1, 31), every=every, after=date.fromisoformat(after))

    assert found == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        (Period.WEEK, "2026-11-26", "2026-11-23", "2026-11-29"),
        (Period.MONTH, "2028-02-10", "2028-02-01", "2028-02-29"),
        (Period.YEAR, "2027-03-31", "2026-04-01", "2027-03-31"),
        (Period.YEAR, "2027-04-01", "2027-04-01", "2028-03-31"),
    ],
)
def test_the_periods_are_weeks_months_and_years_from_april(period, day, first, last):
    found = period_of(date.fromisoformat(day), period)

    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_period_is_spent_to_its_cap_and_no_further():
    rules.check_period(amount_pence=10_00, spent_pence=30_00, cap_pence=40_00)
    with pytest.raises(rules.PeriodCapReachedError) as refused:
        rules.check_period(amount_pence=10_01, spent_pence=30_00, cap_pence=40_00)
    assert refused.value.details == {"cap_pence": 40_00, "spent_pence": 30_00}


def test_a_series_begins_today_or_later_and_is_approved_while_it_has_not_ended():
    today = date(2026, 11, 24)
    rules.check_start(starts_on=today, today=today)
    with pytest.raises(rules.SeriesInThePastError):
        rules.check_start(starts_on=today - timedelta(days=1), today=today)
    with pytest.raises(rules.SeriesOverError):
        rules.check_approval(state=SeriesState.ENDED)
    rules.check_approval(state=SeriesState.ASKED)


@given(amount=st.integers(0, 10**8), points=st.integers(0, 10_000), cap=st.integers(0, 10**6))
def test_the_tolerance_is_a_share_of_the_amount_and_never_above_its_cap(amount, points, cap):
    policy = type(SHIPPED)(
        version=1,
        tolerance_basis_points=points,
        tolerance_cap_pence=cap,
        allowed_countries=None,
        locks_at_issuer=False,
        payments_of_a_card=6,
        close_after_days=30,
    )

    tolerance = tolerance_pence(policy, amount_pence=amount)

    assert 0 <= tolerance <= cap
    assert tolerance * 10_000 <= amount * points
    assert tolerance_pence(SHIPPED, amount_pence=amount) == 0


def test_a_card_policy_applies_from_today_or_later():
    today = date(2026, 11, 24)
    check_applies_from(today, today=today)
    with pytest.raises(PolicyInThePastError):
        check_applies_from(today - timedelta(days=1), today=today)


def test_who_has_a_card_themselves_is_no_staff_and_buys_what_the_plan_has_by_card():
    rules.check_holder(is_by_card=True, is_staff=False)

    with pytest.raises(rules.ItemNotByCardError):
        rules.check_holder(is_by_card=False, is_staff=False)
    with pytest.raises(rules.HolderIsStaffError):
        rules.check_holder(is_by_card=True, is_staff=True)


@pytest.mark.parametrize("every", rules.ALLOWANCE_PERIODS)
def test_an_allowance_is_over_before_the_ledger_lets_its_hold_go(every):
    assert rules.DAYS[every] < 30


def test_only_a_card_of_somebody_else_that_is_new_is_looked_on():
    check_card(is_ours=False, is_observed=False)

    for said in ({"is_ours": True, "is_observed": False}, {"is_ours": False, "is_observed": True}):
        with pytest.raises(CardKnownError):
            check_card(**said)


@given(
    starts_on=days,
    every=st.sampled_from(Every),
    period=st.sampled_from(Period),
    on=days,
    amount=st.integers(min_value=1, max_value=100_00),
    cap=st.integers(min_value=1, max_value=10_000_00),
)
def test_all_occurrences_of_a_period_keep_with_their_tolerances_within_its_cap(  # noqa: PLR0917
    starts_on, every, period, on, amount, cap
):
    within = period_of(on, period)
    times = rules.times_in_period(starts_on=starts_on, every=every, period=within)
    due = [
        within.first + timedelta(days=number)
        for number in range((within.last - within.first).days + 1)
    ]

    assert times == sum(
        day >= starts_on
        and next_due(starts_on=starts_on, every=every, after=day - timedelta(days=1)) == day
        for day in due
    )
    each = rules.most_tolerance_pence(amount_pence=amount, cap_pence=cap, times=times)
    assert each >= 0
    assert each == 0 or times * (amount + each) <= cap or times == 0
