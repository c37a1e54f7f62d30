"""What was told last of where a budget's spending is heading."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.forecasts.rules import Outlook
from services.budget.tables import Table


class LastForecast(Table):
    """What was held to be so of a budget when it was last looked at."""

    __tablename__ = "last_forecasts"
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), primary_key=True)
    outlook: Mapped[Outlook]
    looked_on: Mapped[date]
