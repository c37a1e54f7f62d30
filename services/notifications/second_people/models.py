"""The table of colleagues who were named as the second person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.tables import Sealed, Table


class SecondPerson(Table):
    """Who was named when a record was opened in an emergency, as they were named last."""

    __tablename__ = "second_people"
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Sealed("second_people.name"))
    email: Mapped[str] = mapped_column(Sealed("second_people.email"))  # at work
    named_at: Mapped[datetime]
