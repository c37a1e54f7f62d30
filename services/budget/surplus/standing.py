"""How a budget stands: each funder's money in it, and what of it is spoken for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.budget.accounts.rules import AccountKind
from services.budget.agreements.models import (
    Agreement,
    AgreementShare,
    Budget,
    BudgetItem,
    Ending,
    is_in_force,
)
from services.budget.agreements.rules import apportion
from services.budget.funders.rules import FunderKind
from services.budget.holds import purchases
from services.budget.holds.models import Hold
from services.budget.surplus.commands import NOTHING_STAYS, Terms
from services.budget.surplus.rules import FunderStanding, Kept, weeks_of_budget_pence
from shared.money import divide

Figures = Mapping[str, int]  # credits less debits of each kind of account, in pence

# Every account of a budget, by book and kind; ``held`` is what holds keep of what is available.
_BOOKS = text("""
    SELECT funder_id, funder_kind,
           jsonb_object_agg(kind, pence) || jsonb_build_object('held', sum(held)) AS figures
    FROM (
        SELECT a.funder_id, a.funder_kind, a.kind, coalesce(sum(b.held_pence), 0) AS held,
               sum((SELECT coalesce(sum(amount_pence), 0) FROM postings
                    WHERE credit_account_id = a.account_id)
                   - (SELECT coalesce(sum(amount_pence), 0) FROM postings
                      WHERE debit_account_id = a.account_id)) AS pence
        FROM accounts AS a LEFT JOIN balances AS b USING (account_id)
        WHERE a.budget_id = :budget_id
        GROUP BY a.funder_id, a.funder_kind, a.kind) AS kinds
    GROUP BY funder_id, funder_kind
    ORDER BY funder_kind, funder_id
""")
# What repayments took off a charge, or gave back of it, by the council in whose book it stands.
_RETURNED = text("""
    SELECT p.funder_id, sum(amount_pence) AS pence FROM journals AS j
    JOIN postings AS p USING (journal_id)
    JOIN accounts AS c ON c.account_id = credit_account_id
    WHERE j.budget_id = :budget_id AND j.kind = 'repayment' AND c.kind IN ('charge_due', 'charged')
    GROUP BY p.funder_id
""")
# What a reserve added for a crisis that goes on: it is kept for that. And what went back of it when
# other crises were over: it was never a part of what the plan's money left over.
_CRISES = text("""
    SELECT p.funder_id,
           coalesce(sum(p.amount_pence) FILTER (WHERE k.stood_down_at IS NULL), 0) AS active_pence,
           coalesce(sum(b.repaid_pence), 0) AS repaid_pence
    FROM crisis_reserves AS r JOIN crises AS k USING (reserve_id)
    JOIN crisis_parts AS p USING (crisis_id) LEFT JOIN crisis_returns AS b
        USING (crisis_id, funder_id)
    WHERE r.budget_id = :budget_id GROUP BY p.funder_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCrises:
    """What crises have to do with one funder's money in a budget, in pence."""

    active_pence: int = 0
    repaid_pence: int = 0


def books(session: Session, budget_id: UUID) -> list[tuple[UUID, FunderKind, Figures]]:
    """Return the figures of each funder's book for a budget, the person's included."""
    session.flush()
    rows = session.execute(_BOOKS, {"budget_id": budget_id})
    return [
        (row.funder_id, FunderKind(row.funder_kind), {k: int(v) for k, v in row.figures.items()})
        for row in rows
    ]


def ending_of(session: Session, budget_id: UUID, *, on: date) -> Ending | None:
    """Return the end of a budget that is over: then all of it is to go back."""
    ending = session.get(Ending, budget_id)
    return ending if ending is not None and ending.ends_on <= on else None


def standings(
    session: Session, budget_id: UUID, *, terms: Terms, on: date
) -> dict[UUID, FunderStanding]:
    """Return how each organisation stands, and what of its money stays by these terms.

    Of a budget that has ended nothing stays. Whoever acts on it holds the budget's lock.
    """
    if ending_of(session, budget_id, on=on) is not None:
        terms = NOTHING_STAYS
    kept = _kept(session, budget_id, terms=terms)
    returned = session.execute(_RETURNED, {"budget_id": budget_id})
    returned_pence = {row.funder_id: int(row.pence) for row in returned}
    crises = _crises(session, budget_id)
    return {
        funder_id: _beside_crises(
            _standing(
                funder_id,
                kind,
                figures,
                returned_pence.get(funder_id, 0),
                kept.get(funder_id, Kept()),
            ),
            crises.get(funder_id, OfCrises()),
        )
        for funder_id, kind, figures in books(session, budget_id)
        if kind is not FunderKind.PERSON
    }


def _crises(session: Session, budget_id: UUID) -> dict[UUID, OfCrises]:
    rows = session.execute(_CRISES, {"budget_id": budget_id})
    return {
        row.funder_id: OfCrises(
            active_pence=int(row.active_pence), repaid_pence=int(row.repaid_pence)
        )
        for row in rows
    }


