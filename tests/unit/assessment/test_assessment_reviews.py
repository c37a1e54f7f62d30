"""When a plan is looked at again, and what a meeting must not leave out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.reviews import rules
from services.assessment.reviews.rules import CLOCKS

APPROVED = date(2026, 11, 24)
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31))
PAYERS = st.sets(st.sampled_from(["joint", "nhs", "council"]))


def names(payers, *, has_direct_payment=False):
    clocks = rules.clocks_for(payers=payers, has_direct_payment=has_direct_payment)
    return {clock.name for clock in clocks}


@pytest.mark.parametrize(
    ("payers", "has_direct_payment", "applies"),
    [
        ({"joint"}, False, {"care_plan", "nhs_budget"}),
        ({"council"}, False, {"care_plan"}),
        ({"council"}, True, {"care_plan", "council_direct_payment"}),
        ({"nhs"}, False, {"nhs_budget"}),
        ({"nhs"}, True, {"nhs_budget", "nhs_direct_payment"}),
        (set(), False, {"plan_without_money"}),
    ],
)
def test_who_pays_and_how_says_which_rules_apply(payers, has_direct_payment, applies):
    assert names(payers, has_direct_payment=has_direct_payment) == applies


def test_a_joint_budget_is_looked_at_after_six_to_eight_weeks_and_that_answers_every_rule():
    clocks = rules.clocks_for(payers={"joint"}, has_direct_payment=True)

    planned = rules.first_review(clocks, approved_on=APPROVED)

    assert planned.opens_on == APPROVED + timedelta(weeks=6)
    assert planned.due_on == APPROVED + timedelta(weeks=8)
    assert set(planned.clocks) == {clock.name for clock in clocks}


def test_a_budget_of_the_nhs_alone_is_looked_at_within_three_months():
    clocks = rules.clocks_for(payers={"nhs"}, has_direct_payment=False)

    assert rules.first_review(clocks, approved_on=APPROVED).due_on == date(2027, 2, 23)


@given(payers=PAYERS, has_direct_payment=st.booleans(), approved_on=DAYS)
def test_the_first_review_is_never_later_than_any_rule_that_applies(
    payers, has_direct_payment, approved_on
):
    clocks = rules.clocks_for(payers=payers, has_direct_payment=has_direct_payment)

    planned = rules.first_review(clocks, approved_on=approved_on)

    assert approved_on <= planned.opens_on <= planned.due_on
    assert all(
        planned.due_on <= approved_on + timedelta(weeks=clock.first_within_weeks)
        for clock in clocks
    )


@given(payers=PAYERS, held_on=DAYS)
def test_after_a_meeting_the_plan_is_looked_at_within_a_year(payers, held_on):
    clocks = rules.clocks_for(payers=payers, has_direct_payment=True)

    planned = rules.next_review(clocks, held_on=held_on)

    assert 365 <= (planned.due_on - held_on).days <= 366
    assert set(planned.clocks) == {clock.name for clock in clocks}


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
    ],
)
def test_months_end_where_they_end(day, months, after):
    assert rules.months_after(day, months) == after


def test_every_rule_says_where_it_comes_from_and_whether_somebody_confirmed_it():
    assert all(clock.source and isinstance(clock.is_confirmed, bool) for clock in CLOCKS)
    assert len({clock.name for clock in CLOCKS}) == len(CLOCKS)


def test_a_meeting_closes_a_review_from_the_day_on_which_it_may_be_held():
    assert not rules.is_closed_by(opens_on=APPROVED, held_on=APPROVED - timedelta(days=1))
    assert rules.is_closed_by(opens_on=APPROVED, held_on=APPROVED)


@pytest.mark.parametrize(
    ("held_on", "told", "refusal"),
    [
        (APPROVED + timedelta(days=1), ["Sleep"], rules.HeldInFutureError),
        (APPROVED, ["Sleep", "Fly"], rules.GoalUnknownError),
        (APPROVED, [], rules.GoalsMissingError),
    ],
)
def test_a_meeting_asks_about_each_goal_of_the_plan_and_no_other(held_on, told, refusal):
    with pytest.raises(refusal):
        rules.check_meeting(held_on=held_on, today=APPROVED, goals={"Sleep"}, told=told)


@given(due_on=DAYS, admitted_on=DAYS, stay=st.none() | st.integers(min_value=0, max_value=400))
def test_an_admission_never_brings_a_review_forward_nor_into_the_stay(due_on, admitted_on, stay):
    expected = None if stay is None else admitted_on + timedelta(days=stay)

    moved = rules.due_after_admission(
        due_on=due_on, admitted_on=admitted_on, expected_discharge_on=expected
    )

    assert moved >= due_on
    assert moved > (expected or admitted_on)


@given(due_on=DAYS, discharged_on=DAYS)
def test_a_discharge_never_puts_a_review_off(due_on, discharged_on):
    moved = rules.due_after_discharge(due_on=due_on, discharged_on=discharged_on)

    assert moved <= due_on
    assert moved <= discharged_on + timedelta(days=14)
