"""The forms of what is asked about messages to partners."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from services.partners.outbound.commands import Replay


class ReplayForm(Schema):
    replay_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
    since = fields.AwareDateTime(load_default=None, allow_none=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)

    @validates_schema
    def _something_is_asked(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["person_id"] is None and loaded["since"] is None:
            raise ValidationError("Say of whom, or from when on.", "person_id")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> Replay:
        return Replay(**loaded)


class TotalsForm(Schema):
    """Nothing is asked but how many."""
