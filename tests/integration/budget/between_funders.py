"""What can be asked about debts between funders, and pools with three of them."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    a_planned_budget,
    a_pool,
    agree,
    ask,
    buy,
    called_by,
    commit,
    pay_in,
    rows,
    spend,
)

FIRST_OF_DECEMBER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
FIRST_OF_JANUARY = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
YEAR_IS_OVER = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
MAY = datetime(2027, 5, 1, 9, 0, tzinfo=UTC)
SECOND_COUNCIL = UUID("44444444-0000-4000-8000-000000000004")
CODES = {NHS: "QHM01", COUNCIL: "E06000001", SECOND_COUNCIL: "E06000002"}
BALANCES = """
SELECT f.code, a.name, sum(amount) FROM accounts AS a JOIN funders AS f USING (funder_id) JOIN (
    SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
    UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves USING (account_id)
WHERE a.budget_id = :budget_id GROUP BY f.code, a.name HAVING sum(amount) <> 0
"""


order = partial(ask, at=FIRST_OF_DECEMBER)


def look_up(transaction, operation, **request):
    answer = ask(transaction, operation, **request)
    return answer.get("result") or answer["refusal"]


def run(transaction, *, month="2026-11", at=FIRST_OF_DECEMBER, run_id=None, pool_id=POOL):
    return order(
        transaction,
        "run_recharge",
        at=at,
        run_id=str(run_id or uuid4()),
        pool_id=str(pool_id),
        month=month,
    )


def the_invoice(answer):
    """Return the one invoice of a run that was made."""
    (invoice,) = answer["result"]["invoices"]
    return invoice


def settle(transaction, answer, *, invoice=None, at=FIRST_OF_DECEMBER, **changes):
    """Report that an invoice of a run was paid."""
    invoice = invoice or the_invoice(answer)
    request = {
        "run_id": answer["result"]["run_id"],
        "debtor_id": invoice["debtor_id"],
        "creditor_id": invoice["creditor_id"],
        "amount_pence": invoice["net_pence"],
        "bank_reference": "BACS 4711",
    }
    return order(transaction, "settle_recharge", at=at, **(request | changes))


def balances(transaction, planned):
    """Return what every account of a budget has come to: credits less debits, in pence."""
    found = rows(transaction, BALANCES, budget_id=planned.budget_id)
    return {f"{code} {name}": int(pence) for code, name, pence in found}


def a_budget_the_nhs_only_committed(transaction, *, nhs_share=5_000, **pence_by_payer):
    """Have the council pay in and the NHS body give its word: the council advances for it."""
    planned = a_planned_budget(transaction, **pence_by_payer)
    calls = called_by(agree(transaction, planned, nhs_share=nhs_share))
    pay_in(transaction, planned, calls["council"])
    commit(transaction, planned, calls["nhs"])
    return planned


def a_debt_to_the_council(transaction, pence):
    """Have the council advance so much for the NHS body."""
    planned = a_budget_the_nhs_only_committed(transaction, joint=pence * 4)
    purchase, _ = buy(transaction, planned, pence * 2)
    spend(transaction, purchase, pence * 2)
    return planned


def a_debt_to_the_nhs(transaction, pence):
    """Have shares decided so that the council owes the NHS body so much of what it paid."""
    planned = a_planned_budget(transaction, joint=pence * 10)
    disputed = agree(transaction, planned, is_disputed=True, signatures=[])
    for call in called_by(disputed).values():
        pay_in(transaction, planned, call)
    purchase, _ = buy(transaction, planned, pence * 5)
    spend(transaction, purchase, pence * 5)
    decided = str(uuid4())
    answer = agree(transaction, planned, nhs_share=3_000, agreement_id=decided)
    for call in called_by(answer).values():
        pay_in(transaction, planned, call, bank_reference="BACS decided")
    ask(transaction, "reapportion", agreement_id=decided)
    return planned


def a_pool_of_three(transaction):
    """Let a second council be a partner, in a pool of the same id."""
    second = {
        "funder_id": str(SECOND_COUNCIL),
        "kind": "council",
        "code": CODES[SECOND_COUNCIL],
        "name": "Another council",
        "organisation": "another-council",
    }
    a_pool(transaction, pool_id=str(uuid4()))  # registers the two
    ask(transaction, "register_funder", **second)
    return a_pool(transaction, partner_ids=[str(funder_id) for funder_id in CODES])


def everybody_signs(*funder_ids):
    return [
        {
            "funder_id": str(funder_id),
            "role": "director_of_finance",
            "signed_on": "2026-04-01",
        }
        for funder_id in funder_ids
    ]


def a_rule(transaction, kind="percentage", *, parts=None, at=FIRST_OF_DECEMBER, **changes):
    """Have the partners of the pool of two sign how they share risk; parts in basis points."""
    given = {
        "rule_id": str(uuid4()),
        "pool_id": str(POOL),
        "kind": kind,
        "from_year": 2026,
        "parts": [
            {"funder_id": str(funder_id), **part} for funder_id, part in (parts or {}).items()
        ],
        "signatures": everybody_signs(NHS, COUNCIL),
    }
    return order(transaction, "set_risk_rule", at=at, **(given | changes))


def share_risk(transaction, *, at=YEAR_IS_OVER, run_id=None, year=2026):
    return order(
        transaction,
        "run_risk_share",
        at=at,
        run_id=str(run_id or uuid4()),
        pool_id=str(POOL),
        financial_year=year,
    )
