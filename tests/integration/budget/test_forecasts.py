"""Each budget is looked ahead once a week, and a turn for the worse is told once."""

from datetime import timedelta

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    a_plan,
    a_planned_budget,
    agree,
    an_active_budget,
    ask,
    do_what_is_due,
    everything,
    rows,
    told,
)
from tests.integration.budget.repayments import buy_on, cost


def weeks(number):
    return TUESDAY_AT_TEN + timedelta(weeks=number)


def look_ahead(transaction, *, at):
    return len(do_what_is_due(transaction, "look_ahead", at=at))


def warnings(transaction):
    kinds = ("overspend_expected", "underspend_expected")
    return [one for one in told(transaction) if one["type"] in kinds]


@pytest.fixture
def active(transaction, owners):
    """A budget for something that is bought again and again: 52 times 10 pounds."""
    active = an_active_budget(transaction, joint=520_00)
    again = "UPDATE budget_items SET unit_cost_pence = 1000, occurrences = 52"
    with owners("budget").begin() as connection:
        connection.exec_driver_sql(again)
    return active


def buy_every_week(transaction, active, pence, *, since, until):
    for week in range(since, until):
        purchase = buy_on(transaction, active, pence, at=weeks(week))
        cost(transaction, purchase, pence, at=weeks(week))


def test_a_budget_is_looked_at_once_a_week(transaction, active):
    days = [day for day in range(16) if look_ahead(transaction, at=weeks(0) + timedelta(days=day))]

    assert days == [0, 7, 14]


def test_a_budget_that_is_not_active_is_not_looked_at(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    agree(transaction, planned)

    assert look_ahead(transaction, at=weeks(0)) == 0


def test_an_overspend_that_is_coming_is_told_once(transaction, active):
    buy_every_week(transaction, active, 15_00, since=0, until=8)

    for week in range(1, 10):
        look_ahead(transaction, at=weeks(week))

    (warning,) = warnings(transaction)
    assert warning["type"] == "overspend_expected"
    # In 29 days it was bought five times.
    assert (warning["weekly_pence"], warning["pace_weeks"], warning["weeks_left"]) == (18_10, 4, 48)
    assert warning["expected_pence"] == 75_00 + 18_10 * 48


def test_money_that_is_not_used_is_told_once_and_again_after_it_was(transaction, active):
    for week in range(4, 8):
        look_ahead(transaction, at=weeks(week))
    buy_every_week(transaction, active, 12_00, since=8, until=16)
    look_ahead(transaction, at=weeks(16) - timedelta(days=1))
    for week in (24, 25, 32):
        look_ahead(transaction, at=weeks(week))

    assert [one["type"] for one in warnings(transaction)] == [
        "underspend_expected",
        "underspend_expected",
    ]


def test_a_forecast_says_what_it_assumes_and_changes_nothing(transaction, active):
    buy_every_week(transaction, active, 10_00, since=0, until=8)
    before = everything(transaction)

    answer = ask(transaction, "forecast", budget_id=str(active.budget_id), on="2027-01-18")[
        "result"
    ]

    assert everything(transaction) == before
    assert answer["spent_pence"] == 80_00
    assert (answer["weekly_pence"], answer["weeks_left"]) == (10_00, 44)
    assert answer["expected_pence"] == 520_00
    assert answer["outlook"] == "on_plan"
    assert len(answer["assumptions"]) == 4


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"budget_id": str(a_plan(joint=1).budget_id), "on": "2027-01-18"}, "budget_not_found"),
        ({"on": "2027-01-18"}, "invalid_request"),
        ({"budget_id": "5", "on": "soon"}, "invalid_request"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(transaction, request_, code):
    assert ask(transaction, "forecast", **request_)["refusal"]["code"] == code
    assert rows(transaction, "SELECT count(*) FROM last_forecasts") == [(0,)]
