"""What a broker may be given and has to give back, and what its word is worth."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.accounts.rules import InsufficientFundsError
from services.budget.broker_accounts import rules
from services.budget.broker_accounts.rules import (
    AmountAmbiguousError,
    Direction,
    ExceedsBrokerBalanceError,
    FunderHasNoBookError,
    Line,
    Outcome,
    ReportedLaterError,
    Share,
)
from services.budget.holds.rules import BudgetNotActiveError, Host, Part

NHS, COUNCIL, ANOTHER = (UUID(int=number) for number in (1, 2, 3))
HOST = Host(funder_id=COUNCIL, code="E06000001")
DAY = date(2026, 11, 24)
held_pence = st.dictionaries(st.sampled_from([NHS, COUNCIL, ANOTHER]), st.integers(-500, 500))


def a_part(funder_id, free_pence, *, is_in=True, is_advanced=False):
    return Part(
        funder_id=funder_id, code="X", free_pence=free_pence, is_in=is_in, is_advanced=is_advanced
    )


def parts(**changes):
    return {NHS: a_part(NHS, 100, **changes), COUNCIL: a_part(COUNCIL, 50)}


def test_an_amount_is_told_once_as_one_or_by_funder():
    share = Share(funder_id=NHS, amount_pence=5)

    assert rules.as_asked(5, None) == {"amount_pence": 5}
    assert rules.as_asked(None, [share]) == {"portions": {str(NHS): 5}}
    for amount, portions in ((None, None), (5, [share]), (None, [share, share])):
        with pytest.raises(AmountAmbiguousError):
            rules.as_asked(amount, portions)


def test_a_broker_gets_what_is_free_and_not_there_already():
    rules.see_that_they_can_give({NHS: 60, COUNCIL: 50}, parts(), held={NHS: 40})

    with pytest.raises(InsufficientFundsError):
        rules.see_that_they_can_give({NHS: 61}, parts(), held={NHS: 40})
    with pytest.raises(InsufficientFundsError):  # what the host advanced is there, too
        rules.see_that_they_can_give({NHS: 60}, parts(), held={COUNCIL: 91})
    with pytest.raises(BudgetNotActiveError):
        rules.see_that_they_can_give({NHS: 1}, parts(is_in=False), held={})
    with pytest.raises(FunderHasNoBookError):
        rules.see_that_they_can_give({ANOTHER: 1}, parts(), held={})


def test_what_a_funder_has_only_committed_is_the_hosts_money():
    portions = {NHS: 60, COUNCIL: 40, ANOTHER: 0}
    paid_in = parts() | {ANOTHER: a_part(ANOTHER, 0)}
    committed = parts(is_advanced=True) | {ANOTHER: a_part(ANOTHER, 0)}

    assert rules.in_books(portions, paid_in, HOST) == {NHS: 60, COUNCIL: 40}
    assert rules.in_books(portions, committed, HOST) == {COUNCIL: 100}


def test_a_top_up_leaves_the_bank_and_what_comes_back_reaches_it():
    (given_,) = rules.transfer_entries(Direction.TOP_UP, {NHS: 60, COUNCIL: 0})
    (returned,) = rules.transfer_entries(Direction.RETURNED, {NHS: 60})

    assert (given_.debit, given_.credit) == ("with_broker", "paid_out")
    assert (returned.debit, returned.credit) == ("paid_out", "with_broker")


@given(held=held_pence, amount=st.integers(1, 1500))
def test_what_comes_back_is_of_those_whose_money_is_there(held, amount):
    there = sum(pence for pence in held.values() if pence > 0)
    if amount > there:
        with pytest.raises(ExceedsBrokerBalanceError):
            rules.returned_portions(amount, held)
        return
    portions = rules.returned_portions(amount, held)

    assert sum(portions.values()) == amount
    rules.see_that_broker_has(portions, held)


def test_a_funder_gets_back_no_more_than_is_there_of_its_own():
    with pytest.raises(ExceedsBrokerBalanceError):
        rules.see_that_broker_has({NHS: 1}, {COUNCIL: 10})
    with pytest.raises(ExceedsBrokerBalanceError):
        rules.see_that_broker_has({NHS: 1}, {NHS: -10})


def test_items_weigh_by_what_each_funder_pays_of_them():
    costs = [(100, {NHS: 1, COUNCIL: 1}), (30, {NHS: 1})]

    assert rules.weights_of(costs) == {NHS: 80, COUNCIL: 50}
    assert rules.weights_of([]) == {}


def test_a_report_is_compared_to_the_penny_funder_by_funder():
    lines = rules.compare({NHS: 60, ANOTHER: 0}, {NHS: 61, COUNCIL: 40, ANOTHER: 0, UUID(int=9): 0})

    assert {line.funder_id: line.difference_pence for line in lines} == {
        NHS: -1,
        COUNCIL: -40,
        ANOTHER: 0,
    }
    assert rules.outcome(lines) is Outcome.DIFFERS
    assert rules.outcome([]) is Outcome.AGREED
    assert rules.outcome([Line(funder_id=NHS, reported_pence=1, ledger_pence=1)]) is Outcome.AGREED
    assert rules.settle_by(DAY) == DAY + timedelta(days=10)


def test_a_report_of_a_day_to_come_is_refused():
    rules.see_that_it_has_come(DAY, today=DAY)
    with pytest.raises(ReportedLaterError):
        rules.see_that_it_has_come(DAY, today=DAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("held", "left", "due"),
    [(0, 5200, 400), (399, 5200, 1), (400, 5200, 0), (0, 50, 50), (0, -1, 0)],
)
def test_a_broker_is_to_have_some_weeks_of_its_items_money(held, left, due):
    assert due == rules.top_up_due_pence(
        held_pence=held, agreed_pence=5200, left_pence=left, plan_weeks=52, weeks=4
    )


@given(held=held_pence, left=st.integers(-100, 1500))
def test_what_a_broker_has_beyond_its_items_goes_back(held, left):
    back = rules.to_be_returned_pence(held, left_pence=left)

    assert sum(back.values()) == max(0, sum(held.values()) - max(0, left))
    assert all(0 <= pence <= held[funder_id] for funder_id, pence in back.items())
