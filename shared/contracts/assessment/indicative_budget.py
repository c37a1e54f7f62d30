"""What assessment tells of indicative budgets."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import (
    DataClass,
    Event,
    EventSchema,
    pence,
    version,
    words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicativeBudgetCalculated(Event):
    """How much a person may plan with, and how that was worked out, line by line."""

    event_type: ClassVar[str] = "assessment.indicative_budget_calculated.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    version: int
    rule_set: str
    total_pence: int
    lines: list[str]  # each in plain words, with its amount
    what_would_change: list[str]  # what would raise it and what would not lower it, in plain words


class IndicativeBudgetCalculatedSchema(EventSchema):
    event_class = IndicativeBudgetCalculated
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    rule_set = words()
    total_pence = pence()
    lines = fields.List(fields.String(), required=True)
    what_would_change = fields.List(fields.String(), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetDeclined(Event):
    """The person, informed, wants no budget now. Their services stay as they are."""

    event_type: ClassVar[str] = "assessment.budget_declined.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID


class BudgetDeclinedSchema(EventSchema):
    event_class = BudgetDeclined
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
