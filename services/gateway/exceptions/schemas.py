"""What goes in and comes out about exceptions, disputes and money that came without a name."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form, a_day, an_instant, like, one_of, words


class ExceptionsForm(Form):
    """Which exceptions."""

    role = words(longest=100)
    purchase_id = fields.UUID()
    is_open = fields.Boolean(load_default=True)


class ResolveExceptionForm(Form):
    """How it ended, and why."""

    resolution = one_of(
        "accepted",
        "disputed",
        "refund_asked",
        "corrected",
        "not_ours",
        "written_off",
        "repayment",
        "done",
        required=True,
    )
    reason = words(longest=2_000, required=True)


class OpenDisputeForm(Form):
    """Which money is asked back, why, and with what evidence."""

    purchase_id = fields.UUID(required=True)
    presentment_id = words(longest=255, required=True)
    reason = one_of(
        "cancelled",
        "duplicate",
        "fraudulent",
        "merchandise_not_as_described",
        "no_valid_authorisation",
        "not_received",
        "other",
        "service_not_as_described",
        required=True,
    )
    evidence = fields.List(words(longest=255, required=True), validate=validate.Length(max=20))
    words = words(longest=1_500, required=True)


class RefundQueueForm(Form):
    """Those that came on a purchase's card."""

    purchase_id = fields.UUID()


class MatchMoneyForm(Form):
    """Which money is of which purchase, and why."""

    presentment_id = words(longest=255, required=True)
    purchase_id = fields.UUID(required=True)
    reason = words(longest=2_000, required=True)


class SettlementForm(Form):
    """Which day."""

    day = strict.Day(required=True)


class ImportSettlementForm(Form):
    """The file of a day as it came, and which one it replaces."""

    day = strict.Day(required=True)
    file = words(longest=900_000, required=True, metadata={"description": "as the issuer wrote it"})
    replaces = like(r"^[0-9a-f]{64}\Z")


class OpenHoldsForm(Form):
    """From which age on."""

    older_than_days = fields.Integer(validate=validate.Range(min=0, max=3650), load_default=0)


class ExceptionSchema(Schema):
    """One exception, and how it can end."""

    exception_id = fields.UUID()
    kind = fields.String()
    about = fields.String()
    purchase_id = fields.UUID(allow_none=True)
    amount_pence = fields.Integer()
    role = fields.String()
    raised_at = an_instant()
    due_at = an_instant()
    can_end = fields.List(fields.String())
    resolution = fields.String(allow_none=True)
    resolved_by = fields.UUID(allow_none=True)
    resolved_at = an_instant(allow_none=True)
    reason = fields.String(allow_none=True)


class ResolutionSchema(Schema):
    """How it ended, and what to do now."""

    exception_id = fields.UUID()
    resolution = fields.String()
    next_step = fields.String()


class CardDisputeStateSchema(Schema):
    """How a dispute stands after a command."""

    dispute_id = fields.UUID()
    state = fields.String()
    amount_pence = fields.Integer()
    submit_by = an_instant()


class CardDisputeSchema(Schema):
    """One dispute."""

    dispute_id = fields.UUID()
    presentment_id = fields.String()
    state = fields.String()
    reason = fields.String()
    words = fields.String()
    evidence = fields.List(fields.String())
    amount_pence = fields.Integer()
    reinstated_pence = fields.Integer()
    submit_by = an_instant()
    loss_reason = fields.String(allow_none=True)


class SuggestionSchema(Schema):
    """A purchase that a refund may be of."""

    purchase_id = fields.UUID()
    because = fields.List(fields.String())


class WaitingRefundSchema(Schema):
    """A refund that waits for somebody."""

    exception_id = fields.UUID()
    presentment_id = fields.String()
    purchase_id = fields.UUID(allow_none=True)
    amount_pence = fields.Integer()
    waiting_pence = fields.Integer()
    heard_at = an_instant()
    due_at = an_instant()
    suggestions = fields.List(fields.Nested(SuggestionSchema))


class MoneyMatchedSchema(Schema):
    """What a purchase comes to now."""

    presentment_id = fields.String()
    purchase_id = fields.UUID()
    posted_pence = fields.Integer()
    unmatched_pence = fields.Integer()


class SettlementFileSchema(Schema):
    """The file that counts."""

    sha256 = fields.String()
    rows = fields.Integer()
    imported_at = an_instant()
    imported_by = fields.String()


class SettlementDifferenceSchema(Schema):
    """A row that is not as we were told."""

    line = fields.Integer()
    transaction_id = fields.String()
    outcome = fields.String()
    amount_pence = fields.Integer()
    purchase_id = fields.UUID(allow_none=True)


class SettlementSchema(Schema):
    """A day's file in figures."""

    day = a_day()
    file = fields.Nested(SettlementFileSchema, allow_none=True)
    outcomes = fields.Dict()
    amount_pence = fields.Integer()
    fees_pence = fields.Integer()
    processed_on_another_day = fields.Integer()
    differences = fields.List(fields.Nested(SettlementDifferenceSchema))


class OldHoldSchema(Schema):
    """A purchase that holds money."""

    purchase_id = fields.UUID()
    state = fields.String()
    held_pence = fields.Integer()
    requested_at = an_instant()
    age_days = fields.Integer()


class OpenHoldsSchema(Schema):
    """The money that is set aside, by age."""

    holds = fields.Integer()
    held_pence = fields.Integer()
    ages = fields.Dict()
    oldest = fields.List(fields.Nested(OldHoldSchema))
