"""The forms of what is asked about exceptions."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.exceptions.commands import ExceptionsAsked, ResolveException
from services.payments.exceptions.rules import Resolution

LONGEST_REASON = 2_000


class ResolveExceptionForm(Schema):
    exception_id = fields.UUID(required=True)
    resolved_by = fields.UUID(required=True)
    resolution = fields.Enum(Resolution, by_value=True, required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ResolveException:
        return ResolveException(**loaded)


class ExceptionsForm(Schema):
    role = fields.String(load_default=None)
    purchase_id = fields.UUID(load_default=None)
    is_open = fields.Boolean(load_default=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> ExceptionsAsked:
        return ExceptionsAsked(**loaded)
