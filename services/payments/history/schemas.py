"""The form of what is asked about a history."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.payments.history.commands import HistoryAsked


class HistoryForm(Schema):
    person_id = fields.UUID(required=True)
    after = fields.UUID(load_default=None, allow_none=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> HistoryAsked:
        return HistoryAsked(**loaded)
