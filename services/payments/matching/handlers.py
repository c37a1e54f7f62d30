"""Placing a refund or a capture that belongs to no purchase yet."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.payments.authorisations import handlers as authorisations
from services.payments.authorisations.claims import claims_on
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.rules import ExceptionKind, Resolution
from services.payments.matching import rules
from services.payments.matching.commands import MatchMoney
from services.payments.presentments import handlers as presentments
from services.payments.presentments.models import Presentment
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from shared.trace import Trace


def match_money(command: MatchMoney, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Give a purchase what is its own; both that it came from and that it goes to converge.

    Raises:
        PresentmentNotFoundError: there is none.
        NotMatchableError: it is of the other kind, or belongs to a purchase already.
        NotMatchableToThisError: the ledger never held anything for the purchase.
        AlreadyMatchedError: somebody matched it to another purchase.
        NotFoundError: no such purchase.
    """
    presentment = session.get(Presentment, command.presentment_id)
    if presentment is None:
        raise rules.PresentmentNotFoundError("There is no such refund or capture.")
    purchase, came_on = _locked(command.purchase_id, presentment.purchase_id, session=session)
    session.refresh(presentment)
    if presentment.is_refund is not command.is_refund:
        raise rules.NotMatchableError("This is of the other kind: a refund, or a capture.")
    if presentment.matched_to is not None:
        if (presentment.matched_to, presentment.match_reason) == (
            command.purchase_id,
            command.reason,
        ):
            return _answer(presentment, purchase)
        raise rules.AlreadyMatchedError("Somebody has matched this.")
    _see_that_it_waits(presentment, session=session)
    if purchase.hold_version == 0:
        raise rules.NotMatchableToThisError("The ledger has set nothing aside for this purchase.")
    presentment.matched_to = purchase.purchase_id
    presentment.matched_by = command.matched_by
    presentment.matched_at = trace.at
    presentment.match_reason = command.reason
    if came_on is None:
        presentments.tell_nobodys(presentment.issuer_card_id, session=session, trace=trace)
    elif came_on is not purchase:
        authorisations.converge(came_on, session=session, trace=trace)
    new = [presentment.presentment_id]
    authorisations.converge(purchase, new=new, session=session, trace=trace)
    exceptions.end_about(
        ExceptionKind.UNMATCHED_REFUND,
        f"presentment/{presentment.presentment_id}",
        resolution=Resolution.CORRECTED,
        resolved_by=command.matched_by,
        reason=command.reason,
        session=session,
        trace=trace,
    )
    return _answer(presentment, purchase)


def _locked(
    to: UUID, came_on: UUID | None, *, session: Session
) -> tuple[Purchase, Purchase | None]:
    """Lock one purchase or two, always in the same order."""
    found = {one: purchases.locked(session, one) for one in sorted({to, came_on or to})}
    return found[to], found[came_on] if came_on else None


def _see_that_it_waits(presentment: Presentment, *, session: Session) -> None:
    """See that nobody counts it: a capture on a purchase's own card is that purchase's."""
    if presentment.purchase_id is None:
        return
    claimed = claims_on(session, presentment.purchase_id)
    if presentment.presentment_id not in claimed.refunds.odd:
        raise rules.NotMatchableError("This belongs to a purchase already.")


def _answer(presentment: Presentment, purchase: Purchase) -> Mapping[str, object]:
    return {
        "presentment_id": presentment.presentment_id,
        "purchase_id": purchase.purchase_id,
        "posted_pence": purchase.posted_pence,
        "unmatched_pence": purchase.unmatched_pence,
    }
