"""The table of what partners are told."""

import enum
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.partners.tables import Sealed, Table
from shared.messaging import wake


class OutgoingState(enum.StrEnum):
    """Where a message to a partner stands."""

    PENDING = "pending"
    SENT = "sent"  # the partner's queue or mailbox has it
    UNDELIVERED = "undelivered"  # nobody fetched it in time, or MESH refused it: somebody looks


class OutgoingMessage(Table):
    """One message to one of a partner's systems. It is sent in the order of its position."""

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        Index(
            "outgoing_messages_pending_ix",
            "partner",
            "system",
            "position",
            postgresql_where=text("state = 'pending'"),
        ),
        Index("outgoing_messages_of_person_ix", "person_id", "position"),
        Index("outgoing_messages_message_id_ix", "message_id"),
        Index(
            "outgoing_messages_outside_id_ix",
            "outside_id",
            postgresql_where=text("outside_id IS NOT NULL"),
        ),
    )
    position: Mapped[int] = mapped_column(primary_key=True, init=False)
    message_id: Mapped[UUID]  # a copy that is sent again has the same
    partner: Mapped[str]
    system: Mapped[str]
    message_type: Mapped[str]
    subject: Mapped[str]
    body: Mapped[bytes] = mapped_column(Sealed("outgoing_messages.body"))
    correlation_id: Mapped[UUID]
    created_at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    state: Mapped[OutgoingState] = mapped_column(default=OutgoingState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    outside_id: Mapped[str | None] = mapped_column(default=None)  # MESH's

    def put_on_its_way(self, session: Session) -> None:
        """Have it sent if, and only if, ``session`` commits."""
        session.add(self)
        for carrier in ("bridge", "mesh"):
            wake.note(session, carrier)

    @classmethod
    def awaited(cls, *, session: Session) -> set[tuple[str, str]]:
        """Return by partner and system to whom something is to be sent."""
        waiting = select(cls.partner, cls.system).where(cls.state == OutgoingState.PENDING)
        return {(partner, system) for partner, system in session.execute(waiting.distinct())}

    @classmethod
    def next_to(cls, partner: str, system: str, *, most: int, session: Session) -> list[Self]:
        """Return what is to be sent next to a system, the oldest first."""
        waiting = (
            select(cls)
            .where(cls.partner == partner, cls.system == system, cls.state == OutgoingState.PENDING)
            .order_by(cls.position)
            .limit(most)
        )
        return list(session.scalars(waiting))


class HeardEvent(Table):
    """One event of which partners may hear, kept so that it can be told later or again."""

    __tablename__ = "heard_events"
    __table_args__ = (
        Index("heard_events_of_person_ix", "person_id", "position"),
        Index("heard_events_of_budget_ix", "budget_id", "position"),
    )
    position: Mapped[int] = mapped_column(primary_key=True, init=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    event_type: Mapped[str]
    subject: Mapped[str]
    person_id: Mapped[UUID | None]
    budget_id: Mapped[UUID | None]
    funder_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    correlation_id: Mapped[UUID]
    is_personal: Mapped[bool]
    sequence: Mapped[int | None]
    details: Mapped[bytes] = mapped_column(Sealed("heard_events.details"))


class Telling(Table):
    """A partner was told of an event. It is told once, but for a replay that it asks for."""

    __tablename__ = "tellings"
    partner: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)


class KnownBudget(Table):
    """Whose budget it is."""

    __tablename__ = "known_budgets"
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)


class BudgetFunder(Table):
    """Who is called to pay into a budget."""

    __tablename__ = "budget_funders"
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(primary_key=True)
