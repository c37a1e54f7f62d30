"""All that was said about one card's money, ready for the rules."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.authorisations.models import Authorisation, Presentment
from services.payments.authorisations.rules import authorised_pence
from services.payments.purchases.rules import Authorised


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a card's authorisations may still claim, and what was claimed and given back."""

    authorised: list[Authorised]
    captured_pence: int
    refunded_pence: int

    @property
    def outstanding_pence(self) -> int:
        return sum(one.outstanding_pence for one in self.authorised)


def claims_on(session: Session, purchase_id: UUID) -> Claims:
    """Return the authorisations, captures and refunds of a purchase's card: two queries."""
    sums = session.execute(
        select(
            Presentment.authorisation_id,
            Presentment.is_refund,
            func.sum(Presentment.amount_pence).label("pence"),
        )
        .where(Presentment.purchase_id == purchase_id)
        .group_by(Presentment.authorisation_id, Presentment.is_refund)
    ).all()
    captured: dict[str | None, int] = defaultdict(int)
    for row in sums:
        if not row.is_refund:
            captured[row.authorisation_id] += int(row.pence)
    authorisations = session.scalars(
        select(Authorisation).where(Authorisation.purchase_id == purchase_id)
    )
    return Claims(
        authorised=[_authorised(one, captured[one.authorisation_id]) for one in authorisations],
        captured_pence=sum(captured.values()),
        refunded_pence=sum(int(row.pence) for row in sums if row.is_refund),
    )


def _authorised(authorisation: Authorisation, captured_pence: int) -> Authorised:
    snapshot = authorisation.snapshot
    return Authorised(
        authorised_pence=authorised_pence(snapshot, authorisation.approvals_pence),
        captured_pence=captured_pence,
        is_pending=snapshot is None or snapshot.is_pending,
    )
