"""Budgets with money left over, and what can be asked of repayments and of their end."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    a_planned_budget,
    a_purchase,
    agree,
    amounts_of,
    ask,
    called_by,
    pay_in,
    rows,
    tell,
)

# Nothing stays in the budget but what is held.
ALL_OF_IT = {"allowance_weeks": 0, "committed_pence": 0}
REASONS = {
    "propose_repayment": "More than eight weeks of the budget have not been used.",
    "notify_repayment": "You have more than eight weeks of your budget left.",
    "request_reconsideration": "A course was put off and is still to be paid.",
    "decide_reconsideration": "The course is still to be paid: so much stays.",
    "confirm_repayment": "The notice is over.",
    "post_repayment": "It was confirmed.",
    "withdraw_repayment": "It was a mistake.",
}

PROPOSER, DECIDER = str(uuid4()), str(uuid4())
BY = {
    "propose_repayment": {"proposed_by": PROPOSER},
    "decide_reconsideration": {"decided_by": DECIDER},
}


def on(year, month, day, hour=10):
    return datetime(year, month, day, hour, tzinfo=UTC)


AFTER_NOTICE = TUESDAY_AT_TEN + timedelta(weeks=4)


def do(transaction, operation, *, at=TUESDAY_AT_TEN, **request):
    """Ask the service on a day, with a reason where one is needed, and return its whole answer."""
    reasons = {"reason": REASONS[operation]} if operation in REASONS else {}
    return ask(transaction, operation, at=at, **(reasons | BY.get(operation, {}) | request))


def a_funded_budget(transaction, *, nhs_share=5_000, weekly_pence=0, weeks=1, **plan):
    """Return an active budget; the person is charged ``weekly_pence`` and has not paid."""
    planned = a_planned_budget(transaction, **plan)
    if weekly_pence:
        ask(
            transaction,
            "report_financial_assessment",
            budget_id=str(planned.budget_id),
            weekly_contribution_pence=weekly_pence,
            weeks=weeks,
        )
    calls = called_by(agree(transaction, planned, nhs_share=nhs_share))
    for kind in calls.keys() - {"person"}:
        pay_in(transaction, planned, calls[kind])
    return planned, calls


def of(planned, **request):
    return {"budget_id": str(planned.budget_id), **request}


def propose(transaction, planned, *, repayment_id=None, at=TUESDAY_AT_TEN, **request):
    given = {"ground": "accumulated", "repayment_id": str(repayment_id or uuid4()), **ALL_OF_IT}
    return do(transaction, "propose_repayment", at=at, **of(planned, **(given | request)))


def proposed(transaction, planned, **request):
    """Propose a repayment and return how it is referred to from then on."""
    answer = propose(transaction, planned, **request)
    return of(planned, repayment_id=answer["result"]["repayment_id"])


def notified(transaction, planned, *, at=TUESDAY_AT_TEN, **request):
    known = proposed(transaction, planned, at=at, **request)
    do(transaction, "notify_repayment", at=at, **known)
    return known


def confirmed(transaction, planned, *, at=TUESDAY_AT_TEN, **request):
    known = notified(transaction, planned, at=at, **request)
    do(transaction, "confirm_repayment", at=at + timedelta(weeks=4), **known)
    return known


def posted(transaction, planned, *, at=TUESDAY_AT_TEN, **request):
    """Take a repayment all its way, and return the answer to the last step."""
    known = confirmed(transaction, planned, at=at, **request)
    return do(transaction, "post_repayment", at=at + timedelta(weeks=4), **known)


def buy_on(transaction, planned, amount_pence, *, at):
    purchase = a_purchase(planned, amount_pence)
    tell(transaction, purchase, at=at)
    return purchase


def cost(transaction, purchase, posted_pence, *, at, held_pence=0, version=1):
    event = amounts_of(purchase, version=version, held_pence=held_pence, posted_pence=posted_pence)
    tell(transaction, event, at=at)


def account(transaction, planned, funder_kind, name):
    """Return credits less debits of one account of a budget, in pence."""
    ((pence,),) = rows(
        transaction,
        """SELECT coalesce(sum(CASE account_id WHEN credit_account_id THEN amount_pence
                                               ELSE -amount_pence END), 0)
           FROM accounts JOIN postings ON account_id IN (credit_account_id, debit_account_id)
           WHERE budget_id = :budget_id AND funder_kind = :kind AND name = :name""",
        budget_id=planned.budget_id,
        kind=funder_kind,
        name=name,
    )
    return int(pence)


def parts(answer, transaction):
    """Return what a repayment gives to each: the funders by their kind, and the person."""
    kinds = dict(rows(transaction, "SELECT funder_id::text, kind FROM funders"))
    lines = answer["result"]["lines"]
    to_funders = {kinds[line["funder_id"]]: line["to_funder_pence"] for line in lines}
    return {
        **to_funders,
        "person": sum(line["to_person_pence"] for line in lines),
        "lowered": sum(line["charge_lowered_pence"] for line in lines),
    }
