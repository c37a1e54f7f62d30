"""Pools of three partners, shares of any kind, and what is due between two of them."""

from uuid import UUID, uuid4

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_pool,
    ask,
    called_by,
    rows,
    statement_of,
)

ANOTHER_NHS = UUID("44444444-0000-4000-8000-000000000004")
NOT_CALLED_FOR = [
    ({"contribution_id": str(uuid4())}, "contribution_not_called"),
    ({"budget_id": str(uuid4())}, "contribution_not_called"),
    ({"funder_id": str(COUNCIL)}, "contribution_not_called"),
    ({"funder_id": str(uuid4())}, "contribution_not_called"),
    ({"funder_id": "somebody"}, "invalid_request"),
    ({"amount_pence": 49_99}, "contribution_differs"),
    ({"amount_pence": 50_01}, "contribution_differs"),
    ({"amount_pence": 10**30}, "contribution_differs"),
    ({"amount_pence": 0}, "invalid_request"),
    ({"amount_pence": -50_00}, "invalid_request"),
    ({"amount_pence": "5000"}, "invalid_request"),
]
CODES = {NHS: "QHM01", COUNCIL: "E06000001", ANOTHER_NHS: "RVJ01"}


def shares_of(numerators, **terms):
    """Return shares; ``terms`` are those of all of them."""
    return [
        {"funder_id": str(funder_id), "numerator": numerator, **terms}
        for funder_id, numerator in numerators.items()
    ]


def signed_by(*funder_ids):
    return [
        {"funder_id": str(funder_id), "role": "finance_lead", "signed_on": "2026-04-01"}
        for funder_id in funder_ids
    ]


def register(transaction, **changes):
    given = {
        "funder_id": str(ANOTHER_NHS),
        "kind": "nhs",
        "code": CODES[ANOTHER_NHS],
        "name": "An NHS trust",
        "organisation": "nhs-trust-2",
    }
    return ask(transaction, "register_funder", **(given | changes))


def a_pool_of_three(transaction, *, host_id=COUNCIL):
    """Have two NHS bodies and a council work together; to be asked before anybody agrees."""
    register(transaction)
    return a_pool(
        transaction,
        host_id=host_id,
        partner_ids=[str(NHS), str(COUNCIL), str(ANOTHER_NHS)],
    )


def agreed(transaction, planned, numerators, **request):
    """Agree on shares that all with a part have signed, in a pool that is open already."""
    given = {
        "budget_id": str(planned.budget_id),
        "pool_id": str(POOL),
        "purpose": "joint",
        "starts_on": "2026-11-24",
        "denominator": sum(numerators.values()),
        "shares": shares_of(numerators),
        "signatures": signed_by(*numerators),
    }
    return ask(transaction, "record_agreement", **(given | request))


def calls_of(answer):
    """Return what was called for, by the funder's id."""
    return {UUID(call["funder_id"]): call for call in answer["result"]["called"]}


def amounts_of_calls(answer):
    return {funder_id: call["amount_pence"] for funder_id, call in calls_of(answer).items()}


def amounts_called(answer):
    """Return what was called for, by the kind of funder."""
    return {kind: call["amount_pence"] for kind, call in called_by(answer).items()}


def assess(transaction, planned, *, weekly_contribution_pence=5_00, weeks=52, **more):
    return ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=weekly_contribution_pence,
        weeks=weeks,
        **more,
    )


def release(transaction, planned, call, **changes):
    request = {
        "contribution_id": call["contribution_id"],
        "budget_id": str(planned.budget_id),
        "funder_id": call["funder_id"],
        "amount_pence": call["amount_pence"],
        "contract_reference": "Block contract 7",
    }
    return ask(transaction, "release_contribution", **(request | changes))


def accounts_of(transaction, planned):
    """Return what each account of a budget came to, credits less debits, by funder and name."""
    came_to = rows(
        transaction,
        "SELECT a.funder_id, a.name, sum(CASE a.account_id WHEN p.credit_account_id"
        " THEN amount_pence ELSE -amount_pence END)"
        " FROM accounts AS a JOIN postings AS p"
        " ON a.account_id IN (p.credit_account_id, p.debit_account_id)"
        " WHERE budget_id = :budget_id GROUP BY a.funder_id, a.name",
        budget_id=planned.budget_id,
    )
    return {(funder_id, name): int(pence) for funder_id, name, pence in came_to if pence}


def left_to(transaction, planned):
    """Return what each funder that has anything left has, by its id."""
    funders = statement_of(transaction, planned)["funders"]
    return {UUID(one["funder_id"]): one["left_pence"] for one in funders if one["left_pence"]}


def due(transaction, planned):
    """Return what is due between funders: of whom, to or from whom, and how much."""
    return {
        (funder_id, name): pence
        for (funder_id, name), pence in accounts_of(transaction, planned).items()
        if name.startswith("due_")
    }