def _beside_crises(standing: FunderStanding, crises: OfCrises) -> FunderStanding:
    """Return a standing without what went back to a reserve, and with what is kept for a crisis."""
    return replace(
        standing,
        paid_in_pence=standing.paid_in_pence - crises.repaid_pence,
        repaid_pence=standing.repaid_pence - crises.repaid_pence,
        kept=replace(
            standing.kept,
            contingency_pence=standing.kept.contingency_pence + crises.active_pence,
        ),
    )


def _standing(
    funder_id: UUID, kind: FunderKind, figures: Figures, returned_pence: int, kept: Kept
) -> FunderStanding:
    def pence(*kinds: AccountKind) -> int:
        return sum(figures.get(kind.value, 0) for kind in kinds)

    return FunderStanding(
        funder_id=funder_id,
        funder_kind=kind,
        available_pence=pence(AccountKind.AVAILABLE),
        held_pence=figures["held"],
        overspent_pence=-pence(AccountKind.OVERSPENT),
        paid_in_pence=-pence(AccountKind.PAID_IN, AccountKind.RELEASED_IN),
        promised_pence=-pence(AccountKind.PROMISED),
        repaid_pence=pence(AccountKind.REPAID),
        unpaid_charge_pence=-pence(AccountKind.CHARGE_DUE),
        paid_charge_pence=-pence(AccountKind.CHARGED),
        returned_pence=returned_pence,
        kept=kept,
        unallocated_pence=pence(AccountKind.UNALLOCATED),
    )


def _kept(session: Session, budget_id: UUID, *, terms: Terms) -> dict[UUID, Kept]:
    agreed = _agreed_pence(session, budget_id)
    contingency = _divided(terms.contingency_pence, agreed)
    if terms.committed_pence is None:
        committed = _still_planned_pence(session, budget_id)
    else:
        committed = _divided(terms.committed_pence, agreed)
    return {
        funder_id: Kept(
            committed_pence=committed.get(funder_id, 0),
            contingency_pence=contingency.get(funder_id, 0),
            allowance_pence=weeks_of_budget_pence(
                agreed_pence=pence, plan_weeks=terms.plan_weeks, weeks=terms.allowance_weeks
            ),
        )
        for funder_id, pence in agreed.items()
    }


def _divided(amount_pence: int, agreed: Mapping[UUID, int]) -> dict[UUID, int]:
    return divide(amount_pence=amount_pence, weights=agreed) if any(agreed.values()) else {}


def _agreed_pence(session: Session, budget_id: UUID) -> dict[UUID, int]:
    """Return what each funder has agreed to pay for the plan as it is shared now."""
    rows = session.execute(
        select(AgreementShare.funder_id, func.sum(AgreementShare.agreed_pence))
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .where(Agreement.budget_id == budget_id, is_in_force())
        .group_by(AgreementShare.funder_id)
    )
    return {funder_id: int(pence) for funder_id, pence in rows}


def _still_planned_pence(session: Session, budget_id: UUID) -> dict[UUID, int]:
    """Return what each funder would pay of what the plan's items still cost."""
    still_planned = _left_of_items_pence(session, budget_id)
    committed: dict[UUID, int] = {}
    in_force = select(Agreement).where(Agreement.budget_id == budget_id, is_in_force())
    for agreement in session.scalars(in_force):
        left_pence = still_planned.get(agreement.purpose, 0)
        for funder_id, pence in _apportioned(session, agreement, left_pence):
            committed[funder_id] = committed.get(funder_id, 0) + pence
    return committed


def _apportioned(
    session: Session, agreement: Agreement, amount_pence: int
) -> Iterable[tuple[UUID, int]]:
    """Split what is still to come as the agreement would, whatever its caps: it may be raised."""
    if not amount_pence:
        return ()
    fundings = [
        replace(funding, cap_pence=None)
        for funding in purchases.fundings_of(session, agreement.agreement_id)
    ]
    return apportion(
        amount_pence=amount_pence, fundings=fundings, tie=agreement.agreement_id.int
    ).items()


def _left_of_items_pence(session: Session, budget_id: UUID) -> dict[str, int]:
    """Return what of the plan's items, of each purpose, is neither spent nor held.

    An item that the plan has no longer costs nothing any more.
    """
    used = func.coalesce(func.sum(Hold.held_pence + Hold.posted_pence), 0)
    rows = session.execute(
        select(BudgetItem.payer, BudgetItem.unit_cost_pence * BudgetItem.occurrences, used)
        .join(Budget, Budget.budget_id == BudgetItem.budget_id)
        .join(Hold, Hold.item_id == BudgetItem.item_id, isouter=True)
        .where(BudgetItem.budget_id == budget_id)
        .where(BudgetItem.plan_version == Budget.plan_version)
        .group_by(BudgetItem.item_id)
    )
    left: dict[str, int] = {}
    for purpose, cost_pence, used_pence in rows:
        left[purpose] = left.get(purpose, 0) + max(0, cost_pence - int(used_pence))
    return left
