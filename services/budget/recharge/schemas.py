"""The form of the requests and questions about what funders owe one another."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.recharge.commands import LinesAsked, RechargeAsked, RunRecharge


def month() -> fields.Date:
    """Return a field for a month, written ``2026-11`` and loaded as its first day."""
    within = validate.Range(min=date(2000, 1, 1), max=date(2099, 12, 1))
    return fields.Date(format="%Y-%m", required=True, validate=within)


class RunRechargeForm(Schema):
    run_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    month = month()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RunRecharge:
        return RunRecharge(**loaded)


class RechargeForm(Schema):
    pool_id = fields.UUID(required=True)
    on = fields.Date(required=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> RechargeAsked:
        return RechargeAsked(**loaded)


class RechargeLinesForm(Schema):
    invoice_id = fields.UUID(required=True)
    after_budget_id = fields.UUID(load_default=None)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> LinesAsked:
        return LinesAsked(**loaded)
