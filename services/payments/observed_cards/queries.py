"""What is looked on, and what was bought with the cards of a budget."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.direct_payments.models import DirectPayment
from services.payments.observed_cards.models import ObservedCard, ObservedTransaction
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState


def is_observed(issuer_card_id: str, *, session: Session) -> bool:
    wanted = select(ObservedCard.card_id).where(ObservedCard.issuer_card_id == issuer_card_id)
    return session.scalar(wanted) is not None


def is_observed_transaction(transaction_id: str, *, session: Session) -> bool:
    return session.get(ObservedTransaction, transaction_id) is not None


def observed_cards(budget_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return a budget's cards of others: what was bought with each, beside what was paid out.

    It is evidence for who looks at the direct payment with the person. Nothing follows by itself.
    """
    found = session.scalars(
        select(ObservedCard)
        .where(ObservedCard.budget_id == budget_id)
        .order_by(ObservedCard.registered_at, ObservedCard.card_id)
    )
    return [_shown(one, session=session) for one in found.all()]


def _shown(card: ObservedCard, *, session: Session) -> Mapping[str, Any]:
    transactions = session.scalars(
        select(ObservedTransaction)
        .where(ObservedTransaction.card_id == card.card_id)
        .order_by(ObservedTransaction.heard_at, ObservedTransaction.transaction_id)
    ).all()
    return {
        "card_id": card.card_id,
        "issuer_card_id": card.issuer_card_id,
        "item_id": card.item_id,
        "registered_by": card.registered_by,
        "registered_at": card.registered_at,
        "paid_out_pence": _paid_out_pence(card.item_id, session=session),
        "taken_pence": sum(one.amount_pence for one in transactions if not one.is_refund),
        "returned_pence": sum(one.amount_pence for one in transactions if one.is_refund),
        "transactions": [
            {
                "transaction_id": one.transaction_id,
                "is_refund": one.is_refund,
                "amount_pence": one.amount_pence,
                "heard_at": one.heard_at,
            }
            for one in transactions
        ],
    }


def _paid_out_pence(item_id: UUID, *, session: Session) -> int:
    """Return what the bank has paid to the person for an item, in pence."""
    paid = (
        select(func.sum(DirectPayment.amount_pence))
        .join(Transfer, Transfer.transfer_id == DirectPayment.payment_id)
        .where(DirectPayment.item_id == item_id, Transfer.state == TransferState.PAID)
    )
    return int(session.scalar(paid) or 0)
