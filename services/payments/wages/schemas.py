"""The form of wages."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.payments.purchases.schemas import LONGEST_INSTRUCTION, LONGEST_REASON
from services.payments.wages.commands import RequestWages
from services.payments.words import words_field

MOST_MINUTES = 60 * 24 * 31
HIGHEST_RATE_PENCE = 500_00


class RequestWagesForm(Schema):
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    requested_by = fields.UUID(required=True)
    instruction = words_field(longest=LONGEST_INSTRUCTION)
    minutes = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=MOST_MINUTES)
    )
    hourly_rate_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=HIGHEST_RATE_PENCE)
    )
    worked_from_on = fields.Date(required=True)
    worked_until_on = fields.Date(required=True)
    is_not_a_repeat = fields.Boolean(load_default=False)
    not_a_repeat_because = words_field(
        longest=LONGEST_REASON, least=0, required=False, load_default=""
    )

    @validates_schema
    def _why(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["is_not_a_repeat"] and not loaded["not_a_repeat_because"].strip():
            raise ValidationError("Say why it is not a repeat.", "not_a_repeat_because")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RequestWages:
        return RequestWages(**loaded)
