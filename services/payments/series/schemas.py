"""The forms of what is asked about series."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.payments.series.commands import ApproveSeries, EndSeries, StartSeries
from services.payments.series.rules import ALLOWANCE_PERIODS, Every, Period
from services.payments.words import words_field

LARGEST_PENCE = 100_000_000
LONGEST_INSTRUCTION = 2_000
LONGEST_REASON = 500
LONGEST_NAME = 100


def pence() -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )


class StartSeriesForm(Schema):
    series_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    every = fields.Enum(Every, by_value=True, required=True)
    period = fields.Enum(Period, by_value=True, required=True)
    period_cap_pence = pence()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    requested_by = fields.UUID(required=True)
    instruction = words_field(longest=LONGEST_INSTRUCTION)

    @validates_schema(skip_on_field_errors=True)
    def _within(self, form: dict[str, Any], **_kwargs: Any) -> None:
        if form["ends_on"] < form["starts_on"]:
            raise ValidationError("It ends before it begins.", "ends_on")
        if form["period_cap_pence"] < form["amount_pence"]:
            raise ValidationError("It is less than one occurrence.", "period_cap_pence")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> StartSeries:
        return StartSeries(**loaded)


class StartHoldersCardForm(Schema):
    series_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    allowance_pence = pence()
    every = fields.Enum(
        Every, by_value=True, required=True, validate=validate.OneOf(ALLOWANCE_PERIODS)
    )
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    holder_id = fields.UUID(required=True)
    holder_name = words_field(longest=LONGEST_NAME)
    requested_by = fields.UUID(required=True)
    instruction = words_field(longest=LONGEST_INSTRUCTION)

    @validates_schema(skip_on_field_errors=True)
    def _within(self, form: dict[str, Any], **_kwargs: Any) -> None:
        if form["ends_on"] < form["starts_on"]:
            raise ValidationError("It ends before it begins.", "ends_on")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> StartSeries:
        allowance_pence = loaded.pop("allowance_pence")
        return StartSeries(
            **loaded, amount_pence=allowance_pence, period=None, period_cap_pence=allowance_pence
        )


class ApproveSeriesForm(Schema):
    series_id = fields.UUID(required=True)
    approved_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ApproveSeries:
        return ApproveSeries(**loaded)


class EndSeriesForm(Schema):
    series_id = fields.UUID(required=True)
    ended_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> EndSeries:
        return EndSeries(**loaded)


class SeriesForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> UUID:
        return loaded["budget_id"]
