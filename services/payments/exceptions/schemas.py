"""The forms of what is asked about exceptions."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.payments.exceptions.commands import ExceptionsAsked, ResolveException
from services.payments.exceptions.rules import Resolution
from services.payments.words import words_field

LONGEST_REASON = 2_000
LONGEST_ROLE = 100


class ResolveExceptionForm(Schema):
    exception_id = fields.UUID(required=True)
    resolved_by = fields.UUID(required=True)
    resolution = fields.Enum(Resolution, by_value=True, required=True)
    reason = words_field(longest=LONGEST_REASON)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ResolveException:
        return ResolveException(**loaded)


class ExceptionsForm(Schema):
    role = words_field(longest=LONGEST_ROLE, required=False, load_default=None)
    purchase_id = fields.UUID(load_default=None)
    is_open = fields.Boolean(load_default=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> ExceptionsAsked:
        return ExceptionsAsked(**loaded)
