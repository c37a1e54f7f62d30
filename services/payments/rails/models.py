"""Whether the issuer and the bank can be reached, and purchases that go another way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.entitlements.rules import Rail
from services.payments.rails.rules import ChangeState, Party
from services.payments.tables import Table


class RailState(Table):
    """One party; without a row it has always been reached."""

    __tablename__ = "rail_states"
    party: Mapped[Party] = mapped_column(primary_key=True)
    outage_id: Mapped[UUID | None] = mapped_column(default=None)  # the last one
    degraded_at: Mapped[datetime | None] = mapped_column(default=None)  # null: it is reached
    # By the database's own clock, as attempts are: failures before it count no more.
    reached_at: Mapped[datetime | None] = mapped_column(default=None)


class RailChange(Table):
    """Somebody's decision that a purchase goes another way, once for each purchase."""

    __tablename__ = "rail_changes"
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), primary_key=True)
    from_rail: Mapped[Rail]
    to_rail: Mapped[Rail]
    decided_by: Mapped[UUID]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    state: Mapped[ChangeState]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
