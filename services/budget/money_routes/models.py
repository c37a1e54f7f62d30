"""By which way the money for each item goes, from a day on: a history that is never changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.budget.money_routes.rules import Payee, Route
from services.budget.tables import Table


class ItemRoute(Table):
    """The way of an item from a day on; of those for a day the one with the highest number counts.

    An item that has no row goes the way of the item of an earlier version of the plan that has
    its words and payer, and otherwise by the host (``route_of``).
    """

    __tablename__ = "item_routes"
    __table_args__ = (
        CheckConstraint(
            "(route = 'direct_payment') = (payee IS NOT NULL)", name="payee_of_direct_payment"
        ),
        CheckConstraint("(payee IS NULL) = (account_reference IS NULL)", name="account_of_payee"),
        CheckConstraint("actor <> ''", name="actor_told"),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    item_id: Mapped[UUID] = mapped_column(ForeignKey("budget_items.item_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    starts_on: Mapped[date]
    route: Mapped[Route]
    payee: Mapped[Payee | None]
    account_reference: Mapped[str | None]  # an opaque token
    reason: Mapped[str]
    actor: Mapped[str]  # organisation/role
    recorded_at: Mapped[datetime]


_ROUTE_ON = select(ItemRoute).from_statement(
    text("SELECT * FROM route_of(:item_id, :day, 'infinity')")
)


def route_on(session: Session, item_id: UUID, day: date) -> ItemRoute | None:
    """Return the way of an item on a day; none where it goes by the host and nothing was said."""
    return session.scalars(_ROUTE_ON, {"item_id": item_id, "day": day}).first()
