"""Fills documents from the books. Every figure is read there; none is worked out so that it fits.

What never changes for a day and an instant that are past are the figures. Three things are told
as they stand when they are asked for: the words of the plan, which seal holds a journal by now,
and what is coming, which looks ahead from now: the contributions that were called for and are
neither paid in nor promised, and what the plan still commits to each of its things.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts.rules import AccountKind
from services.budget.agreements.models import Budget
from services.budget.documents.documents import (
    AuditedJournal,
    AuditedPosting,
    AuditorStatement,
    Due,
    ExportedPosting,
    FunderStatement,
    ItemOfFunder,
    ItemOfPerson,
    JournalLine,
    JournalsExport,
    MoneyIn,
    PersonStatement,
    TrialBalanceLine,
)
from services.budget.extracts import journals
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind
from services.budget.reports import rules
from services.budget.reports.rules import closing_pence, opening_pence, step_pence
from services.budget.statements import coming
from services.budget.totals.rules import Scope, Turnover
from services.budget.totals.turnover import turnovers


def person_statement(session: Session, budget: Budget, scope: Scope) -> PersonStatement:
    moved = turnovers(session, scope)
    items = _items_of_person(session, scope)
    set_aside_pence = sum(item.set_aside_pence for item in items)
    return PersonStatement(
        **_about(scope),
        budget_id=budget.budget_id,
        opening_pence=opening_pence(moved, rules.THERE_FOR_PERSON),
        closing_pence=closing_pence(moved, rules.THERE_FOR_PERSON),
        overspent_pence=-closing_pence(moved, [AccountKind.OVERSPENT]),
        set_aside_pence=set_aside_pence,
        left_pence=closing_pence(moved, [AccountKind.AVAILABLE]) - set_aside_pence,
        contribution_asked_pence=journals.charged_pence(session, scope),
        contribution_paid_pence=-closing_pence(moved, [AccountKind.CHARGED]),
        contribution_due_pence=-closing_pence(moved, [AccountKind.CHARGE_DUE]),
        money_in=tuple(_money_in(moved, budget.person_id)),
        items=tuple(items),
        coming=tuple(coming.coming(session, budget)),
    )


def _about(scope: Scope) -> dict[str, Any]:
    return {
        "as_of": scope.ends_on - timedelta(days=1),
        "known_at": scope.known_at,
        "starts_on": scope.starts_on,
        "ends_on": scope.ends_on,
    }


def _named(one: Turnover) -> dict[str, Any]:
    names = ("funder_id", "funder_kind", "funder_name")
    return {name: getattr(one, name) for name in names}


def _money_in(moved: Sequence[Turnover], person_id: UUID) -> Iterable[MoneyIn]:
    """Yield what each organisation let the person have, and what the person paid.

    What was paid in or promised, less what is not allocated yet or went back.
    """
    for funder_id, own in _by_funder(moved).items():
        amount_pence = -step_pence(own, (*rules.PAID_OR_PROMISED, *rules.NOT_THE_PERSONS))
        if amount_pence:
            yield MoneyIn(**{**_named(own[0]), "funder_id": funder_id}, amount_pence=amount_pence)
    paid_pence = -step_pence(moved, [AccountKind.CHARGED])
    if paid_pence:
        yield MoneyIn(
            funder_id=person_id,
            funder_kind=FunderKind.PERSON,
            funder_name="",
            amount_pence=paid_pence,
        )


def _by_funder(moved: Iterable[Turnover]) -> Mapping[UUID, list[Turnover]]:
    found: dict[UUID, list[Turnover]] = {}
    for one in moved:
        found.setdefault(one.funder_id, []).append(one)
    return found


def _items_of_person(session: Session, scope: Scope) -> list[ItemOfPerson]:
    """Return what money was spent on, or is held for; the rest of the plan is what is coming."""
    spent = {row.item_id: row for row in journals.spent(session, scope)}
    held = {row.item_id: row for row in journals.held(session, scope)}
    rows = sorted((spent | held).values(), key=lambda row: (row.description, str(row.item_id)))
    return [
        ItemOfPerson(
            item_id=row.item_id,
            description=row.description,
            goal=row.goal,
            spent_pence=spent[row.item_id].spent_pence if row.item_id in spent else 0,
            set_aside_pence=held[row.item_id].held_pence if row.item_id in held else 0,
        )
        for row in rows
    ]


def funder_statement(session: Session, funder: Funder, scope: Scope) -> FunderStatement:
    moved = turnovers(session, scope)
    held_pence = sum(row.held_pence for row in journals.held(session, scope))
    opening = opening_pence(moved, rules.REALLY_THERE)
    shared_pence = journals.shared_pence(session, scope)  # no purchase, but due like one
    return FunderStatement(
        **_about(scope),
        funder_id=funder.funder_id,
        funder_kind=funder.kind,
        funder_name=funder.name or "",
        budget_id=scope.budget_id,
        opening_pence=opening,
        paid_in_pence=-step_pence(moved, rules.PAID_IN),
        charged_pence=-step_pence(moved, [AccountKind.CHARGED]),
        spent_pence=step_pence(moved, rules.SPENT) - shared_pence,
        otherwise_pence=rules.otherwise_pence(moved) - shared_pence,
        closing_pence=closing_pence(moved, rules.REALLY_THERE),
        overspent_pence=-closing_pence(moved, [AccountKind.OVERSPENT]),
        held_pence=held_pence,
        promised_pence=-closing_pence(moved, [AccountKind.PROMISED]),
        charge_due_pence=-closing_pence(moved, [AccountKind.CHARGE_DUE]),
        left_pence=closing_pence(moved, [AccountKind.AVAILABLE]) - held_pence,
        items=tuple(_items_of_funder(session, scope)),
        dues=tuple(_dues(session, moved)),
        lines=tuple(_lines(session, scope, opening_pence=opening)),
    )


def _items_of_funder(session: Session, scope: Scope) -> Iterator[ItemOfFunder]:
    """Return what was paid for, without the person's goals: they are no business of a funder."""
    for row in journals.spent(session, scope):
        yield ItemOfFunder(
            budget_id=row.budget_id,
            item_id=row.item_id,
            description=row.description,
            spent_pence=row.spent_pence,
        )


