"""The form of the requests about periods."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.periods.commands import (
    ApproveReopening,
    ClosePeriod,
    OpenPeriod,
    ReopenPeriod,
    ShowBalance,
    ShowPeriod,
    SignPeriod,
    SoftClosePeriod,
)

MOST_VERSIONS = 1_000_000
# What the ledger takes for a day (``effective_on_sane``), with a year to spare on both sides.
DAYS = validate.Range(min=date(1901, 1, 1), max=date(9997, 12, 31))


def day() -> fields.Date:
    return fields.Date(required=True, validate=DAYS)


class OpenPeriodForm(Schema):
    period_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    starts_on = day()
    ends_on = day()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> OpenPeriod:
        return OpenPeriod(**loaded)


class SoftClosePeriodForm(Schema):
    period_id = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SoftClosePeriod:
        return SoftClosePeriod(**loaded)


class SignPeriodForm(Schema):
    period_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    role = fields.String(required=True, validate=validate.Length(min=1, max=60))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SignPeriod:
        return SignPeriod(**loaded)


class ClosePeriodForm(Schema):
    period_id = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ClosePeriod:
        return ClosePeriod(**loaded)


class ReopeningForm(Schema):
    period_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


class ApproveReopeningForm(ReopeningForm):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ApproveReopening:
        return ApproveReopening(**loaded)


class ReopenPeriodForm(ReopeningForm):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReopenPeriod:
        return ReopenPeriod(**loaded)


class PeriodStatementForm(Schema):
    period_id = fields.UUID(required=True)
    version = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(min=1, max=MOST_VERSIONS)
    )
    budget_id = fields.UUID(load_default=None)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> ShowPeriod:
        return ShowPeriod(**loaded)


class BalanceForm(Schema):
    budget_id = fields.UUID(required=True)
    as_of = day()
    known_at = fields.AwareDateTime(load_default=None)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> ShowBalance:
        return ShowBalance(**loaded)
