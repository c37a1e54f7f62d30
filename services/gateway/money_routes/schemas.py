"""What goes in and comes out about ways that money goes."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import (
    LARGEST_IN_ALL,
    Form,
    a_day,
    an_instant,
    like,
    one_of,
    pence,
    words,
)


class MoneyRoutesForm(Form):
    """On which day, and over how many weeks."""

    on = strict.Day(required=True)
    weeks = fields.Integer(validate=validate.Range(min=1, max=53), load_default=4)
    plan_weeks = fields.Integer(validate=validate.Range(min=1, max=53), load_default=52)


class SetRouteForm(Form):
    """Which way, to whom, from which day, and why."""

    route = one_of("host", "broker", "direct_payment", "notional", required=True)
    starts_on = strict.Day(required=True)
    reason = words(longest=2_000, required=True)
    payee = one_of("person", "nominee")
    account_reference = like(r"[A-Za-z0-9 ._-]{1,64}\Z")


class ScheduleDirectPaymentForm(Form):
    """How much, how often, and between which days."""

    recurrence = one_of("week", "four_weeks", "month", required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)


class RecordReturnForm(Form):
    """What was spent between two days, and what shows it."""

    period_starts_on = strict.Day(required=True)
    period_ends_on = strict.Day(required=True)
    spent_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    evidence_reference = words(longest=140, required=True)


class RecordPaymentReturnedForm(Form):
    """How much came back, and how the bank names it."""

    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    bank_reference = words(longest=140, required=True)


class RecordDeliveryForm(Form):
    """What it was worth, and on which day."""

    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    delivered_on = strict.Day(required=True)


class PortionForm(Form):
    """One of the portions."""

    funder_id = fields.UUID(required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)


class BrokerTransferForm(Form):
    """How much in all or of each funder, and how the bank names it."""

    amount_pence = pence(at_most=LARGEST_IN_ALL)
    portions = fields.List(fields.Nested(PortionForm), validate=validate.Length(min=1, max=50))
    bank_reference = words(longest=140, required=True)


class HeldBalanceForm(Form):
    """One of the balances."""

    funder_id = fields.UUID(required=True)
    held_pence = pence(at_least=0, at_most=LARGEST_IN_ALL, required=True)


class ReportBrokerBalanceForm(Form):
    """What is held of each funder's money on a day."""

    on = strict.Day(required=True)
    balances = fields.List(
        fields.Nested(HeldBalanceForm), validate=validate.Length(min=1, max=50), required=True
    )


class RouteSchema(Schema):
    """Which way it goes now."""

    item_id = fields.UUID()
    number = fields.Integer()
    route = fields.String()


class ScheduleSchema(Schema):
    """The schedule that was made."""

    schedule_id = fields.UUID()


class ReturnSchema(Schema):
    """What the person still has."""

    return_id = fields.UUID()
    with_person_pence = fields.Integer()


class PaymentReturnedSchema(Schema):
    """What is left of the payment."""

    payment_id = fields.UUID()
    posted_pence = fields.Integer()


class DeliverySchema(Schema):
    """The delivery that was recorded."""

    delivery_id = fields.UUID()


class BrokerTransferSchema(Schema):
    """What the broker's organisation holds now."""

    top_up_id = fields.UUID()
    amount_pence = fields.Integer()
    held_pence = fields.Integer()


class ReportLineSchema(Schema):
    """A funder's money as reported and as booked."""

    funder_id = fields.UUID()
    reported_pence = fields.Integer()
    ledger_pence = fields.Integer()
    difference_pence = fields.Integer()


class BrokerReportSchema(Schema):
    """What the comparison came to, and who looks at it."""

    report_id = fields.UUID()
    outcome = fields.String()
    owner = fields.String(allow_none=True)
    due_on = a_day(allow_none=True)
    lines = fields.List(fields.Nested(ReportLineSchema))


class RouteChangeSchema(Schema):
    """A way that was chosen from a day on."""

    starts_on = a_day()
    route = fields.String()
    payee = fields.String(allow_none=True)
    reason = fields.String()
    actor = fields.String()
    recorded_at = an_instant()


class ItemRouteSchema(Schema):
    """Which way an item's money goes."""

    item_id = fields.UUID()
    is_in_plan = fields.Boolean()
    route = fields.String()
    payee = fields.String(allow_none=True)
    history = fields.List(fields.Nested(RouteChangeSchema))
    unevidenced_pence = fields.Integer()
    unevidenced_since = a_day(allow_none=True)
    is_return_overdue = fields.Boolean()


class WhereMoneyIsSchema(Schema):
    """Where a funder's money is."""

    funder_id = fields.UUID()
    with_broker_pence = fields.Integer()
    with_person_pence = fields.Integer()
    evidenced_pence = fields.Integer()
    delivered_pence = fields.Integer()
    paid_out_pence = fields.Integer()
    to_be_returned_pence = fields.Integer()
    top_up_due_pence = fields.Integer()


class LastReportSchema(Schema):
    """The newest report of the broker's organisation."""

    report_id = fields.UUID()
    reported_on = a_day()
    outcome = fields.String()
    is_open = fields.Boolean()
    owner = fields.String(allow_none=True)
    due_on = a_day(allow_none=True)
    difference_pence = fields.Integer()


class MoneyRoutesSchema(Schema):
    """Every item's way, and where the money is."""

    budget_id = fields.UUID()
    items = fields.List(fields.Nested(ItemRouteSchema))
    funders = fields.List(fields.Nested(WhereMoneyIsSchema))
    broker_report = fields.Nested(LastReportSchema, allow_none=True)
