"""The form of the requests about direct payments."""

from typing import Any

from marshmallow import Schema, fields, post_load

from services.budget.direct_payments.commands import (
    PayDirectPayments,
    ScheduleDirectPayment,
)
from services.budget.direct_payments.rules import Recurrence
from services.budget.money_routes.schemas import pence


class ScheduleDirectPaymentForm(Schema):
    schedule_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    recurrence = fields.Enum(Recurrence, by_value=True, required=True)
    amount_pence = pence()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ScheduleDirectPayment:
        return ScheduleDirectPayment(**loaded)


class PayDirectPaymentsForm(Schema):
    pool_id = fields.UUID(required=True)
    on = fields.Date(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> PayDirectPayments:
        return PayDirectPayments(**loaded)
