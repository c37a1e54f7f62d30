"""What goes in and comes out about recharges and shared risk."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import (
    LARGEST_IN_ALL,
    Form,
    a_day,
    an_instant,
    like,
    number,
    one_of,
    pence,
    words,
)


class RechargeForm(Form):
    """As of which day."""

    on = strict.Day(required=True)


class RunRechargeForm(Form):
    """Which month: 2026-11."""

    month = like(r"\d{4}-(0[1-9]|1[0-2])\Z", required=True)


class RechargeLinesForm(Form):
    """After which budget it goes on."""

    after_budget_id = fields.UUID()


class SettleRechargeForm(Form):
    """Who has paid whom how much, and how the bank names it."""

    debtor_id = fields.UUID(required=True)
    creditor_id = fields.UUID(required=True)
    amount_pence = pence(at_least=0, at_most=LARGEST_IN_ALL, required=True)
    bank_reference = words(longest=140, required=True)


class RiskPartForm(Form):
    """One of the parts."""

    funder_id = fields.UUID(required=True)
    basis_points = number(
        least=0, most=10_000, required=True, metadata={"description": "hundredths of a hundredth"}
    )
    most_pence = pence(at_least=0, at_most=LARGEST_IN_ALL)


class RiskSignatureForm(Form):
    """One of the signatures."""

    funder_id = fields.UUID(required=True)
    role = words(longest=60, required=True)
    signed_on = strict.Day(required=True)


class SetRiskRuleForm(Form):
    """Which rule, from which year, and who has signed."""

    kind = one_of("lie_where_it_falls", "percentage", "capped", required=True)
    from_year = number(least=2_000, most=2_099, required=True)
    parts = fields.List(fields.Nested(RiskPartForm), validate=validate.Length(max=20))
    signatures = fields.List(
        fields.Nested(RiskSignatureForm), validate=validate.Length(max=20), required=True
    )


class RiskShareOutlookForm(Form):
    """Of which year."""

    financial_year = fields.Integer(validate=validate.Range(min=2000, max=2099), required=True)


class RiskShareForm(Form):
    """Of which year."""

    financial_year = number(least=2_000, most=2_099, required=True)


class NewInvoiceSchema(Schema):
    """What one partner owes another."""

    invoice_id = fields.UUID()
    debtor_id = fields.UUID()
    creditor_id = fields.UUID()
    owed_pence = fields.Integer()
    owed_back_pence = fields.Integer()
    net_pence = fields.Integer()


class RechargeRunSchema(Schema):
    """What was worked out for a month."""

    run_id = fields.UUID()
    month = fields.String()
    due_on = a_day()
    lines = fields.Integer()
    invoices = fields.List(fields.Nested(NewInvoiceSchema))


class InvoiceSchema(Schema):
    """What one partner owes another, and since when."""

    invoice_id = fields.UUID()
    debtor_id = fields.UUID()
    creditor_id = fields.UUID()
    owed_pence = fields.Integer()
    owed_back_pence = fields.Integer()
    net_pence = fields.Integer()
    state = fields.String()
    bank_reference = fields.String(allow_none=True)
    settled_at = an_instant(allow_none=True)
    days_open = fields.Integer(allow_none=True)
    days_overdue = fields.Integer(allow_none=True)


class RunSchema(Schema):
    """One month."""

    run_id = fields.UUID()
    month = fields.String()
    due_on = a_day()
    invoices = fields.List(fields.Nested(InvoiceSchema))


class RechargesSchema(Schema):
    """The months of a pool, the newest first."""

    pool_id = fields.UUID()
    open_pence = fields.Integer()
    runs = fields.List(fields.Nested(RunSchema))


class RechargeLineSchema(Schema):
    """A budget's part of an invoice."""

    budget_id = fields.UUID()
    debtor_id = fields.UUID()
    creditor_id = fields.UUID()
    amount_pence = fields.Integer()
    is_settled = fields.Boolean()


class RechargeLinesSchema(Schema):
    """Some lines of an invoice."""

    invoice_id = fields.UUID()
    lines = fields.List(fields.Nested(RechargeLineSchema))
    next_after_budget_id = fields.UUID(allow_none=True)


class SettledSchema(Schema):
    """What was settled; the rest by the next request."""

    invoice_id = fields.UUID()
    net_pence = fields.Integer()
    budgets = fields.Integer()
    promises_kept_pence = fields.Integer()
    is_all = fields.Boolean()


class RiskRuleSchema(Schema):
    """The rule that counts."""

    rule_id = fields.UUID()
    version = fields.Integer()


class DueSchema(Schema):
    """What one partner comes to owe another."""

    shared = fields.String()
    payer_id = fields.UUID()
    receiver_id = fields.UUID()
    amount_pence = fields.Integer()


class RiskOutlookSchema(Schema):
    """What it would come to."""

    financial_year = fields.Integer()
    rule_id = fields.UUID()
    budgets = fields.Integer()
    dues = fields.List(fields.Nested(DueSchema))


class RiskShareSchema(Schema):
    """What it came to."""

    run_id = fields.UUID()
    financial_year = fields.Integer()
    rule_id = fields.UUID()
    budgets = fields.Integer()
    dues = fields.List(fields.Nested(DueSchema))
