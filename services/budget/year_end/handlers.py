"""Ending a pool's financial year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import MOST_BOOKINGS, Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import AccountKind
from services.budget.agreements.models import locked_budgets
from services.budget.funders import handlers as funders
from services.budget.funders.models import Pool
from services.budget.periods import pool_books
from services.budget.periods.models import Period, PeriodClosure
from services.budget.periods.rules import PeriodNotClosedError, PeriodState, start_of_year
from services.budget.year_end import rules
from services.budget.year_end.commands import MakeYearEnd
from services.budget.year_end.models import YearEnd, YearEndLine
from services.budget.year_end.rules import YearEndDiffersError
from shared.contracts import documents
from shared.trace import Trace

REASON = "What was left at the end of the financial year went back, by the partners' rules."

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('year end of ' || :pool, 0))")
_NEXT_BUDGETS = text("""
    SELECT DISTINCT a.budget_id FROM period_balances AS s JOIN accounts AS a USING (account_id)
    WHERE (s.period_id, s.version) = (:period_id, :version) AND a.kind = 'available'
      AND NOT EXISTS (SELECT FROM year_end_lines AS l
                      WHERE (l.pool_id, l.financial_year, l.budget_id)
                            = (:pool_id, :financial_year, a.budget_id))
    ORDER BY a.budget_id LIMIT :most
""")
# What a reserve added for a crisis that goes on is kept for it. What the person was charged is
# theirs to have back, and no partner's to take or to share.
_LEFT = text("""
    SELECT a.budget_id, a.funder_id, closing_pence, s.held_pence, charges.pence AS charged_pence,
           b.posted_pence - b.held_pence - (
               SELECT coalesce(sum(p.amount_pence), 0)
               FROM crisis_reserves AS r JOIN crises AS k USING (reserve_id)
               JOIN crisis_parts AS p USING (crisis_id)
               WHERE r.budget_id = a.budget_id AND p.funder_id = a.funder_id
                 AND k.stood_down_at IS NULL)::bigint AS free_now_pence
    FROM period_balances AS s JOIN accounts AS a USING (account_id)
    JOIN balances AS b USING (account_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0)::bigint AS pence FROM accounts AS c CROSS JOIN LATERAL (
            SELECT amount_pence AS amount FROM postings WHERE debit_account_id = c.account_id
            UNION ALL SELECT -amount_pence FROM postings
            WHERE credit_account_id = c.account_id) AS moved
        WHERE (c.budget_id, c.funder_id) = (a.budget_id, a.funder_id)
          AND c.kind IN ('charged', 'charge_due')) AS charges
    WHERE (s.period_id, s.version) = (:period_id, :version) AND a.kind = 'available'
      AND a.budget_id = ANY(:budget_ids)
    ORDER BY a.budget_id, a.funder_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One batch of a year end: what becomes of each partner's money in each of some budgets."""

    year: YearEnd
    pool: Pool
    day: date  # for which it counts
    codes: Mapping[UUID, str]
    lines: Mapping[UUID, Sequence[rules.YearEndLine]]  # by budget


