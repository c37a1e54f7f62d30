"""A pool's periods, who closes them, and what is booked for their days."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from itertools import pairwise
from uuid import UUID, uuid4

from services.budget.accounts.models import JournalKind
from services.budget.holds import purchases, rules
from shared.contracts import documents
from tests import factories
from tests.integration.budget import budgets
from tests.integration.budget.budgets import COUNCIL, NHS, POOL, an_active_budget, buy

DECEMBER = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
APRIL = datetime(2027, 4, 20, 10, 0, tzinfo=UTC)
IN_NOVEMBER = date(2026, 11, 24)
COUNCIL_FINANCE = "E06000001/finance_officer"
NHS_FINANCE = "QHM01/finance_officer"
# Answers to commands and what refused ones leave are kept beside the books.
unanswered = partial(budgets.everything, apart_from=("answered_commands",))

a_trace = partial(factories.a_trace, at=DECEMBER, actor=COUNCIL_FINANCE)


def ask(transaction, operation, *, at=DECEMBER, actor=COUNCIL_FINANCE, **request):
    """Ask the service in December as the council's finance officer, where nothing else is said."""
    request = documents.plain(request)
    return budgets.ask(transaction, operation, at=at, actor=actor, **request)


def refused(transaction, operation, **asked):
    """Ask for what must be refused; return the code, once nothing has changed."""
    before = unanswered(transaction)
    answer = ask(transaction, operation, **asked)
    assert unanswered(transaction) == before
    return answer["refusal"]["code"]


def done(transaction, operation, **asked):
    answer = ask(transaction, operation, **asked)
    assert "result" in answer, answer
    return answer["result"]


def a_period(transaction, starts_on, ends_on):
    period_id = uuid4()
    days = {"starts_on": starts_on, "ends_on": ends_on}
    done(transaction, "open_period", period_id=period_id, pool_id=POOL, **days)
    return period_id


def a_calendar(transaction):
    """Open the summer, November, December, and the rest of the year; return their ids."""
    days = ["2026-04-01", "2026-11-01", "2026-12-01", "2027-01-01", "2027-04-01"]
    return [a_period(transaction, starts_on, ends_on) for starts_on, ends_on in pairwise(days)]


def sign(transaction, period_id, *partners, at=DECEMBER):
    for funder_id in partners or (NHS, COUNCIL):
        answer = ask(
            transaction,
            "sign_period",
            period_id=period_id,
            funder_id=funder_id,
            role="chief_finance_officer",
            at=at,
        )
    return answer


def close(transaction, period_id, *, at=DECEMBER):
    """Close a period: softly, signed by both partners, and for good."""
    done(transaction, "soft_close_period", period_id=period_id, at=at)
    return sign_and_close(transaction, period_id, at=at)


def sign_and_close(transaction, period_id, *, at=DECEMBER):
    sign(transaction, period_id, at=at)
    return done(transaction, "close_period", period_id=period_id, at=at)


def reopen(transaction, period_id, *, at=DECEMBER):
    asked = {"period_id": period_id, "reason": "An invoice was forgotten.", "at": at}
    done(transaction, "approve_reopening", actor=NHS_FINANCE, **asked)
    return done(transaction, "reopen_period", actor=COUNCIL_FINANCE, **asked)


def a_budget(transaction, *, joint=100_00, **changes):
    """A budget that both partners paid into on a Tuesday in November."""
    return an_active_budget(transaction, joint=joint, **changes)


def a_purchase_of(transaction, planned, amount_pence):
    purchase, answer = buy(transaction, planned, amount_pence)
    assert answer == "hold_placed"
    return purchase


def spend(transaction, purchase, posted_pence, **changes):
    """Book what a purchase has cost, as the ledger does, for a day."""
    with transaction() as session:
        spend_in(session, purchase, posted_pence, **changes)


def spend_in(
    session, purchase, posted_pence, *, version=1, on=IN_NOVEMBER, late_because=None, held=0
):
    trace = a_trace(at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    standing = purchases.as_it_stands(session, purchase.purchase_id, on=on)
    hold, entries = rules.brought_to(
        replace(standing.hold, amounts_version=version),
        held_pence=held,
        posted_pence=posted_pence,
        unmatched_pence=0,
        parts=standing.parts,
        host=standing.host,
        account=standing.spent_to,
    )
    booked = purchases.booking(hold, kind=JournalKind.CAPTURE, entries=entries, trace=trace)
    metadata = {"late_because": late_because} if late_because else {}
    booked = replace(booked, metadata=metadata)
    purchases.book_and_tell(
        booked, hold, before=standing.hold, standing=standing, session=session, trace=trace
    )


def balance_of(transaction, planned, as_of, *, known_at=None):
    return done(transaction, "balance", budget_id=planned.budget_id, as_of=as_of, known_at=known_at)


def posted_of(transaction, planned, as_of, *, known_at=None):
    """Return what each kind of funder had, in pence."""
    funders = balance_of(transaction, planned, as_of, known_at=known_at)["funders"]
    return {funder["funder_kind"]: funder["posted_pence"] for funder in funders}


def statement_bytes(transaction, period_id, **asked):
    return documents.write(done(transaction, "period_statement", period_id=period_id, **asked))


def now(transaction):
    """The database's own clock, by which it notes when something was written."""
    return budgets.rows(transaction, "SELECT clock_timestamp()")[0][0]


def snapshot_of(transaction, period_id, version=1):
    """Return opening, debits, credits, closing and held of a period, by book and account."""
    sql = """SELECT f.kind, a.name, opening_pence, debits_pence, credits_pence, closing_pence,
                    s.held_pence
             FROM period_balances AS s JOIN accounts AS a USING (account_id)
             JOIN funders AS f USING (funder_id)
             WHERE (period_id, version) = (:period_id, :version)"""
    found = budgets.rows(transaction, sql, period_id=period_id, version=version)
    return {(kind, name): figures for kind, name, *figures in map(list, found)}


def a_rule(funder_id: UUID, leftover, numerator=None):
    return {"funder_id": funder_id, "leftover": leftover, "numerator": numerator}
