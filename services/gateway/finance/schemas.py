"""What goes in and comes out about finance."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form, a_day, like, number, one_of, words


class RegisterFunderForm(Form):
    """Which organisation."""

    kind = one_of("nhs", "council", required=True)
    code = like(r"[A-Z0-9]{3,9}\Z", required=True)
    name = words(longest=140, required=True)
    organisation = like(r"[a-z][a-z0-9-]{1,39}\Z", required=True)


class NameFunderContactForm(Form):
    """Who hears at an organisation of what concerns its money; null where nobody does."""

    name = words(longest=140, required=True, allow_none=True)
    email = fields.Email(required=True, allow_none=True, validate=validate.Length(max=200))


class OpenPoolForm(Form):
    """Who works together, by which agreement, and between which days."""

    name = words(longest=140, required=True)
    agreement_reference = words(longest=140, required=True)
    host_id = fields.UUID(required=True)
    partner_ids = fields.List(fields.UUID(), validate=validate.Length(min=2, max=20), required=True)
    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True, allow_none=True)


class ReverseJournalForm(Form):
    """Why it was wrong."""

    reason = words(longest=2_000, required=True)


class CorrectJournalForm(Form):
    """For which day it counts, and why."""

    effective_on = strict.Day(required=True)
    occurred_on = strict.Day(required=True)
    reason = words(longest=2_000, required=True)


class FunderRuleForm(Form):
    """One of the rules."""

    funder_id = fields.UUID(required=True)
    leftover = one_of("carry", "lapse", "share", required=True)
    numerator = number(least=1, most=1_000_000)


class YearEndForm(Form):
    """Of which year, and by which rule for each funder."""

    financial_year = number(least=1_948, most=9_990, required=True)
    rules = fields.List(
        fields.Nested(FunderRuleForm), validate=validate.Length(max=20), required=True
    )


class FunderStatementForm(Form):
    """Of which days, the last one not counted, as known when, and in which form."""

    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)
    known_at = strict.Instant(metadata={"description": "as the books were known at this instant"})
    form = one_of("json", "csv", "pdf", required=True)
    budget_id = fields.UUID()


class JournalsExportForm(Form):
    """Of which days, the last one not counted, as known when, in which form; of whom."""

    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)
    known_at = strict.Instant(metadata={"description": "as the books were known at this instant"})
    form = one_of("json", "csv", required=True)
    budget_id = fields.UUID()
    funder_id = fields.UUID()


class FunderIdSchema(Schema):
    """The organisation."""

    funder_id = fields.UUID()


class FunderContactSchema(Schema):
    """Which version of it counts."""

    funder_id = fields.UUID()
    version = fields.Integer()


class PoolIdSchema(Schema):
    """The pool."""

    pool_id = fields.UUID()


class ReversedSchema(Schema):
    """What is missing now."""

    journal_id = fields.UUID()
    contribution_id = fields.UUID()
    amount_pence = fields.Integer()
    missing_pence = fields.Integer()


class CorrectedSchema(Schema):
    """For which days it was taken back and written anew."""

    journal_id = fields.UUID()
    reversed_on = a_day()
    effective_on = a_day()


class YearEndSchema(Schema):
    """What was carried over and what lapsed; the rest by the next request."""

    budgets = fields.Integer()
    carried_pence = fields.Integer()
    lapsed_pence = fields.Integer()
    is_all = fields.Boolean()
