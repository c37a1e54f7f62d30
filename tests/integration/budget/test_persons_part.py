"""What the person pays: assessed by the council, charged, and paid when they can."""

from uuid import uuid4

import pytest

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_plan,
    a_planned_budget,
    a_pool,
    agree,
    ask,
    buy,
    called_by,
    commit,
    everything,
    left_of,
    pay_in,
    rows,
    spend,
    statement_of,
    tell,
    told,
    totals,
    unanswered,
)
from tests.integration.budget.pools import (
    ANOTHER_NHS,
    a_pool_of_three,
    agreed,
    shares_of,
)


def assess(transaction, planned, *, weekly_contribution_pence=5_00, weeks=52, **more):
    return ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=weekly_contribution_pence,
        weeks=weeks,
        **more,
    )


def amounts_called(answer):
    return {kind: call["amount_pence"] for kind, call in called_by(answer).items()}


@pytest.fixture
def planned(transaction):
    """A budget to which the person gives 20 pounds."""
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weeks=4)
    return planned


@pytest.fixture
def called(transaction, planned):
    return called_by(agree(transaction, planned))


# How much


@pytest.mark.parametrize(
    ("legal_basis", "called"),
    [
        ("care_act", {"nhs": 50_00, "council": 30_00, "person": 20_00}),
        ("section_117", {"nhs": 50_00, "council": 50_00}),
        ("local_offer", {"nhs": 50_00, "council": 50_00}),
    ],
)
def test_only_care_under_the_care_act_is_charged_for(transaction, legal_basis, called):
    planned = a_planned_budget(transaction, legal_basis=legal_basis, joint=100_00)
    assess(transaction, planned, weekly_contribution_pence=5_00, weeks=4)

    assert amounts_called(agree(transaction, planned)) == called


def test_a_councils_share_under_section_117_is_not_charged_for_whatever_the_budgets_basis(
    transaction, planned
):
    shares = [
        *shares_of({NHS: 5_000}, legal_basis="chc"),
        *shares_of({COUNCIL: 5_000}, legal_basis="section_117"),
    ]

    called = amounts_called(agree(transaction, planned, shares=shares))

    assert called == {"nhs": 50_00, "council": 50_00}
    assert totals(transaction)["person_charge_due_pence"] == 0


def test_of_two_purposes_only_the_one_that_may_be_charged_for_is(transaction):
    """30 pounds a week for a year, and only 8 pounds of it under the Care Act."""
    planned = a_planned_budget(transaction, legal_basis="section_117", joint=100_00, council=8_00)
    assess(transaction, planned, weekly_contribution_pence=30_00)
    a_pool(transaction)
    ask(
        transaction,
        "record_agreement",
        agreement_id=str(uuid4()),
        budget_id=str(planned.budget_id),
        pool_id=str(POOL),
        purpose="council",
        starts_on="2026-11-24",
        shares=shares_of({COUNCIL: 10_000}, legal_basis="care_act"),
    )

    assert amounts_called(agree(transaction, planned)) == {
        "nhs": 50_00,
        "council": 50_00,
        "person": 8_00,
    }


def test_the_person_never_pays_for_the_nhs_part(transaction):
    planned = a_planned_budget(transaction, nhs=100_00, council=10_00)
    assess(transaction, planned, weekly_contribution_pence=100_00)

    called = amounts_called(
        agree(transaction, planned, purpose="nhs", shares=shares_of({NHS: 10_000}))
    )

    assert called == {"nhs": 100_00, "person": 10_00}


@pytest.mark.parametrize(
    ("free_weeks", "called"),
    [
        (1, {"nhs": 50_00, "council": 35_00, "person": 15_00}),
        (4, {"nhs": 50_00, "council": 50_00}),
        (53, {"nhs": 50_00, "council": 50_00}),
    ],
)
def test_the_first_weeks_may_be_free(transaction, free_weeks, called):
    planned = a_planned_budget(transaction, joint=100_00)
    assess(transaction, planned, weeks=4, free_weeks=free_weeks)

    assert amounts_called(agree(transaction, planned)) == called


def test_the_last_assessment_before_the_agreement_counts(transaction):
    plan = a_plan(council=100_00)
    request = {"budget_id": str(plan.budget_id), "weeks": 1}
    for weekly_pence in (9_00, 2_00):  # the first comes before the plan itself
        ask(
            transaction,
            "report_financial_assessment",
            weekly_contribution_pence=weekly_pence,
            **request,
        )
        tell(transaction, plan)
    a_pool(transaction)
    answer = ask(
        transaction,
        "record_agreement",
        agreement_id=str(uuid4()),
        budget_id=str(plan.budget_id),
        pool_id=str(POOL),
        purpose="council",
        starts_on="2026-11-24",
        shares=shares_of({COUNCIL: 10_000}),
    )

    assert amounts_called(answer) == {"council": 98_00, "person": 2_00}


def test_shares_that_were_decided_before_anything_was_called_for_are_charged_for_once(transaction):
    planned = a_planned_budget(transaction, joint=100_00, nhs=1_00)
    assess(transaction, planned, weekly_contribution_pence=100_00)
    a_pool_of_three(transaction)
    for numerators, request in (
        ({NHS: 1, COUNCIL: 1}, {"is_disputed": True}),
        ({NHS: 6, COUNCIL: 4}, {}),
        ({ANOTHER_NHS: 1}, {"purpose": "nhs"}),
    ):
        answer = agreed(transaction, planned, numerators, agreement_id=str(uuid4()), **request)

    called = {call["funder_kind"]: call["amount_pence"] for call in answer["result"]["called"]}
    assert called["person"] == 40_00
    assert "council" not in called


def test_an_assessment_after_the_agreement_is_refused_and_nothing_is_written(
    transaction, planned, called
):
    before = unanswered(transaction)

    assert assess(transaction, planned)["refusal"]["code"] == "agreement_exists"
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly_contribution_pence": -1},
        {"weekly_contribution_pence": 1_000_001},
        {"weekly_contribution_pence": 0.5},
        {"weeks": 0},
        {"weeks": 54},
        {"free_weeks": -1},
        {"free_weeks": 54},
    ],
)
def test_an_absurd_assessment_is_refused_and_nothing_is_written(transaction, planned, wrong):
    before = everything(transaction)

    answer = assess(transaction, planned, **wrong)

    assert answer["refusal"]["code"] == "invalid_request"
    assert set(answer["refusal"]["details"]) == set(wrong)
    assert everything(transaction) == before


# Charged, and paid


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
