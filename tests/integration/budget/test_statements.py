"""What people read: one budget's statement, the totals of all, and how it goes."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.accounts.rules import AccountKind
from services.budget.funders.rules import FunderKind
from services.budget.service import BudgetService
from services.budget.statements import queries
from services.budget.statements.schemas import StatementForm, TotalsForm
from shared.messaging.answering import Call, answer_query
from shared.messaging.health import health
from tests.factories import a_system, a_trace
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    a_planned_budget,
    an_active_budget,
    ask,
    buy,
    spend,
    statement_of,
    totals,
)

COUNCILS = {"funder_id": str(COUNCIL), "funder_kind": "council"}
OF_NHS = {"funder_id": str(NHS), "funder_kind": "nhs"}
PAID = {"due_on": "2026-12-08", "committed_at": None, "terms": None}


def test_a_statement_says_who_paid_in_what_was_spent_on_what_and_what_is_left(transaction):
    active = an_active_budget(transaction, nhs_share=6_000, joint=100_00, council=50_00)
    spend(transaction, buy(transaction, active, 30_00)[0], 25_00, held_pence=5_00)
    spend(transaction, buy(transaction, active, 20_00, payer="council")[0], 20_00)

    statement = statement_of(transaction, active)

    agreements = statement.pop("agreements")
    assert [(one["purpose"], one["version"], one["state"]) for one in agreements] == [
        ("council", 1, "agreed"),
        ("joint", 1, "agreed"),
    ]
    assert {key: agreements[1][key] for key in ("starts_on", "ends_on", "denominator")} == {
        "starts_on": "2026-11-24",
        "ends_on": None,
        "denominator": 10_000,
    }
    assert agreements[1]["shares"] == [
        {**COUNCILS, "numerator": 4_000, "agreed_pence": 40_00},
        {**OF_NHS, "numerator": 6_000, "agreed_pence": 60_00},
    ]
    received = [contribution.pop("received_at") for contribution in statement["contributions"]]
    assert received == ["2026-11-24T10:00:00+00:00"] * 2
    assert statement == {
        "budget_id": str(active.budget_id),
        "state": "active",
        "legal_basis": "care_act",
        "total_pence": 150_00,
        "contributions": [
            {**COUNCILS, **PAID, "amount_pence": 90_00, "received_pence": 90_00},
            {**OF_NHS, **PAID, "amount_pence": 60_00, "received_pence": 60_00},
        ],
        "funders": [
            {
                **COUNCILS,
                "name": "A council",
                "agreed_pence": 90_00,
                "held_pence": 2_00,
                "left_pence": 58_00,
            },
            {
                **OF_NHS,
                "name": "An integrated care board",
                "agreed_pence": 60_00,
                "held_pence": 3_00,
                "left_pence": 42_00,
            },
        ],
        "items": [
            {
                "item_id": str(active.item_ids["council"]),
                "description": "Something that council pays",
                "payer": "council",
                "agreed_pence": 50_00,
                "paid_by": [{**COUNCILS, "held_pence": 0, "spent_pence": 20_00}],
            },
            {
                "item_id": str(active.item_ids["joint"]),
                "description": "Something that joint pays",
                "payer": "joint",
                "agreed_pence": 100_00,
                "paid_by": [
                    {**COUNCILS, "held_pence": 2_00, "spent_pence": 10_00},
                    {**OF_NHS, "held_pence": 3_00, "spent_pence": 15_00},
                ],
            },
        ],
    }


def test_a_plan_that_nobody_agreed_on_yet_has_a_statement_too(transaction):
    planned = a_planned_budget(transaction, joint=100_00)

    statement = statement_of(transaction, planned)

    assert (statement["state"], statement["agreements"]) == ("planned", [])
    assert (statement["contributions"], statement["funders"]) == ([], [])


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"budget_id": str(uuid4())}, "budget_not_found"),
        ({"budget_id": "budget one"}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_there_is_no_statement_of_what_does_not_exist(transaction, request_, code):
    assert ask(transaction, "statement", **request_)["refusal"]["code"] == code


def test_the_totals_are_those_of_every_budget_together(transaction):
    for _ in range(2):
        active = an_active_budget(transaction, nhs_share=6_000, joint=10_00)
        purchase, _ = buy(transaction, active, 10_00)
        spend(transaction, purchase, 12_00, version=1)
        spend(transaction, purchase, 11_00, version=2)

    assert totals(transaction) == {
        "budgets": 2,
        "funded_pence": {"nhs": 12_00, "council": 8_00},
        "spent_pence": {"nhs": 13_20, "council": 8_80},
        "person_contribution_pence": 0,
        "person_charge_due_pence": 0,
        "overspent_pence": 2_00,
        "refunded_pence": 2_00,
        "unmatched_card_pence": {"taken": 0, "returned": 0},
        "ledger": {
            "journals": 8,
            "postings": 16,
            "sum_pence": 0,
            "balances_match_postings": True,
        },
    }


def test_an_empty_ledger_agrees_with_itself(transaction):
    assert totals(transaction) == {
        "budgets": 0,
        "funded_pence": {"nhs": 0, "council": 0},
        "spent_pence": {"nhs": 0, "council": 0},
        "person_contribution_pence": 0,
        "person_charge_due_pence": 0,
        "overspent_pence": 0,
        "refunded_pence": 0,
        "unmatched_card_pence": {"taken": 0, "returned": 0},
        "ledger": {"journals": 0, "postings": 0, "sum_pence": 0, "balances_match_postings": True},
    }


@pytest.mark.parametrize("column", ["posted_pence", "held_pence"])
def test_a_balance_that_was_tampered_with_is_found(transaction, owners, column):
    active = an_active_budget(transaction, joint=10_00)
    buy(transaction, active, 4_00)
    with Session(owners("budget")) as session:  # the service itself cannot
        session.execute(text(f"UPDATE balances SET {column} = {column} + 1"))  # noqa: S608
        found = queries._balances_match_postings(session)

    assert found is False


def test_all_figures_of_an_answer_are_of_the_same_moment(transaction):
    active = an_active_budget(transaction, joint=10_00)

    def look_while_somebody_spends(_asked, *, session):
        before = queries.totals(None, session=session)
        spend(transaction, buy(transaction, active, 4_00)[0], 4_00)
        available = queries._moved_pence(session)[FunderKind.NHS, AccountKind.AVAILABLE]
        return {"available": available, "is_sound": before["ledger"]["balances_match_postings"]}

    answer = answer_query(
        Call(operation="totals", request={}, actor=a_system()),
        schema=TotalsForm(),
        query=look_while_somebody_spends,
        transaction=transaction,
        access=BudgetService.access,
        trace=a_trace(),
    )

    assert answer == {"result": {"available": 5_00, "is_sound": True}}


def test_the_moment_is_that_of_the_questions_own_first_look(transaction):
    """A report asks first how far the books are settled, and must see all that was until then."""
    active = an_active_budget(transaction, joint=10_00)

    def look_after_somebody_has_spent(_asked, *, session):
        spend(transaction, buy(transaction, active, 4_00)[0], 4_00)
        return queries._moved_pence(session)[FunderKind.NHS, AccountKind.AVAILABLE]

    answer = answer_query(
        Call(
            operation="statement",
            request={"budget_id": str(active.budget_id)},
            actor=a_system(),
        ),
        schema=StatementForm(),
        query=look_after_somebody_has_spent,
        transaction=transaction,
        access=BudgetService.access,
        trace=a_trace(),
    )

    assert answer == {"result": 3_00}


def test_a_ledger_where_nothing_is_stuck_says_so(transaction):
    with transaction() as session:
        assert set(health(None, session=session).values()) == {0}
