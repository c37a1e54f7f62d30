"""Which rails are down, and who waits for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.payments.cards.handlers import ISSUE_CARD
from services.payments.direct_payments.models import DirectPayment
from services.payments.entitlements.models import PlanItem
from services.payments.purchases.models import Purchase
from services.payments.rails import rules, waiting
from services.payments.rails.commands import LookAtRail
from services.payments.rails.models import RailChange, RailState
from services.payments.rails.rules import ChangeState, Party
from services.payments.transfers.handlers import ORDER_TRANSFER
from services.payments.transfers.models import Transfer

WAITS_FOR: Mapping[Party, str] = {Party.ISSUER: ISSUE_CARD, Party.BANK: ORDER_TRANSFER}


def to_look_at(at: datetime, *, session: Session) -> list[LookAtRail]:
    """Return the parties that are down, or fail."""
    down = set(session.scalars(select(RailState.party).where(RailState.degraded_at.is_not(None))))
    return [
        LookAtRail(party=party)
        for party in Party
        if party in down
        or waiting.failures_in_a_row(party, session=session) >= rules.FAILURES_IN_A_ROW
    ]


def people_at_risk(party: Party | None, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each party's state and what waits for it: purchases, wages first, and payments."""
    states = {one.party: one.degraded_at for one in session.scalars(select(RailState))}
    return [
        {
            "rail": one,
            "is_degraded": states.get(one) is not None,
            "degraded_at": states.get(one),
            "purchases": _waiting(one, session=session),
            "direct_payments": _direct_payments(session=session) if one is Party.BANK else [],
        }
        for one in ([party] if party else list(Party))
    ]


def _waiting(party: Party, *, session: Session) -> Sequence[Mapping[str, Any]]:
    named = waiting.waits_for(WAITS_FOR[party], session=session)
    of_transfers = select(Transfer.purchase_id).where(Transfer.transfer_id.in_(named))
    found = session.execute(
        select(Purchase, PlanItem)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .where(
            Purchase.purchase_id.in_(of_transfers if party is Party.BANK else named)
            | (Purchase.purchase_id.in_(_asked_about(party)) & Purchase.state.in_(rules.WAITS))
        )
    ).all()
    rows = sorted(
        found,
        key=lambda row: (
            rules.urgency(
                is_wage=row.Purchase.is_wage,
                due_at=row.Purchase.hold_expires_at or row.Purchase.requested_at,
            ),
            row.Purchase.purchase_id,
        ),
    )
    return [
        {
            "purchase_id": row.Purchase.purchase_id,
            "person_id": row.Purchase.person_id,
            "is_wage": row.Purchase.is_wage,
            "payee": row.PlanItem.payee,
            "amount_pence": row.Purchase.amount_pence,
            "requested_by": row.Purchase.requested_by,
            "requested_at": row.Purchase.requested_at,
            "hold_expires_at": row.Purchase.hold_expires_at,
        }
        for row in rows
    ]


def _asked_about(party: Party) -> Select[UUID]:
    """Return the purchases that go another way once this party says that it paid nothing."""
    rails = [rail for rail, one in rules.PARTY_OF.items() if one is party]
    return (
        select(RailChange.purchase_id)
        .where(RailChange.state == ChangeState.ASKED)
        .where(RailChange.from_rail.in_(rails))
    )


def _direct_payments(*, session: Session) -> Sequence[Mapping[str, Any]]:
    """Return the direct payments that the bank was told to make and does not have yet."""
    references = waiting.waits_for(ORDER_TRANSFER, session=session)
    found = session.scalars(
        select(DirectPayment)
        .where(DirectPayment.payment_id.in_(references))
        .order_by(DirectPayment.told_at, DirectPayment.payment_id)
    )
    return [
        {
            "payment_id": one.payment_id,
            "person_id": one.person_id,
            "amount_pence": one.amount_pence,
            "period_starts_on": one.period_starts_on,
            "ordered_at": one.ordered_at,
        }
        for one in found
    ]
