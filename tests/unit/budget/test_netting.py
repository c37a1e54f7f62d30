"""What funders owe one another: netted so that nothing is lost, and settled in balance."""

from collections import Counter
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.recharge import rules
from services.budget.recharge.rules import (
    AlreadyRunError,
    BooksDisagreeError,
    Debts,
    LaterMonthRunError,
    MonthNotOverError,
    Netted,
)
from services.budget.settlement import rules as settlement_rules
from services.budget.settlement.rules import Debt, OverpaidError, PartlyPaidError, Party

FUNDERS = [UUID(int=number) for number in range(1, 5)]
PARTIES = {
    funder_id: Party(funder_id=funder_id, code=f"E0600000{funder_id.int}") for funder_id in FUNDERS
}
pairs = st.lists(st.sampled_from(FUNDERS), min_size=2, max_size=2, unique=True)
amounts = st.integers(min_value=-(10**9), max_value=10**9)
debts_in_budgets = st.lists(st.tuples(pairs, amounts), max_size=30)


def added_up(owing):
    """Return debts per pair and direction as the database adds up lines."""
    pairs_seen = {tuple(pair) for pair, _ in owing}
    return [
        Debts(
            debtor_id=pair[0],
            creditor_id=pair[1],
            owed_pence=sum(pence for of, pence in owing if tuple(of) == pair and pence > 0),
            returned_pence=-sum(pence for of, pence in owing if tuple(of) == pair and pence < 0),
        )
        for pair in pairs_seen
    ]


def test_what_two_owe_one_another_is_set_against_each_other():
    one, other = FUNDERS[:2]
    forth = Debts(debtor_id=one, creditor_id=other, owed_pence=12_00, returned_pence=2_00)
    back = Debts(debtor_id=other, creditor_id=one, owed_pence=35_01, returned_pence=1_01)

    (netted,) = rules.netted([forth, back])

    # 35.01 and the 2.00 that came back, less 12.00 and the 1.01 that came back the other way.
    assert netted == Netted(
        debtor_id=other, creditor_id=one, owed_pence=37_01, owed_back_pence=13_01
    )
    assert netted.net_pence == 24_00


def test_who_owes_nothing_and_is_owed_nothing_is_invoiced_nothing():
    assert rules.netted([]) == []


@given(owing=debts_in_budgets)
def test_the_nets_of_all_funders_come_to_nothing_and_each_to_what_it_owes(owing):
    position = Counter()
    for netted in rules.netted(added_up(owing)):
        assert netted.net_pence >= 0
        assert netted.owed_back_pence >= 0
        position[netted.debtor_id] += netted.net_pence
        position[netted.creditor_id] -= netted.net_pence

    owed = Counter()
    for (debtor_id, creditor_id), pence in owing:
        owed[debtor_id] += pence
        owed[creditor_id] -= pence
    assert sum(position.values()) == 0
    assert {one: pence for one, pence in position.items() if pence} == {
        one: pence for one, pence in owed.items() if pence
    }


@given(owing=debts_in_budgets)
def test_two_funders_have_one_invoice_whichever_way_they_owe(owing):
    pairs_netted = [
        frozenset((netted.debtor_id, netted.creditor_id))
        for netted in rules.netted(added_up(owing))
    ]

    assert len(set(pairs_netted)) == len(pairs_netted)


@given(owing=debts_in_budgets)
def test_settling_empties_every_debt_and_every_book_stays_balanced(owing):
    accounts = Counter()
    for (debtor_id, creditor_id), pence in owing:
        accounts[debtor_id, f"due_to {PARTIES[creditor_id].code}"] += pence
        accounts[creditor_id, f"due_from {PARTIES[debtor_id].code}"] -= pence
    before = {one: total(accounts, one) for one in FUNDERS}

    for entry in settlement_rules.settlement_entries(
        Debt(debtor=PARTIES[debtor_id], creditor=PARTIES[creditor_id], amount_pence=pence)
        for (debtor_id, creditor_id), pence in owing
    ):
        assert entry.amount_pence > 0
        accounts[entry.funder_id, entry.debit] -= entry.amount_pence
        accounts[entry.funder_id, entry.credit] += entry.amount_pence

    assert not [name for (_, name), pence in accounts.items() if pence and "due_" in name]
    assert {one: total(accounts, one) for one in FUNDERS} == before
    assert sum(accounts.values()) == 0  # what one settled the other got


def total(accounts, funder_id):
    return sum(pence for (one, _), pence in accounts.items() if one == funder_id)


@pytest.mark.parametrize(
    ("forth", "back", "paid_pence"), [(40_00, 0, 40_00), (40_00, 15_00, 25_00), (10_00, 15_00, 0)]
)
def test_for_a_budget_is_paid_what_is_owed_less_what_is_owed_back(forth, back, paid_pence):
    one, other = PARTIES[FUNDERS[0]], PARTIES[FUNDERS[1]]
    debts = [
        Debt(debtor=one, creditor=other, amount_pence=forth),
        Debt(debtor=other, creditor=one, amount_pence=back),
    ]

    assert settlement_rules.paid_in_budget_pence(debts, debtor_id=one.funder_id) == paid_pence


@pytest.mark.parametrize(("paid_pence", "error"), [(9_99, PartlyPaidError), (10_01, OverpaidError)])
def test_a_payment_is_the_whole_to_the_penny(paid_pence, error):
    settlement_rules.see_that_it_is_paid(due_pence=10_00, paid_pence=10_00)

    with pytest.raises(error):
        settlement_rules.see_that_it_is_paid(due_pence=10_00, paid_pence=paid_pence)


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
        (date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_month_ends_on_its_last_day(month, last):
    assert rules.last_day(month) == last


@pytest.mark.parametrize(
    ("month", "error"),
    [
        (date(2026, 11, 1), AlreadyRunError),
        (date(2026, 9, 1), AlreadyRunError),
        (date(2026, 10, 1), LaterMonthRunError),
        (date(2027, 1, 1), MonthNotOverError),
    ],
)
def test_months_follow_one_another(month, error):
    run_before = [date(2026, 9, 1), date(2026, 11, 1)]
    today = date(2027, 1, 31)
    rules.see_that_it_can_be_run(date(2026, 12, 1), run_before=run_before, today=today)
    rules.see_that_it_can_be_run(date(2026, 12, 1), run_before=[], today=today)

    with pytest.raises(error):
        rules.see_that_it_can_be_run(month, run_before=run_before, today=today)


def test_of_books_that_disagree_only_their_number_is_told():
    assert BooksDisagreeError(budgets=3).as_answer()["details"] == {"budgets": 3}
