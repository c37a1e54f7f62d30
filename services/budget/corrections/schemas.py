"""The form of the requests about journals that are wrong."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.budget.corrections.commands import CorrectJournal, ReverseJournal
from services.budget.repayment.schemas import reason


class ReverseJournalForm(Schema):
    journal_id = fields.UUID(required=True)
    reason = reason()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReverseJournal:
        return ReverseJournal(**loaded)


class CorrectJournalForm(Schema):
    journal_id = fields.UUID(required=True)
    effective_on = fields.Date(required=True)
    occurred_on = fields.Date(required=True)
    reason = reason()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> CorrectJournal:
        return CorrectJournal(**loaded)
