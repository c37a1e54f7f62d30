"""What people chose, as often as they chose: a later version replaces an earlier one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.notifications.choices.rules import Hours, OpenHours
from services.notifications.people.rules import Channel
from services.notifications.tables import Sealed, Table


class Choice(Table):
    """One version of what a person chose. Nothing is ever changed in it."""

    __tablename__ = "choices"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint(
            "(opens IS NULL) = (closes IS NULL) AND opens >= 0 AND opens < closes AND closes <= 24",
            name="hours_of_a_day",
        ),
        CheckConstraint("is_safe_to_text = (safe_mobile IS NOT NULL)", name="safe_for_a_number"),
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channels: Mapped[list[str]] = mapped_column(JSONB)  # in order; others are not used
    declined_topics: Mapped[list[str]] = mapped_column(JSONB)
    copied: Mapped[list[str]] = mapped_column(JSONB)  # representatives whom only a yes lets hear
    language: Mapped[str | None]  # none: as assessment says
    accessible_format: Mapped[str | None]  # none: as assessment says
    opens: Mapped[int | None]  # hours of every day; none: the usual ones
    closes: Mapped[int | None]
    is_safe_to_text: Mapped[bool]
    safe_mobile: Mapped[str | None]  # the digest of the number for which it is
    chosen_at: Mapped[datetime]
    set_by: Mapped[UUID]  # the person, or who wrote down what they said
    reason: Mapped[str] = mapped_column(Sealed("choices.reason"))

    @property
    def order(self) -> list[Channel]:
        return [Channel(channel) for channel in self.channels]

    @property
    def open_hours(self) -> OpenHours:
        if self.opens is None or self.closes is None:
            return OpenHours()
        every_day = Hours(opens=self.opens, closes=self.closes)
        return OpenHours(weekdays=every_day, free_days=every_day)

    @classmethod
    def newest(cls, person_ids: Sequence[UUID], *, session: Session) -> "Choice | None":
        """Return what a person chose last, under any of these ids of theirs."""
        newest = cls.chosen_at.desc(), cls.version.desc()
        chosen = select(cls).where(cls.person_id.in_(person_ids)).order_by(*newest)
        return session.scalars(chosen.limit(1)).first()
