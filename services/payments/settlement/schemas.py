"""The forms of what is asked about settlement."""

from datetime import date
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.settlement.commands import ImportSettlement, OpenHoldsAsked

LARGEST_FILE = 900_000  # letters: a message holds 1 MiB; `make reconcile` takes larger ones


class ImportSettlementForm(Schema):
    day = fields.Date(required=True)
    file = fields.String(required=True, validate=validate.Length(min=1, max=LARGEST_FILE))
    replaces = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp("^[0-9a-f]{64}\\Z")
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ImportSettlement:
        return ImportSettlement(**loaded)


class SettlementForm(Schema):
    day = fields.Date(required=True)

    @post_load
    def _as_day(self, loaded: dict[str, Any], **_kwargs: Any) -> date:
        return loaded["day"]


class OpenHoldsForm(Schema):
    older_than_days = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=3_650)
    )

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> OpenHoldsAsked:
        return OpenHoldsAsked(**loaded)