def _dues(session: Session, moved: Iterable[Turnover]) -> Iterable[Due]:
    """Yield what stands between this funder and each other, by the code in the account's name."""
    pence: dict[str, dict[AccountKind, int]] = {}
    for one in moved:
        if one.account_kind in (AccountKind.DUE_TO, AccountKind.DUE_FROM) and one.closing_pence:
            code = one.account.removeprefix(f"{one.account_kind} ")
            pence.setdefault(code, {})[one.account_kind] = one.closing_pence
    for other in session.scalars(
        select(Funder).where(Funder.code.in_(pence)).order_by(Funder.kind, Funder.funder_id)
    ):
        of_other = pence[str(other.code)]
        yield Due(
            funder_id=other.funder_id,
            funder_kind=other.kind,
            funder_name=other.name or "",
            due_to_pence=of_other.get(AccountKind.DUE_TO, 0),
            due_from_pence=-of_other.get(AccountKind.DUE_FROM, 0),
        )


def _lines(session: Session, scope: Scope, *, opening_pence: int) -> Iterable[JournalLine]:
    balance_pence = opening_pence
    for row in journals.lines(session, scope, kinds=rules.REALLY_THERE):
        balance_pence += row.amount_pence
        yield JournalLine(**row._asdict(), balance_pence=balance_pence)


def auditor_statement(session: Session, scope: Scope) -> AuditorStatement:
    return AuditorStatement(
        **_about(scope),
        budget_id=scope.budget_id,
        trial_balance=tuple(map(_trial_balance_line, turnovers(session, scope))),
        journals=tuple(AuditedJournal(**row._asdict()) for row in journals.booked(session, scope)),
        postings=tuple(_audited_posting(row) for row in journals.posted(session, scope)),
    )


def _trial_balance_line(one: Turnover) -> TrialBalanceLine:
    return TrialBalanceLine(
        **_named(one),
        account=one.account,
        opening_pence=one.opening_pence,
        debits_pence=one.debits_pence,
        credits_pence=one.credits_pence,
        closing_pence=one.closing_pence,
    )


def _audited_posting(row: Any) -> AuditedPosting:
    return AuditedPosting(
        seq=row.seq,
        line=row.line,
        funder_id=row.funder_id,
        funder_kind=FunderKind(row.funder_kind),
        funder_name=row.funder_name,
        debit_account=row.debit_account,
        credit_account=row.credit_account,
        amount_pence=row.amount_pence,
    )


def journals_export(session: Session, scope: Scope) -> JournalsExport:
    rows = journals.posted(session, scope)
    return JournalsExport(
        **_about(scope),
        budget_id=scope.budget_id,
        postings=tuple(
            ExportedPosting(**{**row._asdict(), "funder_kind": FunderKind(row.funder_kind)})
            for row in rows
        ),
    )
