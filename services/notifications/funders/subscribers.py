"""What budget tells of who is written to at an organisation is kept."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.funders.models import FunderContact
from shared.contracts.budget.funders import FunderContactNamed
from shared.trace import Trace


def keep_funder_contact(event: FunderContactNamed, *, session: Session, trace: Trace) -> None:
    """Keep who is written to, or that nobody is any more, unless something newer is known."""
    facts = {
        "funder_id": event.funder_id,
        "version": event.version,
        "name": event.name,
        "email": event.email,
    }
    row = insert(FunderContact).values(**facts)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["funder_id"],
            set_=facts,
            where=FunderContact.version < row.excluded.version,
        )
    )
