"""What people read of the ledger."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, aliased

from services.budget.accounts.models import Account, Balance, Journal, JournalKind, Posting
from services.budget.accounts.rules import AccountKind, BudgetNotFoundError, FunderId
from services.budget.agreements.models import Agreement, Budget, BudgetItem, FunderShare
from services.budget.funding.models import Contribution
from services.budget.holds.models import Hold, HoldPortion


def statement(budget_id: UUID, *, session: Session) -> dict[str, Any]:
    """Return one budget: what each paid in, what was spent on what by whom, what is left.

    Raises:
        BudgetNotFoundError: there is none.
    """
    _at_one_moment(session)
    budget = session.get(Budget, budget_id)
    if budget is None:
        raise BudgetNotFoundError("There is no such budget.")
    agreement = session.scalar(select(Agreement).where(Agreement.budget_id == budget_id))
    return {
        "budget_id": budget.budget_id,
        "state": budget.state,
        "legal_basis": budget.legal_basis,
        "total_pence": budget.total_pence,
        "shares_basis_points": agreement
        and {"nhs": agreement.nhs_basis_points, "council": agreement.council_basis_points},
        "contributions": _contributions(session, budget_id),
        "funders": _funders(session, budget_id),
        "items": [_item(session, item) for item in _items(session, budget_id)],
    }


def _at_one_moment(session: Session) -> None:
    """Let every figure be of the same moment, whatever is booked meanwhile."""
    session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def _contributions(session: Session, budget_id: UUID) -> list[dict[str, Any]]:
    contributions = select(Contribution).where(Contribution.budget_id == budget_id)
    return [
        {
            "funder_id": contribution.funder_id,
            "amount_pence": contribution.amount_pence,
            "received_at": contribution.received_at,
        }
        for contribution in session.scalars(contributions.order_by(Contribution.funder_id))
    ]


def _funders(session: Session, budget_id: UUID) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            Account.funder_id,
            FunderShare.agreed_pence,
            Balance.posted_pence,
            Balance.held_pence,
        )
        .join(Balance, Balance.account_id == Account.account_id)
        .join(
            FunderShare,
            (FunderShare.budget_id == Account.budget_id)
            & (FunderShare.funder_id == Account.funder_id),
        )
        .where(Account.budget_id == budget_id)
        .order_by(Account.funder_id)
    )
    return [
        {
            "funder_id": row.funder_id,
            "agreed_pence": row.agreed_pence,
            "held_pence": row.held_pence,
            "left_pence": row.posted_pence - row.held_pence,
        }
        for row in rows
    ]


def _items(session: Session, budget_id: UUID) -> list[BudgetItem]:
    items = select(BudgetItem).where(BudgetItem.budget_id == budget_id)
    return list(session.scalars(items.order_by(BudgetItem.description, BudgetItem.item_id)))


def _item(session: Session, item: BudgetItem) -> dict[str, Any]:
    portions = session.execute(
        select(
            HoldPortion.funder_id,
            func.sum(HoldPortion.held_pence).label("held_pence"),
            func.sum(HoldPortion.posted_pence).label("spent_pence"),
        )
        .join(Hold, Hold.purchase_id == HoldPortion.purchase_id)
        .where(Hold.item_id == item.item_id)
        .group_by(HoldPortion.funder_id)
        .order_by(HoldPortion.funder_id)
    )
    return {
        "item_id": item.item_id,
        "description": item.description,
        "payer": item.payer,
        "agreed_pence": item.unit_cost_pence * item.occurrences,
        "paid_by": [
            {
                "funder_id": row.funder_id,
                "held_pence": int(row.held_pence),
                "spent_pence": int(row.spent_pence),
            }
            for row in portions
        ],
    }


def totals(_asked: object, *, session: Session) -> dict[str, Any]:
    """Return the figures of the whole ledger, in pence, and whether it agrees with itself."""
    _at_one_moment(session)
    moved = _moved_pence(session)
    return {
        "budgets": session.scalar(select(func.count()).select_from(Budget)),
        "funded_pence": {
            funder_id: -moved.get((funder_id, AccountKind.PAID_IN), 0)
            for funder_id in (FunderId.NHS, FunderId.COUNCIL)
        },
        "spent_pence": {
            funder_id: moved.get((funder_id, AccountKind.PAID_OUT), 0)
            for funder_id in (FunderId.NHS, FunderId.COUNCIL)
        },
        "person_contribution_pence": -moved.get((FunderId.COUNCIL, AccountKind.CHARGED), 0),
        "overspent_pence": -sum(
            pence for (_, kind), pence in moved.items() if kind is AccountKind.OVERSPENT
        ),
        "refunded_pence": _refunded_pence(session),
        "ledger": {
            "journals": session.scalar(select(func.count()).select_from(Journal)),
            "postings": session.scalar(select(func.count()).select_from(Posting)),
            "sum_pence": sum(moved.values()),
            "balances_match_postings": _balances_match_postings(session),
        },
    }


def _moved_pence(session: Session) -> dict[tuple[FunderId, AccountKind], int]:
    """Return credits less debits of every kind of account in every funder's book."""
    moved: dict[tuple[FunderId, AccountKind], int] = {}
    for column, sign in ((Posting.credit_account_id, 1), (Posting.debit_account_id, -1)):
        rows = session.execute(
            select(Account.funder_id, Account.kind, func.sum(Posting.amount_pence))
            .join(Account, Account.account_id == column)
            .group_by(Account.funder_id, Account.kind)
        )
        for funder_id, kind, pence in rows:
            moved[funder_id, kind] = moved.get((funder_id, kind), 0) + sign * int(pence)
    return moved


def _refunded_pence(session: Session) -> int:
    refunded = (
        select(func.sum(Posting.amount_pence))
        .join(Journal, Journal.journal_id == Posting.journal_id)
        .where(Journal.kind == JournalKind.REFUND)
    )
    return int(session.scalar(refunded) or 0)


def _balances_match_postings(session: Session) -> bool:
    """Recompute every balance from its postings, and what is held from the holds."""
    credited, debited = aliased(Posting), aliased(Posting)
    posted_in = (
        select(func.coalesce(func.sum(credited.amount_pence), 0))
        .where(credited.credit_account_id == Balance.account_id)
        .scalar_subquery()
    )
    posted_out = (
        select(func.coalesce(func.sum(debited.amount_pence), 0))
        .where(debited.debit_account_id == Balance.account_id)
        .scalar_subquery()
    )
    held = (
        select(func.coalesce(func.sum(HoldPortion.held_pence), 0))
        .join(Hold, Hold.purchase_id == HoldPortion.purchase_id)
        .where(Hold.budget_id == Account.budget_id)
        .where(HoldPortion.funder_id == Account.funder_id)
        .scalar_subquery()
    )
    differing = (
        select(func.count())
        .select_from(Balance)
        .join(Account, Account.account_id == Balance.account_id)
        .where((Balance.posted_pence != posted_in - posted_out) | (Balance.held_pence != held))
    )
    return session.scalar(differing) == 0
