"""What people read of the ledger."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from services.budget.accounts.models import Account, Balance, Journal, JournalKind, Posting
from services.budget.accounts.rules import SPENT_IN_ALL, AccountKind
from services.budget.agreements.models import (
    Agreement,
    AgreementShare,
    Budget,
    BudgetItem,
    is_in_force,
    known_budget,
)
from services.budget.card_money.queries import unmatched_pence
from services.budget.funders.models import Funder
from services.budget.funders.rules import FunderKind
from services.budget.funding.models import Contribution
from services.budget.holds.models import Hold, HoldPortion

ORGANISATIONS = (FunderKind.NHS, FunderKind.COUNCIL)
MONEY_IN = (AccountKind.PAID_IN, AccountKind.RELEASED_IN, AccountKind.PROMISED)


def statement(budget_id: UUID, *, session: Session) -> dict[str, Any]:
    """Return one budget: what each paid in, what was spent on what by whom, what is left.

    Raises:
        BudgetNotFoundError: there is none.
    """
    budget = known_budget(session, budget_id)
    return {
        "budget_id": budget.budget_id,
        "state": budget.state,
        "legal_basis": budget.legal_basis,
        "total_pence": budget.total_pence,
        "agreements": _agreements(session, budget_id),
        "contributions": _contributions(session, budget_id),
        "funders": _funders(session, budget_id),
        "items": [_item(session, item) for item in _items(session, budget_id)],
    }


def _agreements(session: Session, budget_id: UUID) -> list[dict[str, Any]]:
    agreements = select(Agreement).where(Agreement.budget_id == budget_id)
    in_order = agreements.order_by(Agreement.purpose, Agreement.version)
    return [
        {
            "agreement_id": agreement.agreement_id,
            "purpose": agreement.purpose,
            "version": agreement.version,
            "state": agreement.state,
            "starts_on": agreement.starts_on,
            "ends_on": agreement.ends_on,
            "denominator": agreement.denominator,
            "shares": _shares(session, agreement.agreement_id),
        }
        for agreement in session.scalars(in_order)
    ]


def _shares(session: Session, agreement_id: UUID) -> list[dict[str, Any]]:
    rows = session.execute(
        select(AgreementShare, Funder.kind)
        .join(Funder, Funder.funder_id == AgreementShare.funder_id)
        .where(AgreementShare.agreement_id == agreement_id)
        .order_by(Funder.kind, Funder.funder_id)
    )
    return [
        {
            "funder_id": share.funder_id,
            "funder_kind": kind,
            "numerator": share.numerator,
            "agreed_pence": share.agreed_pence,
        }
        for share, kind in rows
    ]


def _contributions(session: Session, budget_id: UUID) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Contribution, Funder.kind)
        .join(Funder, Funder.funder_id == Contribution.funder_id)
        .where(Contribution.budget_id == budget_id)
        .order_by(Funder.kind, Contribution.due_on, Contribution.contribution_id)
    )
    return [
        {
            "funder_id": contribution.funder_id,
            "funder_kind": kind,
            "amount_pence": contribution.amount_pence,
            "due_on": contribution.due_on,
            "committed_at": contribution.committed_at,
            "terms": contribution.terms and asdict(contribution.terms),
            "received_pence": contribution.received_pence,
            "received_at": contribution.received_at,
        }
        for contribution, kind in rows
    ]


def _funders(session: Session, budget_id: UUID) -> list[dict[str, Any]]:
    agreed = (
        select(AgreementShare.funder_id, func.sum(AgreementShare.agreed_pence).label("pence"))
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .where(Agreement.budget_id == budget_id, is_in_force())
        .group_by(AgreementShare.funder_id)
        .subquery()
    )
    rows = session.execute(
        select(Account.funder_id, Funder.kind, Funder.name, agreed.c.pence, Balance)
        .join(Balance, Balance.account_id == Account.account_id)
        .join(Funder, Funder.funder_id == Account.funder_id)
        .join(agreed, agreed.c.funder_id == Account.funder_id, isouter=True)
        .where(Account.budget_id == budget_id, Account.kind == AccountKind.AVAILABLE)
        .order_by(Funder.kind, Funder.funder_id)
    )
    return [
        {
            "funder_id": funder_id,
            "funder_kind": kind,
            "name": name,
            "agreed_pence": int(agreed_pence or 0),
            "held_pence": balance.held_pence,
            "left_pence": balance.posted_pence - balance.held_pence,
        }
        for funder_id, kind, name, agreed_pence, balance in rows
    ]


def _items(session: Session, budget_id: UUID) -> list[BudgetItem]:
    items = select(BudgetItem).where(BudgetItem.budget_id == budget_id)
    return list(session.scalars(items.order_by(BudgetItem.description, BudgetItem.item_id)))


def _item(session: Session, item: BudgetItem) -> dict[str, Any]:
    portions = session.execute(
        select(
            HoldPortion.funder_id,
            Funder.kind,
            func.sum(HoldPortion.held_pence).label("held_pence"),
            func.sum(HoldPortion.posted_pence).label("spent_pence"),
        )
        .join(Hold, Hold.purchase_id == HoldPortion.purchase_id)
        .join(Funder, Funder.funder_id == HoldPortion.funder_id)
        .where(Hold.item_id == item.item_id)
        .group_by(HoldPortion.funder_id, Funder.kind)
        .order_by(Funder.kind, HoldPortion.funder_id)
    )
    return {
        "item_id": item.item_id,
        "description": item.description,
        "payer": item.payer,
        "agreed_pence": item.unit_cost_pence * item.occurrences,
        "paid_by": [
            {
                "funder_id": row.funder_id,
                "funder_kind": row.kind,
                "held_pence": int(row.held_pence),
                "spent_pence": int(row.spent_pence),
            }
            for row in portions
        ],
    }


def totals(_asked: object, *, session: Session) -> dict[str, Any]:
    """Return the figures of the whole ledger, in pence, and whether it agrees with itself."""
    moved = _moved_pence(session)
    return {
        "budgets": session.scalar(select(func.count()).select_from(Budget)),
        "funded_pence": {kind: -_sum(moved, kind, MONEY_IN) for kind in ORGANISATIONS},
        "spent_pence": {kind: _sum(moved, kind, SPENT_IN_ALL) for kind in ORGANISATIONS},
        "person_contribution_pence": -_sum(moved, FunderKind.COUNCIL, (AccountKind.CHARGED,)),
        "person_charge_due_pence": -_sum(moved, FunderKind.COUNCIL, (AccountKind.CHARGE_DUE,)),
        "overspent_pence": -sum(
            _sum(moved, kind, (AccountKind.OVERSPENT,)) for kind in ORGANISATIONS
        ),
        "refunded_pence": _refunded_pence(session),
        "unmatched_card_pence": unmatched_pence(session),
        "ledger": {
            "journals": session.scalar(select(func.count()).select_from(Journal)),
            "postings": session.scalar(select(func.count()).select_from(Posting)),
            "sum_pence": sum(moved.values()),
            "balances_match_postings": _balances_match_postings(session),
        },
    }


Moved = dict[tuple[FunderKind, AccountKind], int]


def _sum(moved: Moved, kind: FunderKind, accounts: Sequence[AccountKind]) -> int:
    return sum(moved.get((kind, account), 0) for account in accounts)


def _moved_pence(session: Session) -> Moved:
    """Return credits less debits of every kind of account in every kind of book.

    What partners come to owe one another at the end of a year is none of what was spent.
    """
    year_ends = select(Journal.journal_id).where(Journal.kind == JournalKind.YEAR_END)
    moved: Moved = {}
    for column, sign in ((Posting.credit_account_id, 1), (Posting.debit_account_id, -1)):
        rows = session.execute(
            select(Account.funder_kind, Account.kind, func.sum(Posting.amount_pence))
            .join(Account, Account.account_id == column)
            .where(Posting.journal_id.not_in(year_ends))
            .group_by(Account.funder_kind, Account.kind)
        )
        for funder_kind, kind, pence in rows:
            moved[funder_kind, kind] = moved.get((funder_kind, kind), 0) + sign * int(pence)
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
        .where(Account.kind == AccountKind.AVAILABLE)
        .scalar_subquery()
    )
    differing = (
        select(func.count())
        .select_from(Balance)
        .join(Account, Account.account_id == Balance.account_id)
        .where((Balance.posted_pence != posted_in - posted_out) | (Balance.held_pence != held))
    )
    return session.scalar(differing) == 0
