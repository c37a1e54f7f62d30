"""Settlement files and their rows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.settlement.rules import RowOutcome
from services.payments.tables import Table


class SettlementFile(Table):
    """One file of a day; one at most counts, those before it were replaced."""

    __tablename__ = "settlement_files"
    __table_args__ = (
        Index(
            "settlement_files_counts_ix",
            "day",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    row_count: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]  # organisation and role
    replaced_at: Mapped[datetime | None] = mapped_column(default=None)


class SettlementRow(Table):
    """One row of the file that counts, and what it comes to."""

    __tablename__ = "settlement_rows"
    __table_args__ = (
        CheckConstraint("fee_pence >= 0", name="fee_not_negative"),
        Index("settlement_rows_extra_ix", "day", postgresql_where=text("outcome = 'extra'")),
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[str] = mapped_column(index=True)
    authorisation_id: Mapped[str | None]
    issuer_card_id: Mapped[str]
    amount_pence: Mapped[int]  # below 0: a capture
    currency: Mapped[str]
    is_refund: Mapped[bool]
    processed_on: Mapped[date]
    fee_pence: Mapped[int]
    outcome: Mapped[RowOutcome]
    purchase_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("purchases.purchase_id"), index=True
    )
