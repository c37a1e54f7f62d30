"""All that was said about one card's money, and what of it somebody has to look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.payments.authorisations import rules
from services.payments.authorisations.models import Authorisation
from services.payments.authorisations.rules import (
    Known,
    Refunds,
    Taken,
    authorised_pence,
    refunds_of,
)
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.presentments.models import Presentment
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import Authorised
from shared.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a card's authorisations may still claim, and what was claimed and given back."""

    authorised: Sequence[Authorised]
    taken: Sequence[Taken]
    known: Mapping[str, Known]  # by authorisation
    refunds: Refunds

    @property
    def captures(self) -> list[Taken]:
        return [one for one in self.taken if not one.is_refund]

    @property
    def captured_pence(self) -> int:
        return sum(one.amount_pence for one in self.captures)

    @property
    def refunded_pence(self) -> int:
        return self.refunds.counted_pence

    @property
    def outstanding_pence(self) -> int:
        return sum(one.outstanding_pence for one in self.authorised)


def claims_on(session: Session, purchase_id: UUID) -> Claims:
    """Return the authorisations, captures and refunds of a purchase: two queries.

    Its own card's, and those that a person placed here though they came on another.
    """
    presentments = session.scalars(
        select(Presentment).where(
            or_(
                Presentment.matched_to == purchase_id,
                and_(Presentment.purchase_id == purchase_id, Presentment.matched_to.is_(None)),
            )
        )
    )
    taken = [_taken(one) for one in presentments]
    captured: dict[str | None, int] = defaultdict(int)
    for one in taken:
        if not one.is_refund and not one.is_reversal:
            captured[one.authorisation_id] += one.amount_pence
    authorisations = session.scalars(
        select(Authorisation).where(Authorisation.purchase_id == purchase_id)
    ).all()
    claims = {
        one.authorisation_id: _authorised(one, captured[one.authorisation_id])
        for one in authorisations
    }
    return Claims(
        authorised=list(claims.values()),
        taken=taken,
        known={one.authorisation_id: _known(one) for one in authorisations},
        refunds=refunds_of(
            taken,
            own=claims.keys(),
            ended=[name for name, one in claims.items() if not one.is_pending],
        ),
    )


def _taken(presentment: Presentment) -> Taken:
    return Taken(
        presentment_id=presentment.presentment_id,
        authorisation_id=presentment.authorisation_id,
        is_refund=presentment.is_refund,
        amount_pence=presentment.amount_pence,
        is_confirmed=presentment.matched_to is not None,
        is_reversal=presentment.is_reversal,
        is_foreign=presentment.is_foreign,
        was_card_closed=presentment.was_card_closed,
        won_back_pence=presentment.won_back_pence,
    )


def _known(authorisation: Authorisation) -> Known:
    snapshot = authorisation.snapshot
    return Known(
        is_declined=snapshot is not None and not snapshot.is_approved,
        ended_with=authorisation.ended_with,
    )


def _authorised(authorisation: Authorisation, captured_pence: int) -> Authorised:
    snapshot = authorisation.snapshot
    return Authorised(
        authorised_pence=authorised_pence(snapshot, authorisation.approvals_pence),
        captured_pence=captured_pence,
        is_pending=snapshot is None or snapshot.is_pending,
    )


def have_looked_at(
    claimed: Claims,
    new: Sequence[str],
    purchase: Purchase,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Raise an exception for each capture and refund that came another way than it should.

    Args:
        claimed: all that is known of the purchase's card.
        new: presentments that are counted for the first time.
        purchase: whose money it is.
        session: of the transaction.
        trace: of what was said now.
    """
    _have_captures_looked_at(claimed, purchase, session=session, trace=trace)
    _have_overspending_looked_at(claimed, new, purchase, session=session, trace=trace)
    for presentment_id, pence in claimed.refunds.odd.items():
        raise_about(
            ExceptionKind.UNMATCHED_REFUND,
            about=f"presentment/{presentment_id}",
            purchase=purchase,
            amount_pence=pence,
            session=session,
            trace=trace,
        )


def _have_captures_looked_at(
    claimed: Claims, purchase: Purchase, *, session: Session, trace: Trace
) -> None:
    for capture in claimed.captures:
        known = claimed.known.get(capture.authorisation_id or "")
        kind = rules.oddity_of(capture, known)
        if kind is not None:
            raise_about(
                kind,
                about=f"presentment/{capture.presentment_id}",
                purchase=purchase,
                amount_pence=capture.amount_pence,
                session=session,
                trace=trace,
            )


def _have_overspending_looked_at(
    claimed: Claims,
    new: Sequence[str],
    purchase: Purchase,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Raise one exception for each new capture that is above what was agreed."""
    captures = {one.presentment_id: one for one in claimed.captures if not one.is_reversal}
    before_pence = sum(one.amount_pence for name, one in captures.items() if name not in new)
    for capture in (captures[name] for name in new if name in captures):
        above_pence = rules.beyond(
            allowed_pence=purchase.amount_pence,
            before_pence=before_pence,
            amount_pence=capture.amount_pence,
        )
        before_pence += capture.amount_pence
        if above_pence:
            raise_about(
                ExceptionKind.RATE_CHANGED if capture.is_foreign else ExceptionKind.OVER_CAPTURE,
                about=f"presentment/{capture.presentment_id}",
                purchase=purchase,
                amount_pence=above_pence,
                session=session,
                trace=trace,
            )


def tell_what_is_unlike_ours(
    authorisation: Authorisation, purchase: Purchase, *, session: Session, trace: Trace
) -> None:
    snapshot = authorisation.snapshot
    if snapshot is None:
        return
    for place, kind in rules.unlike_ours(snapshot, authorisation.approvals_pence):
        raise_about(
            kind,
            about=f"authorisation/{authorisation.authorisation_id}/{place}",
            purchase=purchase,
            amount_pence=snapshot.amount_pence
            if kind is ExceptionKind.APPROVED_WITHOUT_US
            else authorisation.approvals_pence[place],
            session=session,
            trace=trace,
        )


def raise_about(
    kind: ExceptionKind,
    *,
    about: str,
    purchase: Purchase,
    amount_pence: int,
    session: Session,
    trace: Trace,
) -> None:
    command = RaiseException(
        kind=kind, about=about, purchase_id=purchase.purchase_id, amount_pence=amount_pence
    )
    exceptions.raise_exception(command, session=session, trace=purchases.in_story(trace, purchase))
