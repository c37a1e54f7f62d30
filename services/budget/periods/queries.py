"""Closed periods as they were closed, and balances as they were known."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.accounts.bookkeeper import settled
from services.budget.accounts.rules import BudgetNotFoundError
from services.budget.agreements.models import known_budget
from services.budget.periods import rules
from services.budget.periods.commands import ShowBalance, ShowPeriod
from services.budget.periods.models import Period, PeriodClosure
from services.budget.periods.rules import PeriodNotClosedError, PeriodNotFoundError
from shared.errors import NotKnownYetError

_SIGNATURES = text("""
    SELECT DISTINCT ON (funder_id) funder_id, role, signed_at FROM period_signatures
    WHERE (period_id, version) = (:period_id, :version) ORDER BY funder_id, last_seq DESC
""")
_FUNDERS = text("""
    SELECT a.funder_id, a.kind AS account, sum(opening_pence)::bigint AS opening_pence,
           sum(debits_pence)::bigint AS debits_pence, sum(credits_pence)::bigint AS credits_pence,
           sum(closing_pence)::bigint AS closing_pence, sum(s.held_pence)::bigint AS held_pence
    FROM period_balances AS s JOIN accounts AS a USING (account_id)
    WHERE (period_id, version) = (:period_id, :version)
    GROUP BY a.funder_id, a.kind ORDER BY a.funder_id, a.kind
""")
_ACCOUNTS = text("""
    SELECT a.funder_id, a.name AS account, opening_pence, debits_pence, credits_pence,
           closing_pence, s.held_pence
    FROM period_balances AS s JOIN accounts AS a USING (account_id)
    WHERE (period_id, version) = (:period_id, :version) AND a.budget_id = :budget_id
    ORDER BY a.account_id
""")
_JOURNALS = text("""
    SELECT seq, journal_id, j.kind, source_id, effective_on, occurred_on, recorded_at, actor,
           reason, metadata,
           (SELECT json_agg(json_build_object('funder_id', o.funder_id, 'debit', d.name,
                                              'credit', c.name, 'amount_pence', amount_pence)
                            ORDER BY line)
            FROM postings AS o JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE o.journal_id = j.journal_id) AS postings
    FROM journals AS j
    WHERE budget_id = :budget_id AND effective_on >= :starts_on AND effective_on < :ends_on
      AND seq <= :last_seq
    ORDER BY seq
""")
_BALANCES = text("""
    SELECT a.funder_id, f.kind AS funder_kind,
           coalesce(sum(pence) FILTER (WHERE effective_on < :year), 0)::bigint AS opening_pence,
           coalesce(sum(pence) FILTER (WHERE effective_on BETWEEN :year AND :as_of
                                             AND pence > 0), 0)::bigint AS in_pence,
           coalesce(-sum(pence) FILTER (WHERE effective_on BETWEEN :year AND :as_of
                                              AND pence < 0), 0)::bigint AS out_pence,
           coalesce(sum(pence) FILTER (WHERE effective_on <= :as_of), 0)::bigint AS posted_pence,
           b.held_pence
    FROM accounts AS a JOIN balances AS b USING (account_id) JOIN funders AS f USING (funder_id)
    LEFT JOIN (
        SELECT moved_id, pence, effective_on
        FROM journals JOIN postings USING (journal_id),
        LATERAL (VALUES (credit_account_id, amount_pence), (debit_account_id, -amount_pence))
            AS moves (moved_id, pence)
        WHERE budget_id = :budget_id
          AND recorded_at <= coalesce(CAST(:known_at AS timestamptz), 'infinity')) AS moves
        ON moved_id = account_id
    WHERE a.budget_id = :budget_id AND a.kind = 'available'
    GROUP BY a.account_id, f.kind, b.held_pence
    HAVING CAST(:known_at AS timestamptz) IS NULL OR count(moved_id) > 0
    ORDER BY f.kind, a.funder_id
""")


def period_statement(asked: ShowPeriod, *, session: Session) -> dict[str, Any]:
    """Return a closed period as it was closed, the same to the byte whenever it is asked for.

    Nothing but the snapshot and the journals up to its last one is looked at, and neither is
    ever changed: what is booked later, and a reopening, make other versions.

    Raises:
        PeriodNotFoundError: there is no such period.
        PeriodNotClosedError: it was not closed, or not so often.
    """
    period = session.get(Period, asked.period_id)
    if period is None:
        raise PeriodNotFoundError("There is no such period.")
    closure = _closure(session, asked)
    key = {"period_id": closure.period_id, "version": closure.version}
    shown = {
        "period_id": period.period_id,
        "pool_id": period.pool_id,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "version": closure.version,
        "last_seq": closure.last_seq,
        "hash": closure.hash.hex(),
        "closed_by": closure.closed_by,
        "closed_at": closure.closed_at,
        "signatures": _rows(session, _SIGNATURES, **key),
        "funders": _rows(session, _FUNDERS, **key),
    }
    if asked.budget_id is None:
        return shown
    return {**shown, "budget": _of_budget(session, asked.budget_id, period, closure)}


def balance(asked: ShowBalance, *, session: Session) -> dict[str, Any]:
    """Return what each funder has in a budget, counting the days to one, as known at an instant.

    For each: what it had when the financial year of that day began, what came in and went out
    since, and what that makes. What is held is known of the present only: ``held_now_pence`` is
    there when no instant is told, whatever the day. A funder without any journal is shown with
    nothing, unless an instant is told at which none was known.

    For a day and an instant until which the books are settled the answer never changes.

    Raises:
        BudgetNotFoundError: there is none.
        NotKnownYetError: the books are not settled until that instant; ask again.
    """
    budget = known_budget(session, asked.budget_id)
    if asked.known_at is not None and asked.known_at > _settled_at(session):
        raise NotKnownYetError("What was known then is not settled yet.")
    funders = _rows(
        session,
        _BALANCES,
        budget_id=budget.budget_id,
        as_of=asked.as_of,
        known_at=asked.known_at,
        year=rules.start_of_year(rules.financial_year_of(asked.as_of)),
    )
    for funder in funders:
        held_pence = funder.pop("held_pence")
        funder["held_now_pence"] = held_pence if asked.known_at is None else None
    return {
        "budget_id": budget.budget_id,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        "funders": funders,
    }


def _settled_at(session: Session) -> datetime:
    """Ask as the service itself: who may read some people's rows does not see what is under way."""
    with Session(session.get_bind()) as service:
        return settled(service).at


def _closure(session: Session, asked: ShowPeriod) -> PeriodClosure:
    closures = select(PeriodClosure).where(PeriodClosure.period_id == asked.period_id)
    if asked.version is not None:
        closures = closures.where(PeriodClosure.version == asked.version)
    closure = session.scalars(closures.order_by(PeriodClosure.version.desc()).limit(1)).first()
    if closure is None:
        raise PeriodNotClosedError("The period has not been closed, or not so often.")
    return closure


def _of_budget(
    session: Session, budget_id: UUID, period: Period, closure: PeriodClosure
) -> dict[str, Any]:
    accounts = _rows(
        session,
        _ACCOUNTS,
        period_id=closure.period_id,
        version=closure.version,
        budget_id=budget_id,
    )
    if not accounts:
        raise BudgetNotFoundError("This period's books have no such budget.")
    journals = _rows(
        session,
        _JOURNALS,
        budget_id=budget_id,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        last_seq=closure.last_seq,
    )
    return {"budget_id": budget_id, "accounts": accounts, "journals": journals}


def _rows(session: Session, question: Any, **asked: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(question, asked).mappings()]
