"""The form of the requests about allocations."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.allocations.commands import (
    EndAllocation,
    RunAllocations,
    ScheduleAllocation,
)
from services.budget.allocations.rules import Leftover, Recurrence

LARGEST_PENCE = 10**12
LONGEST_WEEKS = 53
LONGEST_REASON = 2_000
LAST_DAY = date(2199, 12, 31)


def day(**options: Any) -> fields.Date:
    return fields.Date(validate=validate.Range(max=LAST_DAY), **options)


class ScheduleAllocationForm(Schema):
    allocation_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    recurrence = fields.Enum(Recurrence, by_value=True, required=True)
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )
    starts_on = day(required=True)
    ends_on = day(load_default=None, allow_none=True)
    leftover = fields.Enum(Leftover, by_value=True, required=True)
    keep_weeks = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=LONGEST_WEEKS),
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ScheduleAllocation:
        return ScheduleAllocation(**loaded)


class EndAllocationForm(Schema):
    allocation_id = fields.UUID(required=True)
    ends_on = day(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> EndAllocation:
        return EndAllocation(**loaded)


class RunAllocationsForm(Schema):
    pool_id = fields.UUID(required=True)
    on = day(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RunAllocations:
        return RunAllocations(**loaded)


class AllocationsForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return loaded["budget_id"]
