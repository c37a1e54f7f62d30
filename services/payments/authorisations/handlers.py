"""Keeping what the issuer says; a purchase's amounts follow from all of it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import String, bindparam, select, update
from sqlalchemy.orm import Session

from services.payments.authorisations import claims, rules
from services.payments.authorisations.commands import (
    AddApproval,
    AdoptMoney,
    RecordSnapshot,
)
from services.payments.authorisations.models import Authorisation
from services.payments.authorisations.rules import UnknownCardError
from services.payments.cards.models import Card
from services.payments.cards.rules import CardState
from services.payments.exceptions.rules import ExceptionKind
from services.payments.presentments import handlers as presentments
from services.payments.presentments.commands import RecordPresentment
from services.payments.presentments.models import Presentment
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from shared.messaging import errands
from shared.trace import Trace

FETCH_AUTHORISATION = "fetch_authorisation"
# The issuer tells of a decision within seconds, and of the end of a hold within days. Local policy.
SILENT_AFTER = timedelta(minutes=10)
STALE_AFTER = timedelta(days=7)
_OWNER = select(claims.PURCHASE_OF_CARD.label("purchase_id"), Card.state).where(
    Card.issuer_card_id == bindparam("issuer_card_id", type_=String())
)


def record_snapshot(command: RecordSnapshot, *, session: Session, trace: Trace) -> None:
    """Keep an authorisation's newest view and every presentment in any view of it.

    Raises:
        UnknownCardError: the card is none of ours.
    """
    purchase, is_closed = _owner_of(
        command.issuer_card_id, command.authorisation_id, session=session
    )
    new = presentments.keep(
        command.presentments, purchase, is_card_closed=is_closed, session=session, trace=trace
    )
    authorisation = _authorisation(command.authorisation_id, purchase, session=session, trace=trace)
    _keep_view(authorisation, command, session=session, trace=trace)
    claims.tell_what_is_unlike_ours(authorisation, purchase, session=session, trace=trace)
    converge(purchase, new=new, session=session, trace=trace)


def record_presentment(command: RecordPresentment, *, session: Session, trace: Trace) -> None:
    """Keep a capture or a refund, once.

    Raises:
        UnknownCardError: the card is none of ours.
    """
    purchase, is_closed = _owner_of(
        command.issuer_card_id, command.authorisation_id, session=session
    )
    new = presentments.keep(
        [command], purchase, is_card_closed=is_closed, session=session, trace=trace
    )
    if command.authorisation_id is not None and new:
        _authorisation(command.authorisation_id, purchase, session=session, trace=trace)
    converge(purchase, new=new, session=session, trace=trace)


def record_nobodys(moved: Sequence[RecordPresentment], *, session: Session, trace: Trace) -> None:
    """Keep money that moved on a card of no purchase, and tell the ledger how much it is."""
    presentments.keep(moved, None, is_card_closed=False, session=session, trace=trace)
    for issuer_card_id in sorted({one.issuer_card_id for one in moved}):
        presentments.tell_nobodys(issuer_card_id, session=session, trace=trace)


def adopt(command: AdoptMoney, *, session: Session, trace: Trace) -> None:
    """Give a purchase what came on its card before the card was known here."""
    purchase, _ = _owner_of(command.issuer_card_id, None, session=session)
    adopted = session.scalars(
        update(Presentment)
        .where(Presentment.issuer_card_id == command.issuer_card_id)
        .where(Presentment.purchase_id.is_(None))
        .values(purchase_id=purchase.purchase_id)
        .returning(Presentment.presentment_id)
    ).all()
    presentments.tell_nobodys(command.issuer_card_id, session=session, trace=trace)
    converge(purchase, new=adopted, session=session, trace=trace)


def add_approval(
    command: AddApproval,
    purchase_id: UUID,
    claimed: claims.Claims,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Count what we approve from now on, whenever the issuer confirms it.

    Args:
        command: what was answered.
        purchase_id: whose authorisation it is; the purchase is locked.
        claimed: what is known of the purchase under that lock.
        session: of the transaction that has the lock.
        trace: of the question.
    """
    if command.authorisation_id in claimed.known:
        authorisation = session.get_one(Authorisation, command.authorisation_id)
    else:
        authorisation = _new_authorisation(command.authorisation_id, purchase_id, trace=trace)
        session.add(authorisation)
    answers = authorisation.approvals_pence
    place = len(answers) if command.place is None else command.place
    authorisation.approvals_pence = rules.with_answer(answers, place, command.amount_pence)
    authorisation.look_at = trace.at + SILENT_AFTER


