"""What goes in and comes out about periods."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form, a_day, an_instant


class OpenPeriodForm(Form):
    """Between which days, the last one not counted."""

    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)


class SignPeriodForm(Form):
    """For which partner."""

    funder_id = fields.UUID(required=True)


class PeriodStatementForm(Form):
    """Which of its versions, and whether with one budget."""

    version = fields.Integer(validate=validate.Range(min=1, max=1000000))
    budget_id = fields.UUID()


class PeriodStateSchema(Schema):
    """How a period stands after a command."""

    period_id = fields.UUID()
    state = fields.String()


class PeriodVersionSchema(Schema):
    """How a period stands, and which version of it."""

    period_id = fields.UUID()
    state = fields.String()
    version = fields.Integer()


class PeriodSignedSchema(Schema):
    """Who has not signed yet."""

    period_id = fields.UUID()
    state = fields.String()
    version = fields.Integer()
    missing_signatures = fields.List(fields.UUID())


class PeriodClosedSchema(Schema):
    """What was closed."""

    period_id = fields.UUID()
    state = fields.String()
    version = fields.Integer()
    last_seq = fields.Integer()
    hash = fields.String()


class PeriodSignatureSchema(Schema):
    """Who has signed."""

    funder_id = fields.UUID()
    role = fields.String()
    signed_at = an_instant()


class AccountInPeriodSchema(Schema):
    """One kind of account of one funder."""

    funder_id = fields.UUID()
    account = fields.String()
    opening_pence = fields.Integer()
    debits_pence = fields.Integer()
    credits_pence = fields.Integer()
    closing_pence = fields.Integer()
    held_pence = fields.Integer()


class PostingSchema(Schema):
    """One part of a journal."""

    funder_id = fields.UUID()
    debit = fields.String()
    credit = fields.String()
    amount_pence = fields.Integer()


class JournalSchema(Schema):
    """What was booked."""

    seq = fields.Integer()
    journal_id = fields.UUID()
    kind = fields.String()
    source_id = fields.String()
    effective_on = a_day()
    occurred_on = a_day()
    recorded_at = an_instant()
    actor = fields.String()
    reason = fields.String(allow_none=True)
    metadata = fields.Dict(allow_none=True)
    postings = fields.List(fields.Nested(PostingSchema))


class BudgetInPeriodSchema(Schema):
    """One budget in a period."""

    budget_id = fields.UUID()
    accounts = fields.List(fields.Nested(AccountInPeriodSchema))
    journals = fields.List(fields.Nested(JournalSchema))


class PeriodSchema(Schema):
    """A closed period."""

    period_id = fields.UUID()
    pool_id = fields.UUID()
    starts_on = a_day()
    ends_on = a_day()
    version = fields.Integer()
    last_seq = fields.Integer()
    hash = fields.String()
    closed_by = fields.String()
    closed_at = an_instant()
    signatures = fields.List(fields.Nested(PeriodSignatureSchema))
    funders = fields.List(fields.Nested(AccountInPeriodSchema))
    budget = fields.Nested(BudgetInPeriodSchema)
