"""Signing how risk is shared, and sharing it at the end of a year."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.models import JournalKind
from services.budget.agreements.models import locked_budgets
from services.budget.agreements.rules import NotAPartnerError, SignatureMissingError
from services.budget.funders import handlers as funders
from services.budget.funders.models import Pool
from services.budget.holds.rules import Host
from services.budget.recharge.handlers import locked_pool
from services.budget.risk_share import outturn, rules
from services.budget.risk_share.commands import RunRiskShare, SetRiskRule
from services.budget.risk_share.models import (
    RiskRule,
    RiskRulePart,
    RiskRuleSignature,
    RiskShareMove,
    RiskShareRun,
    parts_of,
    rule_of,
)
from services.budget.risk_share.rules import (
    AlreadySharedError,
    Move,
    Part,
    RiskRuleDiffersError,
    RiskShareDiffersError,
)
from shared.trace import Trace


def set_risk_rule(command: SetRiskRule, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Let a pool share its risk by a rule from a financial year on, once every partner signed.

    Raises:
        PoolNotFoundError: there is no such pool.
        RiskRuleDiffersError: ``rule_id`` is that of another rule.
        RiskRuleWrongError: see ``rules``.
        NotAPartnerError, SignatureMissingError: somebody else signed, or a partner has not.
        AlreadySharedError: the year, or a later one, was shared.
    """
    locked_pool(session, command.pool_id)
    pool, partners = funders.partners_of(session, command.pool_id)
    known = session.get(RiskRule, command.rule_id)
    if known is not None:
        _see_that_it_is_the_same(known, command, session=session)
        return {"rule_id": known.rule_id, "version": known.version}
    rules.see_that_it_is_a_rule(command.kind, _parts(command), partner_ids=partners.keys())
    signed_by = {signature.funder_id for signature in command.signatures}
    if signed_by - partners.keys():
        raise NotAPartnerError("A signature is of somebody who is no partner of the pool.")
    missing = partners.keys() - signed_by
    if missing:
        raise SignatureMissingError("A partner of the pool has not signed.", missing=len(missing))
    if _newest_shared_year(session, pool.pool_id) >= command.from_year:
        raise AlreadySharedError("The risk of this year, or of a later one, was shared.")
    rule = _save(command, session=session)
    return {"rule_id": rule.rule_id, "version": rule.version}


def run_risk_share(command: RunRiskShare, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Share a year's overspends and underspends by the pool's rule, once for each year.

    What moves becomes due between partners: the next recharge takes it.

    Raises:
        PoolNotFoundError: there is no such pool.
        RiskShareDiffersError: ``run_id`` is that of another run.
        YearNotOverError, RuleMissingError, AlreadySharedError: it cannot be shared.
    """
    pool = locked_pool(session, command.pool_id)
    run = session.get(RiskShareRun, command.run_id)
    if run is not None:
        if (run.pool_id, run.financial_year) != (command.pool_id, command.financial_year):
            raise RiskShareDiffersError("Another run has this id.")
        return _answer(run, _written(session, run))
    run = _new_run(session, command, trace=trace)
    moves = _planned(session, run)
    _write(session, run, moves, pool=pool, trace=trace)
    return _answer(run, moves)


def _parts(rule: SetRiskRule) -> list[Part]:
    return [Part(**asdict(part)) for part in rule.parts]


def _see_that_it_is_the_same(known: RiskRule, command: SetRiskRule, *, session: Session) -> None:
    was = (known.pool_id, known.kind, known.from_year)
    asked = (command.pool_id, command.kind, command.from_year)
    if was != asked or set(parts_of(session, known.rule_id)) != set(_parts(command)):
        raise RiskRuleDiffersError("Another rule has this id.")


def _newest_shared_year(session: Session, pool_id: UUID) -> int:
    newest = select(func.max(RiskShareRun.financial_year)).where(RiskShareRun.pool_id == pool_id)
    return session.scalar(newest) or 0


def _save(command: SetRiskRule, *, session: Session) -> RiskRule:
    newest = select(func.max(RiskRule.version)).where(RiskRule.pool_id == command.pool_id)
    rule = RiskRule(
        rule_id=command.rule_id,
        pool_id=command.pool_id,
        version=(session.scalar(newest) or 0) + 1,
        kind=command.kind,
        from_year=command.from_year,
    )
    session.add(rule)
    session.flush()
    session.add_all(RiskRulePart(rule_id=rule.rule_id, **asdict(part)) for part in command.parts)
    signed = {signature.funder_id: signature for signature in command.signatures}
    session.add_all(
        RiskRuleSignature(rule_id=rule.rule_id, **asdict(signature))
        for signature in signed.values()
    )
    session.flush()
    return rule


def _new_run(session: Session, command: RunRiskShare, *, trace: Trace) -> RiskShareRun:
    """Return a run of a year that can be shared; it is not saved yet."""
    rules.see_that_year_is_over(command.financial_year, today=trace.today)
    if _newest_shared_year(session, command.pool_id) >= command.financial_year:
        raise AlreadySharedError("The risk of this year, or of a later one, was shared.")
    rule = rule_of(session, command.pool_id, command.financial_year)
    return RiskShareRun(
        run_id=command.run_id,
        pool_id=command.pool_id,
        financial_year=command.financial_year,
        rule_id=rule.rule_id,
        run_at=trace.at,
    )


def _planned(session: Session, run: RiskShareRun) -> list[Move]:
    """Return what is to move, as it is found when the budgets are locked, and in these only."""
    year = rules.year_of(run.financial_year)
    locked = locked_budgets(session, outturn.find(session, run.pool_id, year).budget_ids)
    found = outturn.find(session, run.pool_id, year).only(locked)
    return rules.planned(found, parts=parts_of(session, run.rule_id))


def _write(
    session: Session, run: RiskShareRun, moves: Sequence[Move], *, pool: Pool, trace: Trace
) -> None:
    """Save a run with its moves, and book them: a journal in each budget."""
    session.add(run)
    session.flush()
    session.add_all(RiskShareMove(run_id=run.run_id, **asdict(move)) for move in moves)
    _, partners = funders.partners_of(session, pool.pool_id)
    codes = {partner.funder_id: str(partner.code) for partner in partners.values()}
    host = Host(funder_id=pool.host_id, code=codes[pool.host_id])
    bookings = [
        bookkeeper.todays_booking(
            budget_id,
            kind=JournalKind.RISK_SHARE,
            source_id=run.run_id,
            reason="A year's overspends and underspends were shared by the pool's rule.",
            entries=rules.risk_share_entries(of_budget, codes=codes, host=host),
            trace=trace,
        )
        for budget_id, of_budget in groupby(
            sorted(moves, key=attrgetter("budget_id")), key=attrgetter("budget_id")
        )
    ]
    bookkeeper.book_in_parts(session, bookings)


def _written(session: Session, run: RiskShareRun) -> list[Move]:
    moves = session.scalars(select(RiskShareMove).where(RiskShareMove.run_id == run.run_id))
    return [
        Move(
            budget_id=move.budget_id,
            shared=move.shared,
            payer_id=move.payer_id,
            receiver_id=move.receiver_id,
            amount_pence=move.amount_pence,
        )
        for move in moves
    ]


def _answer(run: RiskShareRun, moves: Sequence[Move]) -> dict[str, Any]:
    """Return what a run came to: for each two partners, over all budgets."""
    return {
        "run_id": run.run_id,
        "financial_year": run.financial_year,
        "rule_id": run.rule_id,
        "budgets": len({move.budget_id for move in moves}),
        "dues": [asdict(due) for due in rules.added_up(moves)],
    }
