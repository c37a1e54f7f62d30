"""The form of the requests about money coming in."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.accounts.rules import FunderId
from services.budget.funding.commands import ReceiveContribution


class ReceiveContributionForm(Schema):
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.Enum(FunderId, by_value=True, required=True)
    amount_pence = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    bank_reference = fields.String(required=True, validate=validate.Length(min=1, max=140))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReceiveContribution:
        return ReceiveContribution(**loaded)
