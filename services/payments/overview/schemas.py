"""The form of the questions."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load


class PurchaseForm(Schema):
    purchase_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> UUID:
        return loaded["purchase_id"]


class PurchasesForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> UUID:
        return loaded["budget_id"]


class TotalsForm(Schema):
    """Nothing is asked but the figures."""
