"""Who is paid for an item, and what people read of payees: never a whole account number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import PlanItem
from services.payments.payees import rules
from services.payments.payees.models import ItemPayee, Payee, PayeeAgreement
from services.payments.payees.rules import PayeeNotPayableError

MOST = 500


def payees(person_id: UUID | None, *, session: Session) -> list[Mapping[str, Any]]:
    """Return a person's own payees, or those of everybody, by name; at most 500.

    With each come the items that are linked to it.
    """
    whose = Payee.person_id.is_(None) if person_id is None else Payee.person_id == person_id
    found = session.scalars(
        select(Payee).where(whose).order_by(Payee.name_key, Payee.payee_id).limit(MOST)
    ).all()
    linked = session.scalars(
        select(ItemPayee)
        .where(ItemPayee.payee_id.in_([one.payee_id for one in found]))
        .order_by(ItemPayee.linked_at, ItemPayee.item_id)
    ).all()
    return [
        _shown(one, [link for link in linked if link.payee_id == one.payee_id]) for one in found
    ]


def _shown(payee: Payee, links: Sequence[ItemPayee]) -> Mapping[str, Any]:
    return {
        "payee_id": payee.payee_id,
        "name": payee.name,
        "relationship": payee.relationship,
        "is_same_household": payee.is_same_household,
        "account": payee.account().masked(),
        "details_version": payee.details_version,
        "details_by": payee.details_by,
        "is_confirmed": payee.is_confirmed,
        "confirmed_by": payee.confirmed_by,
        "items": [
            {name: getattr(link, name) for name in ("item_id", "linked_by", "confirmed_by")}
            for link in links
        ],
    }


def payee_of(item: PlanItem, *, person_id: UUID, session: Session) -> Payee | None:
    """Return who is meant for an item: who is linked, or the only one whom the plan's name means.

    The person's own payees come before those of everybody.
    """
    link = session.get(ItemPayee, item.item_id)
    if link is not None:
        return session.get_one(Payee, link.payee_id)
    named = session.scalars(
        select(Payee)
        .where(Payee.name_key == rules.folded(item.payee))
        .where((Payee.person_id == person_id) | Payee.person_id.is_(None))
    ).all()
    own = [one for one in named if one.person_id is not None]
    meant = own or named
    return meant[0] if len(meant) == 1 else None


def payable(
    item: PlanItem, *, person_id: UUID, on: date, session: Session
) -> Payee | PayeeNotPayableError:
    """Return who is to be paid for an item, or why nobody can be yet."""
    payee = payee_of(item, person_id=person_id, session=session)
    if payee is None:
        return rules.PayeeUnknownError()
    if not payee.is_confirmed:
        return rules.PayeeNotConfirmedError()
    link = session.get(ItemPayee, item.item_id)
    if link is not None and not link.is_confirmed:
        return rules.LinkNotConfirmedError()
    return payee if is_agreed(payee, item, on=on, session=session) else rules.PayeeNotAgreedError()


def is_agreed(payee: Payee, item: PlanItem, *, on: date, session: Session) -> bool:
    """Say whether every funder of an item pays this payee, or has agreed to."""
    must_agree = rules.who_must_agree(
        payee.relationship,
        is_same_household=payee.is_same_household,
        funders=rules.funders_of(item.payer),
        on=on,
    )
    if not must_agree:
        return True
    agreed = session.scalars(
        select(PayeeAgreement.funder)
        .where(PayeeAgreement.payee_id == payee.payee_id)
        .where(PayeeAgreement.from_on <= on)
        .where(PayeeAgreement.until_on.is_(None) | (PayeeAgreement.until_on > on))
    )
    return must_agree <= set(agreed)
