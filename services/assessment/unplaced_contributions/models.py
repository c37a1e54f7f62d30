"""The table of contributions that wait for their referral."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.tables import Table


class UnplacedContribution(Table):
    """What somebody contributed to a referral that has not arrived. Once placed, it is empty."""

    __tablename__ = "unplaced_contributions"
    __table_args__ = (
        Index(
            "unplaced_contributions_referral_id_ix",
            "referral_id",
            postgresql_where=text("placed_at IS NULL"),
        ),
    )
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID]  # no row here yet
    organisation: Mapped[str]
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    request_sha256: Mapped[str]
    received_at: Mapped[datetime]
    placed_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def waiting(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return what waits for one referral, in the order in which it came, locked."""
        waiting = select(cls).where(cls.referral_id == referral_id, cls.placed_at.is_(None))
        return list(session.scalars(waiting.order_by(cls.received_at).with_for_update()))