def year_end(command: MakeYearEnd, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Carry, let lapse or share what is left of a financial year, once for each budget.

    A thousand budgets at most: ``is_all`` is false when the command must be sent again, as
    another. Whatever is done stays done, so it can be repeated at any time.

    Raises:
        PoolNotFoundError: there is no such pool.
        RulesWrongError: the rules are not one for each partner.
        PeriodNotClosedError: the year's last period is not closed.
        YearEndDiffersError: the year's end was begun by other rules.
        RuleMissingError: a partner has money left and no rule.
        NotKnownYetError: somebody is closing a period of the pool; ask again.
    """
    pool, partners = funders.partners_of(session, command.pool_id)
    rules.see_that_they_are_whole(command.rules, partner_ids=partners.keys())
    session.execute(_ONE_AT_A_TIME, {"pool": str(pool.pool_id)})
    year = _begun(session, command) or _new(session, command, trace=trace)
    budget_ids = _next_budgets(session, year)
    batch = budget_ids[:MOST_BOOKINGS]
    locked_budgets(session, batch)
    _see_that_it_stays_closed(session, year)
    made = Made(
        year=year,
        pool=pool,
        day=_day(session, year, today=trace.today),
        codes={one.funder_id: str(one.code) for one in partners.values()},
        lines=_lines(session, year, command, batch),
    )
    _save(made, session=session, trace=trace)
    told = [line for of_budget in made.lines.values() for line in of_budget]
    return {
        "budgets": len(batch),
        "carried_pence": sum(line.carried_pence for line in told),
        "lapsed_pence": sum(line.lapsed_pence for line in told),
        "is_all": len(budget_ids) <= MOST_BOOKINGS,
    }


def _begun(session: Session, command: MakeYearEnd) -> YearEnd | None:
    begun = session.get(YearEnd, (command.pool_id, command.financial_year))
    if begun is not None and begun.rules != _written(command):
        raise YearEndDiffersError("This year's end was begun by other rules.")
    return begun


def _written(command: MakeYearEnd) -> list[dict[str, Any]]:
    """Return rules in the form in which they are kept, in one order."""
    written = [
        {"funder_id": one.funder_id, "leftover": one.leftover, "numerator": one.numerator}
        for one in command.rules
    ]
    return sorted(documents.plain(written), key=lambda one: one["funder_id"])


def _new(session: Session, command: MakeYearEnd, *, trace: Trace) -> YearEnd:
    last = session.execute(
        select(Period.period_id, PeriodClosure.version)
        .join(PeriodClosure, PeriodClosure.period_id == Period.period_id)
        .where(Period.pool_id == command.pool_id)
        .where(Period.ends_on == start_of_year(command.financial_year + 1))
        .order_by(PeriodClosure.version.desc())
        .limit(1)
    ).first()
    if last is None:
        raise PeriodNotClosedError("The last period of this financial year is not closed.")
    return YearEnd(
        pool_id=command.pool_id,
        financial_year=command.financial_year,
        period_id=last.period_id,
        version=last.version,
        rules=_written(command),
        actor=trace.actor,
        made_at=trace.at,
    )


def _next_budgets(session: Session, year: YearEnd) -> list[UUID]:
    """Return the budgets that are still to be done, one more than fit into a batch at most."""
    asked = {
        "period_id": year.period_id,
        "version": year.version,
        "pool_id": year.pool_id,
        "financial_year": year.financial_year,
        "most": MOST_BOOKINGS + 1,
    }
    return list(session.scalars(_NEXT_BUDGETS, asked))


def _see_that_it_stays_closed(session: Session, year: YearEnd) -> None:
    """Keep the year's last period as it was when its snapshot was taken.

    Raises:
        PeriodNotClosedError: it was reopened meanwhile.
    """
    pool_books.keep_periods(session, year.pool_id)
    state, version = session.execute(
        select(Period.state, PeriodClosure.version)
        .join(PeriodClosure, PeriodClosure.period_id == Period.period_id)
        .where(Period.period_id == year.period_id)
        .order_by(PeriodClosure.version.desc())
        .limit(1)
    ).one()
    if (state, version) != (PeriodState.CLOSED, year.version):
        raise PeriodNotClosedError("The last period of this financial year was reopened.")


def _lines(
    session: Session, year: YearEnd, command: MakeYearEnd, budget_ids: Sequence[UUID]
) -> dict[UUID, list[rules.YearEndLine]]:
    """Return what becomes of each partner's money, by budget."""
    if not budget_ids:  # all of them were done before
        return {}
    asked = {"period_id": year.period_id, "version": year.version, "budget_ids": budget_ids}
    left: dict[UUID, dict[UUID, int]] = {}
    for row in session.execute(_LEFT, asked):
        left.setdefault(row.budget_id, {})[row.funder_id] = rules.left_pence(
            closing_pence=row.closing_pence,
            held_pence=row.held_pence,
            free_now_pence=row.free_now_pence,
            charged_pence=row.charged_pence,
        )
    return {
        budget_id: rules.lines(of_budget, command.rules, tie=budget_id.int)
        for budget_id, of_budget in left.items()
    }


def _save(made: Made, *, session: Session, trace: Trace) -> None:
    """Book what lapses and comes to be due, one journal for each budget, and keep the lines."""
    session.add(made.year)
    session.flush()
    bookkeeper.open_account(session, AccountKind.LAPSED, budget_ids=list(made.lines))
    bookings = [_booking(budget_id, made, trace=trace) for budget_id in made.lines]
    bookkeeper.book(session, *bookings)
    session.add_all(
        YearEndLine(
            pool_id=made.year.pool_id,
            financial_year=made.year.financial_year,
            budget_id=budget_id,
            funder_id=line.funder_id,
            left_pence=line.left_pence,
            carried_pence=line.carried_pence,
            lapsed_pence=line.lapsed_pence,
            due_pence=line.due_pence,
        )
        for budget_id, of_budget in made.lines.items()
        for line in of_budget
    )
    session.flush()


def _day(session: Session, year: YearEnd, *, today: date) -> date:
    """Return the first day of the new year, or today where that is closed."""
    first_day = start_of_year(year.financial_year + 1)
    return pool_books.effective_on(session, year.pool_id, first_day, today)


def _booking(budget_id: UUID, made: Made, *, trace: Trace) -> Booking:
    year = made.year
    return Booking(
        budget_id=budget_id,
        kind=JournalKind.YEAR_END,
        source_id=year.period_id,
        effective_on=made.day,
        occurred_on=start_of_year(year.financial_year + 1),
        actor=trace.actor,
        reason=REASON,
        metadata={"financial_year": str(year.financial_year)},
        entries=list(
            rules.entries(made.lines[budget_id], codes=made.codes, host_id=made.pool.host_id)
        ),
    )
