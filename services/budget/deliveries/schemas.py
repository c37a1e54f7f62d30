"""The form of the requests about deliveries."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.budget.deliveries.commands import RecordDelivery
from services.budget.money_routes.schemas import pence


class RecordDeliveryForm(Schema):
    delivery_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    delivered_on = fields.Date(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordDelivery:
        return RecordDelivery(**loaded)
