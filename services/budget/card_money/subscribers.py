"""What payments says of money that belongs to no purchase, in whatever order it is heard."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.budget.card_money.models import UnmatchedCard
from shared.contracts.payments.authorisations import UnmatchedMoneyChanged
from shared.trace import Trace


def keep_unmatched(event: UnmatchedMoneyChanged, *, session: Session, trace: Trace) -> None:
    """Keep a card's amounts, once for each version; an older one changes nothing."""
    said = {
        "version": event.version,
        "taken_pence": event.taken_pence,
        "returned_pence": event.returned_pence,
    }
    session.execute(
        insert(UnmatchedCard)
        .values(card_id=event.card_id, **said)
        .on_conflict_do_update(
            index_elements=["card_id"],
            set_=said,
            where=UnmatchedCard.version < event.version,
        )
    )
