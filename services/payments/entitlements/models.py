"""What assessment and budget have told us, each with the version that told it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.entitlements.rules import Rail
from services.payments.tables import Table


class Plan(Table):
    """The newest approved version of the plan that a budget pays for."""

    __tablename__ = "plans"
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    person_id: Mapped[UUID]
    version: Mapped[int]


class PlanItem(Table):
    """One thing that may be bought, as often as ``occurrences`` says."""

    __tablename__ = "plan_items"
    __table_args__ = (
        CheckConstraint("unit_cost_pence >= 0", name="unit_cost_not_negative"),
        CheckConstraint("occurrences > 0", name="occurrences_positive"),
    )
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("plans.budget_id"), index=True)
    plan_version: Mapped[int]  # the last version of the plan that had this item
    description: Mapped[str]
    category: Mapped[str]
    unit_cost_pence: Mapped[int]
    occurrences: Mapped[int]
    rail: Mapped[Rail]
    payee: Mapped[str]
    merchant_category_code: Mapped[str | None]
    payer: Mapped[str]  # joint: by the funders' shares; nhs, council: by that funder alone


class LiveBudget(Table):
    """A budget that can be spent."""

    __tablename__ = "live_budgets"
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]


class CareTeam(Table):
    """Which version of a person's care team we know."""

    __tablename__ = "care_teams"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]


class BudgetStop(Table):
    """From when on a budget buys nothing new, and why."""

    __tablename__ = "budget_stops"
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    stops_on: Mapped[date]
    because: Mapped[str]  # died, plan_ended, persons_wish, moved
    recorded_at: Mapped[datetime]


class TeamRole(Table):
    """What somebody is in a person's care team; who has two roles has two rows."""

    __tablename__ = "team_roles"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("care_teams.person_id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Broker(Table):
    """Somebody who may buy for a person."""

    __tablename__ = "brokers"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("care_teams.person_id"), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]  # goes to the issuer: a card names who uses it
