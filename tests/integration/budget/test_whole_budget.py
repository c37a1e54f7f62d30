"""A whole budget, from the plan's approval to a refund."""

from tests.integration.budget.budgets import (
    a_planned_budget,
    agree,
    ask,
    buy,
    called_by,
    left_of,
    paid_by,
    pay_in,
    spend,
    statement_of,
    told,
    told_about,
    totals,
)


def test_a_budget_from_approval_to_refund(transaction):
    planned = a_planned_budget(transaction, joint=100_01, nhs=20_00, council=40_00)
    budget_id = str(planned.budget_id)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=budget_id,
        weekly_contribution_pence=1_00,
        weeks=10,
    )
    assert statement_of(transaction, planned)["state"] == "planned"

    called = called_by(agree(transaction, planned, nhs_share=6_000))
    asked_for = {funder_id: call["amount_pence"] for funder_id, call in called.items()}
    assert asked_for == {"nhs": 80_01, "council": 70_00, "person": 10_00}
    assert {call["due_on"] for call in called.values()} == {"2026-12-08"}
    assert statement_of(transaction, planned)["state"] == "called"

    answers = [
        pay_in(transaction, planned, called[funder]) for funder in ("nhs", "council", "person")
    ]
    assert [answer["result"]["is_active"] for answer in answers] == [False, True, True]
    (activated,) = told(transaction, event_type="budget.budget_activated.v1")
    assert (activated["budget_id"], activated["available_pence"]) == (budget_id, 160_01)

    purchase, answer = buy(transaction, planned, 35_01)
    assert answer == "hold_placed"
    assert paid_by(transaction, planned) == {"nhs": (21_01, 0), "council": (14_00, 0)}
    assert left_of(transaction, planned) == {"nhs": 59_00, "council": 66_00}

    spend(transaction, purchase, 30_00)
    assert paid_by(transaction, planned) == {"nhs": (0, 18_00), "council": (0, 12_00)}

    spend(transaction, purchase, 0, version=2)
    assert paid_by(transaction, planned) == {"nhs": (0, 0), "council": (0, 0)}
    assert left_of(transaction, planned) == {"nhs": 80_01, "council": 80_00}

    kinds = [event["type"] for event in told_about(transaction, purchase)]
    versions = [event["version"] for event in told_about(transaction, purchase)]
    assert kinds == ["hold_placed", "hold_captured", "refund_posted"]
    assert versions == [1, 2, 3]
    assert told_about(transaction, purchase)[-1] == {
        "type": "refund_posted",
        "purchase_id": str(purchase.purchase_id),
        "version": 3,
        "budget_id": budget_id,
        "person_id": told(transaction, event_type="budget.budget_activated.v1")[0]["person_id"],
        "refunded_pence": 30_00,
        "posted_pence": 0,
        "available_pence": 160_01,
    }
    assert totals(transaction) == {
        "budgets": 1,
        "funded_pence": {"nhs": 80_01, "council": 70_00},
        "spent_pence": {"nhs": 0, "council": 0},
        "person_contribution_pence": 10_00,
        "person_charge_due_pence": 0,
        "overspent_pence": 0,
        "refunded_pence": 30_00,
        "unmatched_card_pence": {"taken": 0, "returned": 0},
        "ledger": {
            "journals": 6,
            "postings": 9,
            "sum_pence": 0,
            "balances_match_postings": True,
        },
    }
