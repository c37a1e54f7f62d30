"""Keeping what the issuer says; a purchase's amounts follow from all of it."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.authorisations import claims
from services.payments.authorisations.commands import RecordPresentment, RecordSnapshot
from services.payments.authorisations.models import Authorisation, Presentment
from services.payments.authorisations.rules import UnknownCardError, is_newer
from services.payments.cards.models import Card
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import CALLED_OFF, card_amounts
from shared.trace import Trace


def record_snapshot(command: RecordSnapshot, *, session: Session, trace: Trace) -> None:
    """Keep an authorisation's newest view and every presentment in any view of it.

    Raises:
        UnknownCardError: the card is none of ours.
    """
    purchase = _purchase_of(command.issuer_card_id, session=session)
    authorisation = session.get(Authorisation, command.authorisation_id)
    if authorisation is None:
        authorisation = Authorisation(
            authorisation_id=command.authorisation_id, purchase_id=purchase.purchase_id
        )
        session.add(authorisation)
    if is_newer(command.snapshot, authorisation.snapshot):
        authorisation.snapshot = command.snapshot
    for presentment in command.presentments:
        _keep(presentment, purchase, session=session)
    converge(purchase, session=session, trace=trace)


def record_presentment(command: RecordPresentment, *, session: Session, trace: Trace) -> None:
    """Keep a capture or a refund, once.

    Raises:
        UnknownCardError: the card is none of ours.
    """
    purchase = _purchase_of(command.issuer_card_id, session=session)
    _keep(command, purchase, session=session)
    converge(purchase, session=session, trace=trace)


def add_approval(
    authorisation_id: str, purchase: Purchase, amount_pence: int, *, session: Session
) -> None:
    """Count what we approve from now on, whenever the issuer confirms it."""
    authorisation = session.get(Authorisation, authorisation_id)
    if authorisation is None:
        session.add(
            Authorisation(
                authorisation_id=authorisation_id,
                purchase_id=purchase.purchase_id,
                approvals_pence=[amount_pence],
            )
        )
    else:
        authorisation.approvals_pence = [*authorisation.approvals_pence, amount_pence]


def converge(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Compute what the purchase holds and has cost from all that was said, in any order."""
    session.flush()
    claimed = claims.claims_on(session, purchase.purchase_id)
    amounts = card_amounts(
        reserved_pence=0 if purchase.state in CALLED_OFF else purchase.amount_pence,
        authorised=claimed.authorised,
        captured_pence=claimed.captured_pence,
        refunded_pence=claimed.refunded_pence,
    )
    story = purchases.in_story(trace, purchase)
    purchases.set_amounts(purchase, amounts, session=session, trace=story)
    if amounts.captured_pence > purchase.amount_pence:
        command = RaiseException(
            kind=ExceptionKind.OVER_CAPTURE,
            # Each further capture is looked at anew, also after the first was accepted.
            about=f"purchase/{purchase.purchase_id}/captured/{amounts.captured_pence}",
            purchase_id=purchase.purchase_id,
            amount_pence=amounts.captured_pence - purchase.amount_pence,
        )
        exceptions.raise_exception(command, session=session, trace=story)


def _purchase_of(issuer_card_id: str, *, session: Session) -> Purchase:
    purchase_id = session.scalar(
        select(Card.purchase_id).where(Card.issuer_card_id == issuer_card_id)
    )
    if purchase_id is None:
        raise UnknownCardError("The issuer's card is none of ours.")
    return purchases.locked(session, purchase_id)


def _keep(presentment: RecordPresentment, purchase: Purchase, *, session: Session) -> None:
    session.execute(
        insert(Presentment)
        .values(
            presentment_id=presentment.presentment_id,
            purchase_id=purchase.purchase_id,
            authorisation_id=presentment.authorisation_id,
            is_refund=presentment.is_refund,
            amount_pence=presentment.amount_pence,
        )
        .on_conflict_do_nothing()
    )
