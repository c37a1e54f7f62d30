"""When books are open, in which order they are closed, and for which day something counts."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.periods import rules
from services.budget.periods.rules import PeriodState, SnapshotLine

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))
MARCH, APRIL = date(2027, 3, 31), date(2027, 4, 1)
POOL = UUID("33333333-0000-4000-8000-000000000003")
PERIOD = UUID("44444444-0000-4000-8000-000000000004")


@pytest.mark.parametrize(("day", "year"), [(MARCH, 2026), (APRIL, 2027), (date(2027, 1, 1), 2026)])
def test_a_financial_year_starts_on_the_first_of_april(day, year):
    assert rules.financial_year_of(day) == year


@given(day=DAYS)
def test_every_day_lies_in_one_financial_year(day):
    year = rules.financial_year_of(day)

    assert rules.start_of_year(year) <= day < rules.start_of_year(year + 1)


@given(starts_on=DAYS, days=st.integers(min_value=-40, max_value=400))
def test_a_period_lies_within_one_financial_year_or_is_refused(starts_on, days):
    ends_on = starts_on + timedelta(days=days)
    last_day = ends_on - timedelta(days=1)
    years = {rules.financial_year_of(starts_on), rules.financial_year_of(last_day)}

    if days > 0 and len(years) == 1:
        rules.see_that_it_lies_in_a_year(starts_on=starts_on, ends_on=ends_on)
    else:
        with pytest.raises(rules.PeriodDatesWrongError):
            rules.see_that_it_lies_in_a_year(starts_on=starts_on, ends_on=ends_on)


def follows(starts_on, *, newest_ends_on=None, pool_ends_on=None, ends_on=date(2027, 5, 1)):
    rules.see_that_it_follows(
        starts_on=starts_on,
        ends_on=ends_on,
        newest_ends_on=newest_ends_on,
        pool_starts_on=date(2026, 4, 1),
        pool_ends_on=pool_ends_on,
    )


def test_a_period_starts_where_the_newest_ends_and_the_first_with_the_pool():
    follows(date(2026, 4, 1))
    follows(APRIL, newest_ends_on=APRIL, pool_ends_on=date(2027, 5, 1))
    for starts_on, newest_ends_on in ((MARCH, APRIL), (date(2027, 4, 2), APRIL), (APRIL, None)):
        with pytest.raises(rules.PeriodOrderError):
            follows(starts_on, newest_ends_on=newest_ends_on)


def test_a_period_ends_no_later_than_its_pool():
    with pytest.raises(rules.PeriodOutsidePoolError):
        follows(APRIL, newest_ends_on=APRIL, pool_ends_on=date(2027, 4, 30))


def test_a_period_is_over_on_the_day_after_its_last():
    rules.see_that_it_is_over(ends_on=APRIL, today=APRIL)
    with pytest.raises(rules.PeriodNotOverError):
        rules.see_that_it_is_over(ends_on=APRIL, today=MARCH)


def test_the_period_before_has_come_as_far_where_there_is_one():
    closed = (PeriodState.CLOSED,)
    rules.see_that_the_one_before_is(closed, state_before=None)
    rules.see_that_the_one_before_is(closed, state_before=PeriodState.CLOSED)
    with pytest.raises(rules.PeriodOrderError):
        rules.see_that_the_one_before_is(closed, state_before=PeriodState.CLOSING)


def test_nothing_may_be_missing_when_a_period_is_closed_for_good():
    rules.see_that_nothing_is_missing(signatures=0, in_suspense=0)
    with pytest.raises(rules.PeriodNotSignedError) as unsigned:
        rules.see_that_nothing_is_missing(signatures=2, in_suspense=1)
    with pytest.raises(rules.SuspenseOpenError) as suspended:
        rules.see_that_nothing_is_missing(signatures=0, in_suspense=3)

    assert (unsigned.value.code, unsigned.value.details) == ("signature_missing", {"missing": 2})
    assert (suspended.value.code, suspended.value.details) == ("suspense_open", {"amounts": 3})


@pytest.mark.parametrize("approved_by", [[], ["ICB/finance"], ["icb/FINANCE ", " ICB/finance"]])
def test_who_approves_twice_is_still_one(approved_by):
    with pytest.raises(rules.SecondApproverRequiredError):
        rules.see_that_two_approve(actor="ICB/finance", approved_by=approved_by)


@pytest.mark.parametrize("other", ["ICB/director", "council/finance"])
def test_another_role_or_another_organisation_makes_two(other):
    rules.see_that_two_approve(actor="ICB/finance", approved_by=["ICB/finance", other])


@given(occurred_on=DAYS, today=DAYS, closed_until=st.none() | DAYS)
def test_nothing_counts_for_a_closed_day_and_nothing_is_moved_without_need(
    occurred_on, today, closed_until
):
    day = rules.day_it_counts_for(occurred_on=occurred_on, today=today, closed_until=closed_until)

    if closed_until is None or occurred_on >= closed_until:
        assert day == occurred_on
    else:
        assert day >= closed_until
        assert day in (today, closed_until)


def test_a_prior_period_item_counts_for_the_day_on_which_it_is_booked():
    day = rules.day_it_counts_for(
        occurred_on=date(2027, 3, 28), today=date(2027, 4, 15), closed_until=APRIL
    )

    assert day == date(2027, 4, 15)


LINES = st.lists(
    st.builds(
        SnapshotLine,
        account_id=st.integers(min_value=1, max_value=99),
        opening_pence=st.integers(),
        debits_pence=st.integers(min_value=0),
        credits_pence=st.integers(min_value=0),
        closing_pence=st.integers(),
        held_pence=st.integers(min_value=0),
    ),
    max_size=4,
)


def hashed(lines, **changes):
    given_ = {"pool_id": POOL, "period_id": PERIOD, "version": 1, "last_seq": 7}
    days = {"starts_on": MARCH, "ends_on": APRIL}
    return rules.snapshot_hash(lines=lines, **(given_ | days | changes))


@given(one=LINES, another=LINES)
def test_two_snapshots_have_one_hash_only_when_they_say_the_same(one, another):
    assert (hashed(one) == hashed(another)) is (one == another)


@pytest.mark.parametrize(
    "changes", [{"version": 2}, {"last_seq": 8}, {"ends_on": date(2027, 4, 2)}, {"pool_id": PERIOD}]
)
def test_what_a_snapshot_is_of_is_in_its_hash(changes):
    assert hashed([], **changes) != hashed([])


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (rules.PeriodNotFoundError, "period_not_found"),
        (rules.PeriodDiffersError, "id_reused"),
        (rules.PeriodDatesWrongError, "dates_wrong"),
        (rules.PeriodOutsidePoolError, "outside_pool"),
        (rules.PeriodOrderError, "period_order"),
        (rules.PeriodNotOverError, "period_not_over"),
        (rules.PeriodNotOpenError, "period_not_open"),
        (rules.PeriodNotClosingError, "period_not_closing"),
        (rules.PeriodNotClosedError, "period_not_closed"),
        (rules.SignerNotAPartnerError, "not_a_partner"),
        (rules.VerifyFailedError, "verify_failed"),
        (rules.SecondApproverRequiredError, "second_approver_required"),
        (rules.YearEndMadeError, "year_end_made"),
    ],
)
def test_every_refusal_about_a_period_has_a_code_and_says_what_to_do_next(refusal, code):
    answer = refusal("It is so.").as_answer()

    assert answer["code"] == code
    assert answer["next_step"].endswith(".")
