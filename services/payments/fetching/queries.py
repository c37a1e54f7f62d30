"""What the issuer has to be asked now."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.payments.authorisations.commands import AdoptMoney
from services.payments.authorisations.models import Authorisation
from services.payments.authorisations.rules import AuthorisationStatus
from services.payments.cards.models import Card
from services.payments.fetching import rules
from services.payments.fetching.commands import FetchAuthorisation, ListEvents
from services.payments.fetching.models import EventListing
from services.payments.presentments.models import Presentment

MOST_AT_ONCE = 100


def silent(at: datetime, *, session: Session) -> list[FetchAuthorisation]:
    """Return authorisations of which nothing was heard for too long, the longest first.

    Decisions of ours that the issuer never confirmed, captures whose authorisation never came,
    and holds that have stood for long.
    """
    found = session.scalars(
        select(Authorisation.authorisation_id)
        .where(
            or_(
                Authorisation.status.is_(None),
                Authorisation.status == AuthorisationStatus.PENDING,
            )
        )
        .where(Authorisation.look_at <= at)
        .order_by(Authorisation.look_at)
        .limit(MOST_AT_ONCE)
    )
    return [FetchAuthorisation(authorisation_id=one) for one in found]


def undelivered(at: datetime, *, session: Session) -> list[ListEvents]:
    """Return whether it is time to ask for what could not be delivered."""
    listing = session.get(EventListing, 1)
    listed_at = listing.listed_at if listing else None
    if not rules.is_due(at=at, listed_at=listing.asked_at if listing else None):
        return []
    return [ListEvents(since=rules.listed_since(at=at, listed_at=listed_at))]


def adoptable(at: datetime, *, session: Session) -> list[AdoptMoney]:
    """Return cards that have become known after money had moved on them."""
    found = session.scalars(
        select(Presentment.issuer_card_id)
        .join(Card, Card.issuer_card_id == Presentment.issuer_card_id)
        .where(Presentment.purchase_id.is_(None))
        .distinct()
        .limit(MOST_AT_ONCE)
    )
    return [AdoptMoney(issuer_card_id=one) for one in found]
