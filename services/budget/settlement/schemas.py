"""The form of the request about a debt that was paid."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.funding.schemas import reference
from services.budget.settlement.commands import SettleRecharge


class SettleRechargeForm(Schema):
    run_id = fields.UUID(required=True)
    debtor_id = fields.UUID(required=True)
    creditor_id = fields.UUID(required=True)
    # Nothing where both ways come to the same: that is set off, and nobody pays.
    amount_pence = fields.Integer(strict=True, required=True, validate=validate.Range(min=0))
    bank_reference = reference()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SettleRecharge:
        return SettleRecharge(**loaded)
