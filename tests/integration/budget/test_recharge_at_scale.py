"""A large pool: thousands of budgets in one month's run, settled a few hundred at a time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Book, Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import Entry, KeptHold, KeptPortion
from services.budget.agreements.models import (
    Agreement,
    AgreementShare,
    AgreementState,
    Budget,
    BudgetItem,
    BudgetState,
)
from services.budget.funders.rules import FunderKind
from services.budget.funding.models import Contribution
from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.between_funders import CODES, run, settle, the_invoice
from tests.integration.budget.budgets import COUNCIL, NHS, POOL, a_pool, rows

TODAY = TUESDAY_AT_TEN.date()
BUDGETS = 5_000
AT_ONCE = 250


@pytest.fixture(autouse=True)
def _every_penny_is_accounted_for(verified):
    """By the whole verifier: what conftest asks does not know settlements."""


@pytest.fixture
def counted(administrators):
    """Have PostgreSQL count rows, as it does by itself of tables that grow.

    In ours it may have counted between two tests, when there was none.
    """

    def count():
        with administrators("budget").begin() as connection:
            connection.execute(text("ANALYZE"))

    return count


def some_budgets(transaction, first):
    """Have the council advance one pound and a different penny in each of some budgets.

    As the commands leave them, and so many at once as they never come.
    """
    with transaction() as session:
        planned = [_planned(session) for _ in range(AT_ONCE)]
        session.flush()
        for budget, *_ in planned:
            books = [
                Book(funder_id=NHS, kind=FunderKind.NHS, counterparties=[CODES[COUNCIL]]),
                Book(funder_id=COUNCIL, kind=FunderKind.COUNCIL, counterparties=[CODES[NHS]]),
            ]
            bookkeeper.open_books(session, budget_id=budget.budget_id, books=books)
        bookkeeper.book(session, *[_promised(*one) for one in planned])
        spent = [_spent(*one, 1_00 + first + place) for place, one in enumerate(planned)]
        bookkeeper.book(session, *spent)


def _planned(session):
    budget = Budget(
        budget_id=uuid4(),
        plan_id=uuid4(),
        plan_version=1,
        person_id=uuid4(),
        legal_basis="care_act",
        total_pence=1_000_00,
        state=BudgetState.ACTIVE,
        pool_id=POOL,
    )
    item = BudgetItem(
        item_id=uuid4(),
        budget_id=budget.budget_id,
        plan_version=1,
        description="Something that the NHS pays",
        goal="",
        payer="nhs",
        unit_cost_pence=1_000_00,
        occurrences=1,
    )
    agreement = Agreement(
        agreement_id=uuid4(),
        budget_id=budget.budget_id,
        purpose="nhs",
        version=1,
        state=AgreementState.AGREED,
        starts_on=TODAY,
        ends_on=None,
        denominator=1,
    )
    contribution = Contribution(
        contribution_id=uuid4(),
        budget_id=budget.budget_id,
        funder_id=NHS,
        amount_pence=1_000_00,
        due_on=TODAY,
        committed_at=TUESDAY_AT_TEN,
    )
    session.add(budget)
    session.flush()
    session.add_all([item, agreement, contribution])
    session.flush()
    session.add(
        AgreementShare(
            agreement_id=agreement.agreement_id,
            funder_id=NHS,
            numerator=1,
            legal_basis="care_act",
            priority=1,
            cap_pence=None,
            agreed_pence=1_000_00,
        )
    )
    return budget, item, agreement, contribution


def _promised(budget, _item, _agreement, contribution):
    entry = Entry(funder_id=NHS, debit="promised", credit="available", amount_pence=1_000_00)
    return _booking(budget, JournalKind.PROMISE, contribution.contribution_id, [entry])


def _spent(budget, item, agreement, _contribution, pence):
    portion = KeptPortion(
        funder_id=NHS,
        asked_pence=pence,
        held_pence=0,
        posted_pence=pence,
        overspent_pence=0,
        advanced_pence=pence,
    )
    hold = KeptHold(
        purchase_id=uuid4(),
        budget_id=budget.budget_id,
        item_id=item.item_id,
        agreement_id=agreement.agreement_id,
        asked_pence=pence,
        expires_at=TUESDAY_AT_TEN + timedelta(days=30),
        version=2,
        amounts_version=1,
        unmatched_pence=0,
        expired_at=None,
        portions=[portion],
    )
    due_to, due_from = f"due_to {CODES[COUNCIL]}", f"due_from {CODES[NHS]}"
    entries = [
        Entry(funder_id=NHS, debit="available", credit=due_to, amount_pence=pence),
        Entry(funder_id=COUNCIL, debit=due_from, credit="paid_out", amount_pence=pence),
    ]
    return _booking(budget, JournalKind.CAPTURE, hold.purchase_id, entries, hold=hold)


def _booking(budget, kind, source_id, entries, *, hold=None):
    return Booking(
        budget_id=budget.budget_id,
        kind=kind,
        source_id=source_id,
        effective_on=TODAY,
        occurred_on=TODAY,
        actor="tests/system",
        reason="A large pool.",
        entries=entries,
        hold=hold,
    )


@pytest.mark.prove
def test_a_pool_of_five_thousand_budgets_is_run_at_once_and_settled_in_parts(transaction, counted):
    a_pool(transaction)
    for first in range(0, BUDGETS, AT_ONCE):
        some_budgets(transaction, first)
        counted()
    due_pence = BUDGETS * 1_00 + sum(range(BUDGETS))

    answer = run(transaction)

    assert answer["result"]["lines"] == BUDGETS
    assert the_invoice(answer)["net_pence"] == due_pence
    parts = [settle(transaction, answer)["result"]]
    while not parts[-1]["is_all"]:
        parts.append(settle(transaction, answer)["result"])
    assert [part["budgets"] for part in parts] == [200] * 25
    assert sum(part["promises_kept_pence"] for part in parts) == due_pence
    settled = "SELECT sum(amount_pence) FROM journals JOIN postings USING (journal_id)"
    (journals,) = rows(transaction, f"{settled} WHERE kind = 'settlement'")
    assert journals == (2 * due_pence,)
