"""Safeguarding holds, with who set them and why. They never end by themselves."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.notifications.people.rules import Channel
from services.notifications.tables import Sealed, Table


class SafeguardingHold(Table):
    """One hold. The person may not be known here yet: it counts from the first message on."""

    __tablename__ = "safeguarding_holds"
    __table_args__ = (
        CheckConstraint(
            "(released_at IS NULL) = (released_by IS NULL)"
            " AND (released_at IS NULL) = (release_reason IS NULL)",
            name="released_as_a_whole",
        ),
        Index(
            "safeguarding_holds_in_force_ix",
            "person_id",
            postgresql_where=text("released_at IS NULL"),
        ),
    )
    hold_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    channel: Mapped[Channel | None]  # none: nothing is sent at all
    review_by: Mapped[date]
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Sealed("safeguarding_holds.reason"))
    released_at: Mapped[datetime | None] = mapped_column(default=None)
    released_by: Mapped[UUID | None] = mapped_column(default=None)
    release_reason: Mapped[str | None] = mapped_column(
        Sealed("safeguarding_holds.release_reason"), default=None
    )

    @classmethod
    def held_channels(cls, person_ids: Sequence[UUID], *, session: Session) -> frozenset[Channel]:
        """Return the channels by which nothing may be sent to a person now."""
        in_force = (
            select(cls.channel)
            .where(cls.person_id.in_(person_ids), cls.released_at.is_(None))
            .distinct()
        )
        held = set(session.scalars(in_force))
        if None in held:
            return frozenset(Channel)
        return frozenset(channel for channel in held if channel is not None)
