"""A budget becomes active, is revised, and ends."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, PartSchema, pence, version


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetActivated(Event):
    """Every funder has paid in or committed: the budget can be spent."""

    event_type: ClassVar[str] = "budget.budget_activated.v1"
    subject_id: ClassVar[str] = "budget_id"
    business_key: ClassVar[str] = "version"
    budget_id: UUID
    version: int
    plan_id: UUID
    person_id: UUID
    available_pence: int


class BudgetActivatedSchema(EventSchema):
    event_class = BudgetActivated
    budget_id = fields.UUID(required=True)
    version = version()
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRevised(Event):
    """A later version of the plan counts from now on.

    Where it costs less than what is spent and held, nothing is undone: ``gap_pence`` is overspent.
    """

    event_type: ClassVar[str] = "budget.budget_revised.v1"
    subject_id: ClassVar[str] = "budget_id"
    business_key: ClassVar[str] = "version"
    budget_id: UUID
    version: int
    plan_id: UUID
    person_id: UUID
    total_pence: int
    used_pence: int  # spent and held
    gap_pence: int


class BudgetRevisedSchema(EventSchema):
    event_class = BudgetRevised
    budget_id = fields.UUID(required=True)
    version = version()
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    used_pence = pence()
    gap_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderAtEnd:
    """How one funder's book for a budget stood when the end was recorded, in pence."""

    funder_id: UUID
    paid_in_pence: int  # paid in or released
    promised_pence: int  # committed, and not paid in
    spent_pence: int  # paid out by it, or by another in its place
    held_pence: int
    left_pence: int  # available or not allocated, less what is held
    overspent_pence: int
    due_to_pence: int  # what it owes others
    due_from_pence: int  # what others owe it
    person_owes_pence: int  # what the person has still to pay towards its part


class FunderAtEndSchema(PartSchema):
    part_class = FunderAtEnd
    funder_id = fields.UUID(required=True)
    paid_in_pence = pence()
    promised_pence = pence()
    spent_pence = pence()
    held_pence = pence()
    left_pence = pence()
    overspent_pence = pence()
    due_to_pence = pence()
    due_from_pence = pence()
    person_owes_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetEnded(Event):
    """A budget has an end. From that day on nothing new is bought; what is held runs its course."""

    event_type: ClassVar[str] = "budget.budget_ended.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody has died, or moved
    subject_id: ClassVar[str] = "budget_id"
    business_key: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    ends_on: date
    reason: str
    funders: list[FunderAtEnd]


class BudgetEndedSchema(EventSchema):
    event_class = BudgetEnded
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    ends_on = fields.Date(required=True)
    reason = fields.String(
        required=True,
        validate=validate.OneOf(("plan_ended", "persons_wish", "died", "moved")),
    )
    funders = fields.List(fields.Nested(FunderAtEndSchema), required=True)
