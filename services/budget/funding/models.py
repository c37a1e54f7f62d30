"""What each funder was called for, and what it has committed and paid in."""

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.funding.rules import MoneySource, Terms
from services.budget.tables import Table


class MoneyKind(enum.StrEnum):
    """What kind of money came in, as it was booked; out of what, a funder says (MoneySource)."""

    NEW_MONEY = "new_money"  # paid into the pool's bank account
    RELEASED = "released"  # released from a block contract
    SETTLED = "settled"  # paid to the partner who had advanced it


class Contribution(Table):
    """One call on one funder, or on the person, for one budget."""

    __tablename__ = "contributions"
    __table_args__ = (
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint("received_pence BETWEEN 0 AND amount_pence", name="received_within"),
        CheckConstraint(
            "(received_pence = amount_pence) = (received_at IS NOT NULL)", name="received_whole"
        ),
        CheckConstraint("covers_until >= covers_from", name="covers_whole_days"),
        CheckConstraint(
            "num_nulls(covers_from, covers_until, cost_centre, money_source) IN (0, 4)",
            name="terms_whole",
        ),
    )
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"))
    amount_pence: Mapped[int]  # less what of a charge was taken back since
    due_on: Mapped[date]
    received_pence: Mapped[int] = mapped_column(default=0)
    committed_at: Mapped[datetime | None] = mapped_column(default=None)
    received_at: Mapped[datetime | None] = mapped_column(default=None)  # the whole of it
    chased_on: Mapped[date | None] = mapped_column(default=None)  # last
    is_for_crisis: Mapped[bool] = mapped_column(default=False)  # beyond what the plan costs
    # What the funder says of it, if it does: for which days it pays, from where, and out of what.
    covers_from: Mapped[date | None] = mapped_column(default=None)
    covers_until: Mapped[date | None] = mapped_column(default=None)  # the last day
    cost_centre: Mapped[str | None] = mapped_column(default=None)
    money_source: Mapped[MoneySource | None] = mapped_column(default=None)

    @property
    def terms(self) -> Terms | None:
        """On which terms it was committed, if any were told."""
        starts_on, ends_on, source = self.covers_from, self.covers_until, self.money_source
        if starts_on is None or ends_on is None or source is None:
            return None
        return Terms(
            starts_on=starts_on, ends_on=ends_on, cost_centre=self.cost_centre or "", source=source
        )

    def put_on_terms(self, terms: Terms | None) -> None:
        """Keep what a funder says of its contribution, or that it says nothing any more."""
        self.covers_from = terms.starts_on if terms else None
        self.covers_until = terms.ends_on if terms else None
        self.cost_centre = terms.cost_centre if terms else None
        self.money_source = terms.source if terms else None


class Receipt(Table):
    """Money that came in for a call; a person may pay theirs in parts."""

    __tablename__ = "receipts"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)
    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("contributions.contribution_id"), primary_key=True
    )
    reference: Mapped[str] = mapped_column(primary_key=True)  # of the bank, or of the contract
    money: Mapped[MoneyKind]
    amount_pence: Mapped[int]
    received_at: Mapped[datetime]
