"""The bank's webhook: ``payment_order.paid`` and ``payment_order.failed``."""

from marshmallow import EXCLUDE, Schema, fields, validate

PATH = "/webhooks/bank/events"
LONGEST_TEXT = 255
PAID = "payment_order.paid"
FAILED = "payment_order.failed"


class Tolerant(Schema):
    class Meta:
        unknown = EXCLUDE


class Envelope(Tolerant):
    type = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_TEXT))


class PaymentOrder(Tolerant):
    reference = fields.UUID(required=True)
    failure_reason = fields.String(load_default=None, allow_none=True)


class Settled(Tolerant):
    data = fields.Nested(PaymentOrder, required=True)
