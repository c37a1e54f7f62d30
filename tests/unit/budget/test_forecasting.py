"""Where spending is heading, and when that is told."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.forecasts import rules
from services.budget.forecasts.rules import ItemSpending, Outlook, Spending

STARTED_ON = date(2026, 4, 7)


def lessons(*, recent, spent=None, held=0, planned=520_00, is_once=False):
    return ItemSpending(
        planned_pence=planned,
        is_bought_once=is_once,
        spent_pence=recent if spent is None else spent,
        held_pence=held,
        recent_pence=recent,
    )


def after(weeks, *items, total=520_00):
    return rules.forecast(
        Spending(
            total_pence=total,
            started_on=STARTED_ON,
            on=STARTED_ON + timedelta(weeks=weeks, days=-1),
            items=items,
        )
    )


def test_the_pace_of_the_last_weeks_goes_on():
    found = after(20, lessons(spent=250_00, recent=80_00))

    # 80 pounds in 8 weeks are 10 a week; 32 weeks are left.
    assert (found.weekly_pence, found.pace_weeks, found.weeks_left) == (10_00, 8, 32)
    assert found.expected_pence == 250_00 + 320_00
    assert found.gap_pence == 50_00
    assert found.outlook is Outlook.ON_PLAN


@pytest.mark.parametrize(
    ("recent", "outlook"),
    [(48_00, Outlook.UNDERSPEND), (80_00, Outlook.ON_PLAN), (120_00, Outlook.OVERSPEND)],
)
def test_more_than_a_tenth_from_the_plan_is_an_outlook(recent, outlook):
    assert after(20, lessons(spent=200_00, recent=recent)).outlook is outlook


def test_four_weeks_go_by_before_anything_is_said():
    assert after(3, lessons(recent=300_00)).outlook is Outlook.TOO_EARLY
    assert after(4, lessons(recent=300_00)).outlook is Outlook.OVERSPEND
    assert after(0, lessons(recent=300_00)).weekly_pence == 0


def test_what_is_bought_once_has_no_pace():
    bought = after(10, lessons(recent=500_00, is_once=True))
    not_yet = after(10, lessons(recent=0, is_once=True))

    assert (bought.expected_pence, bought.outlook) == (500_00, Outlook.ON_PLAN)
    assert (not_yet.expected_pence, not_yet.outlook) == (520_00, Outlook.ON_PLAN)


def test_what_the_plan_has_no_more_has_cost_what_it_has_cost():
    found = after(10, lessons(recent=100_00, planned=0), lessons(recent=0, is_once=True))

    assert found.expected_pence == 100_00 + 520_00


def test_what_is_held_is_spent_whatever_the_pace_was():
    assert after(50, lessons(recent=8_00, spent=400_00, held=90_00)).expected_pence == 490_00
    assert after(52, lessons(recent=8_00, spent=400_00)).expected_pence == 400_00


def test_its_assumptions_are_said():
    assert after(20, lessons(spent=250_00, recent=80_00)).assumptions[:2] == (
        "The plan lasts 52 weeks; 32 are left.",
        "What is bought again and again costs £10.00 a week, as of late.",
    )


def test_the_weeks_that_count_are_the_last_eight_or_all_there_are():
    assert rules.pace_starts_on(started_on=STARTED_ON, on=date(2026, 12, 1)) == date(2026, 10, 6)
    assert rules.pace_starts_on(started_on=STARTED_ON, on=date(2026, 4, 20)) == date(2026, 4, 6)


def expecting(pence):
    return after(20, lessons(spent=pence, recent=0), total=1_000)


@pytest.mark.parametrize(
    ("before", "expected", "told"),
    [
        (Outlook.TOO_EARLY, 1_000, Outlook.ON_PLAN),
        (Outlook.ON_PLAN, 1_100, Outlook.ON_PLAN),
        (Outlook.ON_PLAN, 1_101, Outlook.OVERSPEND),
        (Outlook.OVERSPEND, 1_060, Outlook.OVERSPEND),  # not yet well within the plan
        (Outlook.OVERSPEND, 1_050, Outlook.ON_PLAN),
        (Outlook.OVERSPEND, 899, Outlook.UNDERSPEND),
        (Outlook.UNDERSPEND, 940, Outlook.UNDERSPEND),
        (Outlook.UNDERSPEND, 950, Outlook.ON_PLAN),
        (Outlook.UNDERSPEND, 1_060, Outlook.ON_PLAN),
    ],
)
def test_what_was_told_is_held_on_to_until_it_is_well_over(before, expected, told):
    assert rules.told_outlook(before, expecting(expected)) is told


def test_what_is_too_early_changes_nothing():
    too_early = after(1, lessons(recent=0))

    assert rules.told_outlook(Outlook.OVERSPEND, too_early) is Outlook.OVERSPEND


@given(st.lists(st.integers(0, 2_000), max_size=30))
def test_an_outlook_that_stays_is_told_once(expected):
    told, outlook = [], Outlook.TOO_EARLY
    for pence in expected:
        now = rules.told_outlook(outlook, expecting(pence))
        if now is not outlook:
            told.append(now)
        outlook = now

    assert all(one is not other for one, other in pairwise(told))
