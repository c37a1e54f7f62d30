"""What goes in and comes out about purchases."""

from marshmallow import Schema, fields

from services.gateway.schemas import Form, pence, words

LONGEST_INSTRUCTION = 2_000
LONGEST_REASON = 500


class RequestPurchaseForm(Form):
    """Ask for one purchase of an item of the plan."""

    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True, metadata={"description": "of the approved plan"})
    amount_pence = pence(required=True)
    instruction = words(
        longest=LONGEST_INSTRUCTION, required=True, metadata={"description": "what to buy, where"}
    )
    is_not_a_repeat = fields.Boolean(load_default=False)
    not_a_repeat_because = words(longest=LONGEST_REASON, least=0, load_default="")


class ReasonForm(Form):
    """Why it is done."""

    reason = words(longest=LONGEST_REASON, required=True)


class PurchaseStateSchema(Schema):
    """Where a purchase stands after a command."""

    purchase_id = fields.UUID()
    state = fields.String()


class RefusalSchema(Schema):
    code = fields.String()
    reason = fields.String()
    next_step = fields.String()


class WaitsForSchema(RefusalSchema):
    details = fields.Dict()


class DecisionSchema(Schema):
    """One question of the card network, and our answer."""

    event_id = fields.String()
    is_approved = fields.Boolean()
    amount_pence = fields.Integer()
    approved_pence = fields.Integer()
    policy_version = fields.Integer(allow_none=True)
    code = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    next_step = fields.String(allow_none=True)
    decided_at = fields.String()


class ReceiptSchema(Schema):
    receipt_id = fields.UUID()
    sha256 = fields.String()
    amount_pence = fields.Integer()
    attached_at = fields.String()


class PurchaseSchema(Schema):
    """One purchase, whole."""

    purchase_id = fields.UUID()
    item_id = fields.UUID()
    state = fields.String()
    rail = fields.String(metadata={"description": "card, bacs or invoice"})
    amount_pence = fields.Integer()
    counted_pence = fields.Integer()
    held_pence = fields.Integer()
    posted_pence = fields.Integer()
    issuer_card_id = fields.String(allow_none=True)
    description = fields.String()
    payee = fields.String()
    refusal = fields.Nested(RefusalSchema, allow_none=True)
    waits_for = fields.Nested(WaitsForSchema, allow_none=True)
    decisions = fields.List(fields.Nested(DecisionSchema))
    receipts = fields.List(fields.Nested(ReceiptSchema))
