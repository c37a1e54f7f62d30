"""The form of the requests about shares that were decided."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.budget.reapportionment.commands import Reapportion


class ReapportionForm(Schema):
    agreement_id = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> Reapportion:
        return Reapportion(**loaded)
