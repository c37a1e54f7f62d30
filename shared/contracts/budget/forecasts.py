"""What a budget is likely to come to."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, count, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class OverspendExpected(Event):
    """If spending goes on as it does, a plan's money does not last. Told once a turn."""

    event_type: ClassVar[str] = "budget.overspend_expected.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    total_pence: int  # what the plan comes to
    expected_pence: int  # what is spent by its end if the pace goes on
    weekly_pence: int  # the pace: the mean of so many weeks
    pace_weeks: int
    weeks_left: int


class OverspendExpectedSchema(EventSchema):
    event_class = OverspendExpected
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    expected_pence = pence()
    weekly_pence = pence()
    pace_weeks = count()
    weeks_left = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderspendExpected(Event):
    """If spending goes on as it does, much of a plan's money is not used. Told once a turn."""

    event_type: ClassVar[str] = "budget.underspend_expected.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    total_pence: int  # what the plan comes to
    expected_pence: int  # what is spent by its end if the pace goes on
    weekly_pence: int  # the pace: the mean of so many weeks
    pace_weeks: int
    weeks_left: int


class UnderspendExpectedSchema(EventSchema):
    event_class = UnderspendExpected
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    expected_pence = pence()
    weekly_pence = pence()
    pace_weeks = count()
    weeks_left = count()
