"""The table of life events."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.life_events.rules import EventKind, Whereabouts
from services.assessment.tables import Table


class LifeEvent(Table):
    """One thing that happened to a person; the next one says where they are after it."""

    __tablename__ = "life_events"
    __table_args__ = (
        Index(
            "life_events_moves_ahead_ix",
            "happened_on",
            postgresql_where=text("kind = 'move' AND effective_at IS NULL"),
        ),
        Index("life_events_in_order_key", "person_id", "position", unique=True),
        CheckConstraint("position >= 1", name="position_from_one"),
    )
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    position: Mapped[int]  # in the order in which they were recorded
    kind: Mapped[EventKind]
    happened_on: Mapped[date]
    source: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    whereabouts: Mapped[Whereabouts]  # after it
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]
    effective_at: Mapped[datetime | None] = mapped_column(default=None)  # None: a move ahead
    # Of a death: what it closed on each case, so that it can be opened again.
    closed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)

    @classmethod
    def of(cls, person_id: UUID, *, session: Session) -> list[Self]:
        """Return what happened to a person, in the order in which it was recorded."""
        events = select(cls).where(cls.person_id == person_id).order_by(cls.position)
        return list(session.scalars(events.execution_options(populate_existing=True)))

    @classmethod
    def that_stand(cls, person_id: UUID, *, session: Session) -> list[Self]:
        """Return what happened to a person, less each death that was taken back.

        Nothing can be recorded between a death and its being taken back.
        """
        events: list[Self] = []
        for event in cls.of(person_id, session=session):
            if event.kind == EventKind.DEATH_CORRECTED:
                events.pop()
            else:
                events.append(event)
        return events
