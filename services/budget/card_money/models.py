"""What moved on cards of no purchase. It is of no budget, so no book of a budget can hold it."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class UnmatchedCard(Table):
    """One card's, in absolute amounts; both are 0 again once all of it was placed."""

    __tablename__ = "unmatched_cards"
    __table_args__ = (
        CheckConstraint("taken_pence >= 0", name="taken_not_negative"),
        CheckConstraint("returned_pence >= 0", name="returned_not_negative"),
    )
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]  # of what payments said last
    taken_pence: Mapped[int]
    returned_pence: Mapped[int]