def never_was(authorisation_id: str, *, session: Session, trace: Trace) -> None:
    """Let go of what we approved and the issuer knows nothing of; tell it, once."""
    authorisation = session.get(Authorisation, authorisation_id)
    if authorisation is None or authorisation.status is not None:
        return
    purchase = purchases.locked(session, authorisation.purchase_id)
    session.refresh(authorisation)
    if authorisation.status is not None:
        return  # the issuer has told of it while it was asked
    authorisation.snapshot = rules.NEVER_WAS
    approved_pence = sum(authorisation.approvals_pence)
    if approved_pence:
        claims.raise_about(
            ExceptionKind.SILENT_DECISION,
            about=f"authorisation/{authorisation_id}",
            purchase=purchase,
            amount_pence=approved_pence,
            session=session,
            trace=trace,
        )
    converge(purchase, session=session, trace=trace)


def converge(
    purchase: Purchase, *, new: Sequence[str] = (), session: Session, trace: Trace
) -> None:
    """Compute what the purchase holds and has cost from all that was said, in any order.

    Args:
        purchase: locked.
        new: presentments that are counted for the first time.
        session: of the transaction that has the lock.
        trace: of what was said now.
    """
    session.flush()
    claimed = claims.claims_on(session, purchase.purchase_id)
    purchases.set_card_claims(
        purchase, claimed.of_card, session=session, trace=purchases.in_story(trace, purchase)
    )
    claims.have_looked_at(claimed, new, purchase, session=session, trace=trace)


def _keep_view(
    authorisation: Authorisation, command: RecordSnapshot, *, session: Session, trace: Trace
) -> None:
    """Keep the later of two views; where nothing tells which it is, ask the issuer."""
    seen, known = command.snapshot, authorisation.snapshot
    captures = [one.presentment_id for one in command.presentments if not one.is_refund]
    ended_with = rules.ended_with(seen, captures, authorisation.ended_with)
    authorisation.ended_with = None if ended_with is None else [*ended_with]
    if not rules.in_doubt(seen, known):
        is_kept = rules.is_newer(seen, known)
    elif command.fetched_at is not None:
        is_kept = rules.is_read_later(command.fetched_at, authorisation.fetched_at)
    else:
        fetch(command.authorisation_id, session=session, trace=trace)
        is_kept = authorisation.fetched_at is None and rules.is_newer(seen, known)
    if is_kept:
        authorisation.snapshot = seen
        authorisation.fetched_at = command.fetched_at
    authorisation.look_at = trace.at + STALE_AFTER


def fetch(authorisation_id: str, *, session: Session, trace: Trace) -> None:
    """Have the issuer asked how an authorisation stands."""
    arguments = {"authorisation_id": authorisation_id}
    errands.add(session, FETCH_AUTHORISATION, arguments, trace=trace)


def _owner_of(
    issuer_card_id: str, authorisation_id: str | None, *, session: Session
) -> tuple[Purchase, bool]:
    """Return whose money it is, locked, and whether the card is closed.

    One that was replaced is not: what was promised on it before is claimed there.
    """
    asked = {"issuer_card_id": issuer_card_id, "authorisation_id": authorisation_id}
    found = session.execute(_OWNER, asked).one_or_none()
    if found is None:
        raise UnknownCardError("The issuer's card is none of ours.")
    return purchases.locked(session, found.purchase_id), found.state is CardState.CLOSED


def _authorisation(
    authorisation_id: str, purchase: Purchase, *, session: Session, trace: Trace
) -> Authorisation:
    """Return an authorisation; one that is not known yet begins as a stub."""
    found = session.get(Authorisation, authorisation_id)
    if found is None:
        found = _new_authorisation(authorisation_id, purchase.purchase_id, trace=trace)
        session.add(found)
    return found


def _new_authorisation(authorisation_id: str, purchase_id: UUID, *, trace: Trace) -> Authorisation:
    return Authorisation(
        authorisation_id=authorisation_id,
        purchase_id=purchase_id,
        look_at=trace.at + SILENT_AFTER,
    )
