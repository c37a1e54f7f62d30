"""What the person is charged: spent from the first day, and paid when they can."""

from uuid import UUID, uuid4

import pytest

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    a_pool,
    agree,
    ask,
    buy,
    called_by,
    commit,
    left_of,
    pay_in,
    rows,
    spend,
    statement_of,
    told,
    totals,
    unanswered,
)
from tests.integration.budget.pools import (
    accounts_of,
    agreed,
    assess,
    calls_of,
    left_to,
    register,
    shares_of,
)

ANOTHER_COUNCIL = UUID("55555555-0000-4000-8000-000000000005")


@pytest.fixture
def planned(transaction):
    """A budget to which the person gives 20 pounds."""
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weeks=4)
    return planned


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


def test_what_the_person_owes_never_stops_a_purchase(transaction, planned, called):
    """The council lets it be spent from the first day, and waits for it."""
    for kind in ("nhs", "council"):
        pay_in(transaction, planned, called[kind])
    assert statement_of(transaction, planned)["state"] == "active"
    assert left_of(transaction, planned) == {"nhs": 50_00, "council": 50_00}
    assert totals(transaction)["person_charge_due_pence"] == 20_00

    purchase, answer = buy(transaction, planned, 100_00)
    spend(transaction, purchase, 100_00)

    assert answer == "hold_placed"
    assert totals(transaction)["overspent_pence"] == 0
    assert totals(transaction)["person_contribution_pence"] == 0


def test_a_budget_for_which_only_the_person_pays_is_active_before_they_have(transaction):
    planned = a_planned_budget(transaction, council=10_00)
    assess(transaction, planned)
    a_pool(transaction)

    agree(transaction, planned, purpose="council", shares=shares_of({COUNCIL: 10_000}))

    assert statement_of(transaction, planned)["state"] == "active"
    (activated,) = told(transaction, event_type="budget.budget_activated.v1")
    assert activated["available_pence"] == 10_00


@pytest.mark.parametrize("host_id", [COUNCIL, ANOTHER_COUNCIL])
def test_of_two_councils_the_one_whose_care_may_be_charged_for_charges(transaction, host_id):
    """100 pounds: 40 of a council under section 117, and 35 of another under the Care Act."""
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weekly_contribution_pence=30_00, weeks=1)
    register(transaction, funder_id=str(ANOTHER_COUNCIL), kind="council", code="E06000002")
    a_pool(
        transaction,
        host_id=host_id,
        partner_ids=[str(NHS), str(COUNCIL), str(ANOTHER_COUNCIL)],
    )
    numerators = {NHS: 25, COUNCIL: 40, ANOTHER_COUNCIL: 35}
    shares = [
        *shares_of({NHS: 25, COUNCIL: 40}, legal_basis="section_117"),
        *shares_of({ANOTHER_COUNCIL: 35}, legal_basis="care_act"),
    ]

    answer = agreed(transaction, planned, numerators, shares=shares, agreement_id=str(uuid4()))
    calls = calls_of(answer)
    for call in calls.values():
        pay_in(transaction, planned, call)

    assert calls[COUNCIL]["amount_pence"] == 40_00
    assert calls[ANOTHER_COUNCIL]["amount_pence"] == 5_00
    assert left_to(transaction, planned) == {
        NHS: 25_00,
        COUNCIL: 40_00,
        ANOTHER_COUNCIL: 35_00,
    }
    accounts = accounts_of(transaction, planned)
    assert accounts[ANOTHER_COUNCIL, "charged"] == -30_00
    assert buy(transaction, planned, 100_00)[1] == "hold_placed"


