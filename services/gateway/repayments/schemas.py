"""What goes in and comes out about repayments."""

from marshmallow import Schema, fields

from services.gateway import strict
from services.gateway.schemas import (
    LARGEST_IN_ALL,
    Form,
    a_day,
    an_instant,
    number,
    one_of,
    pence,
    words,
)


class ProposeRepaymentForm(Form):
    """On what ground, how much, what is kept back, and why."""

    reason = words(longest=2_000, required=True)
    allowance_weeks = number(least=0, most=53, load_default=8)
    plan_weeks = number(least=1, most=53, load_default=52)
    contingency_pence = pence(at_least=0, at_most=LARGEST_IN_ALL, load_default=0)
    committed_pence = pence(at_least=0, at_most=LARGEST_IN_ALL)
    ground = one_of(
        "plan_changed",
        "circumstances_changed",
        "accumulated",
        "misused",
        "offence",
        "died",
        "ended",
        required=True,
    )
    addressee = one_of("person", "representative", load_default="person")
    amount_pence = pence(at_most=LARGEST_IN_ALL)


class NotifyRepaymentForm(Form):
    """How long the notice is, who pays and how."""

    reason = words(longest=2_000, required=True)
    notice_weeks = number(least=0, most=53, load_default=4)
    payable_on = strict.Day()
    paid_by = one_of("host", "person", "nominee", "representative", load_default="host")
    manner = one_of("bank_transfer", "cheque", load_default="bank_transfer")


class RequestReconsiderationForm(Form):
    """Who asks, and why."""

    reason = words(longest=2_000, required=True)
    asked_by = one_of("person", "representative", "nominee", required=True)


class DecideReconsiderationForm(Form):
    """What is decided, and why."""

    reason = words(longest=2_000, required=True)
    outcome = one_of("upheld", "reduced", "withdrawn", required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL)


class StepForm(Form):
    """Why it is done."""

    reason = words(longest=2_000, required=True)


class RepaymentLineSchema(Schema):
    """A funder's part."""

    funder_id = fields.UUID()
    to_funder_pence = fields.Integer()
    to_person_pence = fields.Integer()
    charge_lowered_pence = fields.Integer()


class RepaymentStateSchema(Schema):
    """How a repayment stands after a command."""

    repayment_id = fields.UUID()
    budget_id = fields.UUID()
    ground = fields.String()
    addressee = fields.String()
    state = fields.String()
    notice_ends_on = a_day(allow_none=True)
    payable_on = a_day(allow_none=True)
    amount_pence = fields.Integer()
    lines = fields.List(fields.Nested(RepaymentLineSchema))


class RepaymentStepSchema(Schema):
    """Who did what, when and why."""

    state = fields.String()
    taken_at = an_instant()
    actor = fields.String()
    asked_by = fields.String(allow_none=True)
    reason = fields.String()
    amount_pence = fields.Integer()


class RepaymentSchema(Schema):
    """One repayment, with its steps."""

    repayment_id = fields.UUID()
    budget_id = fields.UUID()
    ground = fields.String()
    addressee = fields.String()
    state = fields.String()
    notice_ends_on = a_day(allow_none=True)
    payable_on = a_day(allow_none=True)
    amount_pence = fields.Integer()
    lines = fields.List(fields.Nested(RepaymentLineSchema))
    paid_by = fields.String(allow_none=True)
    manner = fields.String(allow_none=True)
    steps = fields.List(fields.Nested(RepaymentStepSchema))
