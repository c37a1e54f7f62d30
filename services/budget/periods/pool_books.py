"""The books of a pool as its periods see them: who may write now, and whether they agree."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.accounts.models import Journal
from services.budget.agreements.models import Budget
from services.budget.periods import rules
from services.budget.periods.models import Period, PeriodClosure, PeriodSignature
from services.budget.periods.rules import PeriodState
from shared.database import sqlstate
from shared.errors import NotKnownYetError

LOCK_NOT_AVAILABLE = "55P03"

# The function book takes the same lock, shared, for each pool that it books for.
_STOP_BOOKING = text("SELECT pg_advisory_xact_lock(hashtextextended('periods of ' || :pool, 0))")
_KEEP_PERIODS = text(
    "SELECT pg_advisory_xact_lock_shared(hashtextextended('periods of ' || :pool, 0))"
)

# What must be true of a pool when one of its periods is closed: the rules of
# services.budget.invariants that cost no more than a look at the snapshot and at what came later.
# Each question returns a row where its rule is broken.
_QUESTIONS: Mapping[str, str] = {
    "I2": """
        SELECT a.funder_id FROM period_balances AS s JOIN accounts AS a USING (account_id)
        WHERE (s.period_id, s.version) = (:period_id, :version)
        GROUP BY a.funder_id HAVING sum(closing_pence) <> 0""",
    "I3": """
        SELECT b.account_id
        FROM period_balances AS s JOIN balances AS b USING (account_id) LEFT JOIN (
            SELECT account_id, sum(pence) AS later
            FROM budgets JOIN journals AS j USING (budget_id) JOIN postings AS o USING (journal_id),
            LATERAL (VALUES (credit_account_id, amount_pence), (debit_account_id, -amount_pence))
                AS moves (account_id, pence)
            WHERE pool_id = :pool_id AND effective_on >= :ends_on GROUP BY account_id) AS sums
            USING (account_id)
        WHERE (s.period_id, s.version) = (:period_id, :version)
          AND posted_pence <> closing_pence + coalesce(later, 0)""",
    "I5": """
        SELECT b.account_id FROM balances AS b JOIN accounts AS a USING (account_id)
        JOIN budgets USING (budget_id) LEFT JOIN (
            SELECT h.budget_id, p.funder_id, sum(p.held_pence) AS held
            FROM hold_portions AS p JOIN holds AS h USING (purchase_id) GROUP BY 1, 2) AS sums
            ON a.kind = 'available'
            AND (sums.budget_id, sums.funder_id) = (a.budget_id, a.funder_id)
        WHERE pool_id = :pool_id AND b.held_pence <> coalesce(held, 0)""",
    "I16": """
        SELECT budget_id FROM (
            SELECT a.budget_id, CASE a.kind WHEN 'due_to' THEN f.code || a.name
                                            ELSE split_part(a.name, ' ', 2) || 'due_to ' || f.code
                                END AS pair, closing_pence
            FROM period_balances AS s JOIN accounts AS a USING (account_id)
            JOIN funders AS f USING (funder_id)
            WHERE (s.period_id, s.version) = (:period_id, :version)
              AND a.kind IN ('due_to', 'due_from')) AS dues
        GROUP BY budget_id, pair HAVING sum(closing_pence) <> 0""",
}


def stop_booking(session: Session, pool_id: UUID) -> None:
    """Wait until nobody books for a pool, and let nobody until the transaction ends.

    What is booked after that is written later than anything that has been looked at.

    Raises:
        NotKnownYetError: somebody is booking for a long time; ask again.
    """
    _take(session, _STOP_BOOKING, pool_id)


def keep_periods(session: Session, pool_id: UUID) -> None:
    """Let nobody close or reopen a period of a pool until the transaction ends, as a booking does.

    Whoever locks budgets locks them before.

    Raises:
        NotKnownYetError: somebody is closing one; ask again.
    """
    _take(session, _KEEP_PERIODS, pool_id)


def _take(session: Session, lock: TextClause, pool_id: UUID) -> None:
    try:
        with session.begin_nested():
            session.execute(lock, {"pool": str(pool_id)})
    except DBAPIError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        raise NotKnownYetError("The pool's books are in use; try again.") from error


def effective_on(session: Session, pool_id: UUID, occurred_on: date, today: date) -> date:
    """Return the day for which something that happened counts in the books of a pool.

    A journal of a closed day is a prior-period item: it counts for the day on which it is booked,
    and its ``occurred_on`` still says when it happened. One question to the database.
    """
    closed_until = session.scalar(
        select(func.max(Period.ends_on))
        .where(Period.pool_id == pool_id)
        .where(Period.state != PeriodState.OPEN)
    )
    return rules.day_it_counts_for(occurred_on=occurred_on, today=today, closed_until=closed_until)


def last_seq(session: Session, period: Period) -> int:
    """Return the last journal that a closing of this period would hold, 0 where there is none."""
    newest = (
        select(func.max(Journal.seq))
        .join(Budget, Budget.budget_id == Journal.budget_id)
        .where(Budget.pool_id == period.pool_id, Journal.effective_on < period.ends_on)
    )
    return session.scalar(newest) or 0


def state_before(session: Session, period: Period) -> PeriodState | None:
    return session.scalar(
        select(Period.state)
        .where(Period.pool_id == period.pool_id)
        .where(Period.ends_on == period.starts_on)
    )


def versions(session: Session, period: Period) -> int:
    """Count how often a period was closed for good."""
    closures = select(func.count()).where(PeriodClosure.period_id == period.period_id)
    return session.scalar(closures) or 0


def missing_signatures(session: Session, period: Period, *, partners: Sequence[UUID]) -> list[UUID]:
    """Return the partners that have not signed a period as it stands, in order."""
    signed = session.scalars(
        select(PeriodSignature.funder_id)
        .where(PeriodSignature.period_id == period.period_id)
        .where(PeriodSignature.version == versions(session, period) + 1)
        .where(PeriodSignature.last_seq >= last_seq(session, period))
    )
    return sorted(set(partners) - set(signed))


_UNMATCHED = text("""
    SELECT count(*) FROM (
        SELECT a.budget_id FROM accounts AS a JOIN budgets AS b USING (budget_id) JOIN (
            SELECT journal_id, credit_account_id AS account_id, amount_pence AS amount FROM postings
            UNION ALL SELECT journal_id, debit_account_id, -amount_pence FROM postings) AS moves
            USING (account_id)
        JOIN journals AS j USING (journal_id)
        WHERE b.pool_id = :pool_id AND a.kind = 'unmatched' AND j.effective_on < :ends_on
        GROUP BY a.budget_id HAVING sum(amount) <> 0) AS unmatched
""")


def in_suspense(session: Session, period: Period) -> int:
    """Count the budgets of a period's pool where money has come back and nobody knows whose it is.

    Lines of a bank that are in suspense belong to no pool until they are matched: they hold up
    nothing here, and are listed by the query ``reconciliation``.
    """
    asked = {"pool_id": period.pool_id, "ends_on": period.ends_on}
    return session.scalar(_UNMATCHED, asked) or 0


def broken_rules(session: Session, period: Period, *, version: int) -> list[str]:
    """Return the cheap rules that the books of a period's pool break, by their snapshot."""
    asked = {
        "period_id": period.period_id,
        "version": version,
        "pool_id": period.pool_id,
        "ends_on": period.ends_on,
    }
    return [
        rule
        for rule, question in _QUESTIONS.items()
        if session.execute(text(question), asked).first() is not None
    ]