def test_a_person_pays_in_as_many_parts_as_they_like(transaction, planned, called):
    for reference, amount_pence in (("a", 5_00), ("b", 14_99), ("c", 1)):
        answer = pay_in(
            transaction,
            planned,
            called["person"],
            amount_pence=amount_pence,
            bank_reference=reference,
        )
        assert answer == {"result": {"is_active": False}}

    person = statement_of(transaction, planned)["contributions"][-1]
    assert (person["funder_kind"], person["received_pence"]) == ("person", 20_00)
    assert person["received_at"] is not None
    assert totals(transaction)["person_contribution_pence"] == 20_00
    assert totals(transaction)["person_charge_due_pence"] == 0
    received = told(transaction, event_type="budget.contribution_received.v1")
    assert [event["amount_pence"] for event in received] == [5_00, 14_99, 1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_pence": 15_01, "bank_reference": "b"}, "contribution_differs"),
        ({"amount_pence": 20_00, "bank_reference": "b"}, "contribution_differs"),
        ({"amount_pence": 10**30, "bank_reference": "b"}, "contribution_differs"),
        ({"amount_pence": 4_99, "bank_reference": "a"}, "contribution_differs"),
        ({"amount_pence": 0, "bank_reference": "b"}, "invalid_request"),
        ({"funder_id": str(COUNCIL), "bank_reference": "b"}, "contribution_not_called"),
    ],
)
def test_a_person_does_not_pay_more_than_is_missing(transaction, planned, called, changes, code):
    pay_in(transaction, planned, called["person"], amount_pence=5_00, bank_reference="a")
    before = unanswered(transaction)

    answer = pay_in(transaction, planned, called["person"], **changes)

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("amount_pence", "code"), [(20_00, "id_reused"), (1, "contribution_differs")]
)
def test_a_person_who_has_paid_all_owes_nothing_more(
    transaction, planned, called, amount_pence, code
):
    pay_in(transaction, planned, called["person"])
    before = unanswered(transaction)

    answer = pay_in(
        transaction, planned, called["person"], amount_pence=amount_pence, bank_reference="b"
    )

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_a_payment_that_is_told_twice_is_booked_once(transaction, planned, called):
    payment = {"amount_pence": 5_00, "bank_reference": "a"}
    pay_in(transaction, planned, called["person"], **payment)
    before = unanswered(transaction)

    assert "result" in pay_in(transaction, planned, called["person"], **payment)
    assert unanswered(transaction) == before


@pytest.mark.parametrize("operation", ["commit_contribution", "release_contribution"])
def test_a_person_neither_promises_nor_releases_anything(transaction, planned, called, operation):
    before = unanswered(transaction)
    if operation == "commit_contribution":
        answer = commit(transaction, planned, called["person"])
    else:
        answer = ask(
            transaction,
            operation,
            contribution_id=called["person"]["contribution_id"],
            budget_id=str(planned.budget_id),
            funder_id=called["person"]["funder_id"],
            amount_pence=20_00,
            contract_reference="Block 7",
        )

    assert answer["refusal"]["code"] == "person_cannot_commit"
    assert unanswered(transaction) == before


def test_what_the_person_gives_stands_in_a_book_of_their_own(transaction, planned, called):
    for call in called.values():
        pay_in(transaction, planned, call)

    moves = rows(
        transaction,
        "SELECT journals.kind, debits.funder_kind, debits.name, credits.name, amount_pence"
        " FROM postings JOIN journals USING (journal_id)"
        " JOIN accounts AS debits ON debits.account_id = debit_account_id"
        " JOIN accounts AS credits ON credits.account_id = credit_account_id"
        " ORDER BY 1, 2, 3",
    )
    assert moves == [
        ("charge", "council", "charge_due", "available", 20_00),
        ("contribution", "council", "charged", "charge_due", 20_00),
        ("contribution", "council", "paid_in", "available", 30_00),
        ("contribution", "nhs", "paid_in", "available", 50_00),
        ("contribution", "person", "contributed", "own_money", 20_00),
    ]
    person = rows(transaction, "SELECT code, name FROM funders WHERE kind = 'person'")
    assert person == [(None, None)]  # of a person nothing but the id
