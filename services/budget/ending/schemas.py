"""The form of the requests about the end of a budget."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.budget.agreements.models import EndReason
from services.budget.ending.commands import EndBudget


class EndBudgetForm(Schema):
    budget_id = fields.UUID(required=True)
    ends_on = fields.Date(required=True)
    reason = fields.Enum(EndReason, by_value=True, required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> EndBudget:
        return EndBudget(**loaded)


class ClosingStatementForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return loaded["budget_id"]
