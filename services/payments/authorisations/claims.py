"""All that was said about one card's money, and what of it somebody has to look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    ScalarSelect,
    String,
    Subquery,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from services.payments.authorisations import rules
from services.payments.authorisations.models import Authorisation, snapshot_of
from services.payments.authorisations.rules import (
    Authorised,
    Known,
    Refunds,
    Taken,
    authorised_pence,
    refunds_of,
)
from services.payments.cards.models import Card
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.prepared import PREPARED
from services.payments.presentments.models import Presentment
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import CardClaims
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

    @property
    def of_card(self) -> CardClaims:
        return rules.card_claims(
            self.authorised,
            captured_pence=self.captured_pence,
            refunded_pence=self.refunded_pence,
            waiting_pence=self.refunds.waiting_pence,
        )


# Whose a card's money is, beside the card in a question with `authorisation_id`. A card stays with
# what it was bought for, also when it was replaced or closed. That of a series goes on to the next
# purchase; what an authorisation of it was for stays so.
_earlier = aliased(Purchase)
PURCHASE_OF_CARD: ColumnElement[UUID] = func.coalesce(
    select(_earlier.purchase_id)
    .join(Authorisation, Authorisation.purchase_id == _earlier.purchase_id)
    .where(Authorisation.authorisation_id == bindparam("authorisation_id", type_=String()))
    .where(_earlier.series_id == Card.series_id)
    .correlate(Card)
    .scalar_subquery(),
    Card.purchase_id,
)
_OF_PURCHASE = bindparam("purchase_id", type_=Uuid())
_PRESENTMENTS = (
    select(
        Presentment.presentment_id,
        Presentment.authorisation_id,
        Presentment.is_refund,
        Presentment.amount_pence,
        Presentment.matched_to,
        Presentment.is_reversal,
        Presentment.is_foreign,
        Presentment.was_card_closed,
        Presentment.won_back_pence,
    )
    .where(
        or_(
            Presentment.matched_to == _OF_PURCHASE,
            and_(Presentment.purchase_id == _OF_PURCHASE, Presentment.matched_to.is_(None)),
        )
    )
    .subquery("presented")
)
_AUTHORISATIONS = (
    select(
        Authorisation.authorisation_id,
        Authorisation.approvals_pence,
        Authorisation.status,
        Authorisation.is_approved,
        Authorisation.amount_pence,
        Authorisation.requests,
        Authorisation.transaction_count,
        Authorisation.ended_with,
    )
    .where(Authorisation.purchase_id == _OF_PURCHASE)
    .subquery("authorised")
)


def _listed(rows: Subquery) -> ScalarSelect[Any]:
    """All rows as one value, null if there is none: two lists are one question then."""
    return select(func.json_agg(rows.table_valued(), type_=JSON)).scalar_subquery()


# Built once: building a statement takes longer than to run it.
_SAID = select(
    _listed(_PRESENTMENTS).label("taken"), _listed(_AUTHORISATIONS).label("authorised")
).execution_options(**PREPARED)


def claims_on(session: Session, purchase_id: UUID) -> Claims:
    """Return the authorisations, captures and refunds of a purchase, in one question.

    Its own card's, and those that a person placed here though they came on another.
    """
    said = session.execute(_SAID, {"purchase_id": purchase_id}).one()
    taken = [_taken(SimpleNamespace(**one)) for one in said.taken or ()]
    captured: dict[str | None, int] = defaultdict(int)
    for one in taken:
        if not one.is_refund and not one.is_reversal:
            captured[one.authorisation_id] += one.amount_pence
    authorisations = [SimpleNamespace(**one) for one in said.authorised or ()]
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


def _taken(presentment: Any) -> Taken:
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


def _known(authorisation: Any) -> Known:
    snapshot = snapshot_of(authorisation)
    return Known(
        is_declined=snapshot is not None and not snapshot.is_approved,
        ended_with=authorisation.ended_with,
    )


def _authorised(authorisation: Any, captured_pence: int) -> Authorised:
    snapshot = snapshot_of(authorisation)
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
    """Raise one exception for each new capture that is above what was agreed.

    What the bank pays of a purchase is not for a shop to take.
    """
    through_the_bank_pence = purchase.ordered_pence + purchase.transferred_pence
    captures = {one.presentment_id: one for one in claimed.captures if not one.is_reversal}
    before_pence = sum(one.amount_pence for name, one in captures.items() if name not in new)
    for capture in (captures[name] for name in new if name in captures):
        above_pence = rules.beyond(
            allowed_pence=max(0, purchase.limit_pence - through_the_bank_pence),
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
