"""Suppressions, in force until they end or are lifted; none is ever deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.notifications.people.digests import digest
from services.notifications.people.rules import Channel
from services.notifications.suppression.rules import SuppressionReason
from services.notifications.tables import Table


class Suppression(Table):
    """One reason not to write by a channel. The address is kept as a digest."""

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint(
            "(address_digest IS NULL) <> (person_id IS NULL)", name="of_an_address_or_a_person"
        ),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"),
        Index("suppressions_of_address_ix", "address_digest"),
        Index("suppressions_of_person_ix", "person_id"),
    )
    suppression_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[Channel]
    address_digest: Mapped[str | None]
    person_id: Mapped[UUID | None]
    reason: Mapped[SuppressionReason]
    source: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[UUID | None] = mapped_column(default=None)

    @classmethod
    def in_force(
        cls,
        addresses: Mapping[Channel, str],
        person_ids: Sequence[UUID],
        *,
        at: datetime,
        session: Session,
    ) -> list["Suppression"]:
        """Return those that concern somebody now: one of their ids, or an address they have."""
        digests = [digest(channel, address) for channel, address in addresses.items()]
        found = (
            select(cls)
            .where(or_(cls.person_id.in_(person_ids), cls.address_digest.in_(digests)))
            .where(cls.lifted_at.is_(None), cls.since <= at)
            .where(or_(cls.until.is_(None), cls.until > at))
            .order_by(cls.since, cls.suppression_id)
        )
        return list(session.scalars(found))
