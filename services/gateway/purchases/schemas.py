"""What goes in and comes out about purchases."""

from marshmallow import Schema, fields

from services.gateway import strict
from services.gateway.schemas import Form, an_instant, number, one_of, pence, words


class RequestPurchaseForm(Form):
    """Ask for one purchase of an item of the plan."""

    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence(required=True)
    instruction = words(
        longest=2_000, required=True, metadata={"description": "what to buy, where"}
    )
    is_not_a_repeat = strict.Flag(
        load_default=False, metadata={"description": "it looks like a repeat and is none"}
    )
    not_a_repeat_because = words(longest=500, least=0, load_default="")


class RequestWagesForm(Form):
    """Ask for what somebody earned between two days, both counted."""

    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    instruction = words(
        longest=2_000, required=True, metadata={"description": "what to buy, where"}
    )
    minutes = number(least=1, most=44_640, required=True)
    hourly_rate_pence = pence(at_most=50_000, required=True)
    worked_from_on = strict.Day(required=True)
    worked_until_on = strict.Day(required=True)
    is_not_a_repeat = strict.Flag(
        load_default=False, metadata={"description": "it looks like a repeat and is none"}
    )
    not_a_repeat_because = words(longest=500, least=0, load_default="")


class HistoryForm(Form):
    """After which purchase the history goes on."""

    after = fields.UUID()


class ApprovePurchaseForm(Form):
    """What is to be remembered about it."""

    reason = words(longest=500, least=0, load_default="")


class AmendPurchaseForm(Form):
    """Put right what was sent back, and ask anew."""

    amount_pence = pence(required=True)
    instruction = words(
        longest=2_000, required=True, metadata={"description": "what to buy, where"}
    )


class RecordInvoiceForm(Form):
    """Record a supplier's invoice, which is then paid."""

    invoice_number = words(longest=50, required=True)
    amount_pence = pence(required=True)
    is_last = strict.Flag(load_default=False)
    is_not_a_repeat = strict.Flag(
        load_default=False, metadata={"description": "it looks like a repeat and is none"}
    )
    not_a_repeat_because = words(longest=500, least=0, load_default="")


class UseSecondRailForm(Form):
    """Pay another way while one is down, once it is sure that nothing was paid."""

    rail = one_of("card", "bacs", required=True)
    reason = words(longest=2_000, required=True)


class PurchaseStateSchema(Schema):
    """Where a purchase stands after a command."""

    purchase_id = fields.UUID()
    state = fields.String()


class WagesStateSchema(Schema):
    """Where wages stand, and what they come to."""

    purchase_id = fields.UUID()
    state = fields.String()
    amount_pence = fields.Integer()


class SecondRailSchema(Schema):
    """Whether the other way is taken yet."""

    purchase_id = fields.UUID()
    rail = fields.String()
    change = fields.String()


class RefusalSchema(Schema):
    """Why something is not done."""

    code = fields.String()
    reason = fields.String()
    next_step = fields.String()


class WaitsForSchema(Schema):
    """What keeps a purchase from being paid."""

    code = fields.String()
    reason = fields.String()
    next_step = fields.String()
    details = fields.Dict()


class DecisionSchema(Schema):
    """One question of the card network, and our answer."""

    event_id = fields.String()
    is_approved = fields.Boolean()
    amount_pence = fields.Integer()
    approved_pence = fields.Integer()
    policy_version = fields.String(allow_none=True)
    code = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    next_step = fields.String(allow_none=True)
    decided_at = an_instant()


class ReceiptSchema(Schema):
    """A receipt that is kept."""

    receipt_id = fields.UUID()
    sha256 = fields.String()
    amount_pence = fields.Integer()
    attached_at = an_instant()


class PurchaseSchema(Schema):
    """One purchase, whole."""

    purchase_id = fields.UUID()
    item_id = fields.UUID()
    state = fields.String()
    rail = fields.String()
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


class PurchaseHistorySchema(Schema):
    """A page of a person's history: rows by their kind."""

    format = fields.String()
    person_id = fields.UUID()
    sections = fields.Dict()
    next = fields.UUID(allow_none=True)
