"""Who was named as the second person is kept, with where they are written to."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.second_people.models import SecondPerson
from shared.contracts.assessment.emergencies import EmergencyAnswerWanted
from shared.trace import Trace


def keep_second_person(event: EmergencyAnswerWanted, *, session: Session, trace: Trace) -> None:
    """Keep how somebody is called and written to, unless they were named again since."""
    facts = {
        "staff_id": event.second_id,
        "name": event.second_name,
        "email": event.second_email,
        "named_at": event.occurred_at,
    }
    row = insert(SecondPerson).values(**facts)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["staff_id"],
            set_=facts,
            where=SecondPerson.named_at < row.excluded.named_at,
        )
    )
