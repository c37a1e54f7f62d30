"""What goes in and comes out about budgets."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form, a_day, an_instant, one_of


class PersonStatementForm(Form):
    """Of which days, the last one not counted, as known when, and in which form."""

    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)
    known_at = strict.Instant(metadata={"description": "as the books were known at this instant"})
    form = one_of("json", "csv", "pdf", required=True)


class ForecastForm(Form):
    """As seen on which day."""

    on = strict.Day(required=True)


class BalanceForm(Form):
    """To which day, and as known when."""

    as_of = strict.Day(required=True)
    known_at = strict.Instant(metadata={"description": "as the books were known at this instant"})


class FindSurplusForm(Form):
    """On which day, and what is kept back."""

    allowance_weeks = fields.Integer(validate=validate.Range(min=0, max=53), load_default=8)
    plan_weeks = fields.Integer(validate=validate.Range(min=1, max=53), load_default=52)
    contingency_pence = fields.Integer(
        validate=validate.Range(min=0, max=1000000000000), load_default=0
    )
    committed_pence = fields.Integer(validate=validate.Range(min=0, max=1000000000000))
    on = strict.Day(required=True)


class EndBudgetForm(Form):
    """When, and why."""

    ends_on = strict.Day(required=True)
    reason = one_of("plan_ended", "persons_wish", "died", "moved", required=True)


class ShareSchema(Schema):
    """What one funder pays of an agreement."""

    funder_id = fields.UUID()
    funder_kind = fields.String()
    numerator = fields.Integer()
    agreed_pence = fields.Integer()


class AgreementSchema(Schema):
    """Who pays which part."""

    agreement_id = fields.UUID()
    purpose = fields.String()
    version = fields.Integer()
    state = fields.String()
    starts_on = a_day()
    ends_on = a_day(allow_none=True)
    denominator = fields.Integer()
    shares = fields.List(fields.Nested(ShareSchema))


class TermsSchema(Schema):
    """For which days a funder pays, from which of its cost centres, and out of what."""

    starts_on = a_day()
    ends_on = a_day()
    cost_centre = fields.String()
    source = fields.String()


class FundersContributionSchema(Schema):
    """Money that a funder owes or has paid."""

    funder_id = fields.UUID()
    funder_kind = fields.String()
    amount_pence = fields.Integer()
    due_on = a_day()
    committed_at = an_instant(allow_none=True)
    terms = fields.Nested(TermsSchema, allow_none=True)
    received_pence = fields.Integer()
    received_at = an_instant(allow_none=True)


class FunderSchema(Schema):
    """What a funder has left."""

    funder_id = fields.UUID()
    funder_kind = fields.String()
    name = fields.String()
    agreed_pence = fields.Integer()
    held_pence = fields.Integer()
    left_pence = fields.Integer()


class PaidBySchema(Schema):
    """A funder's part of an item."""

    funder_id = fields.UUID()
    funder_kind = fields.String()
    held_pence = fields.Integer()
    spent_pence = fields.Integer()


class BudgetItemSchema(Schema):
    """One item of the plan."""

    item_id = fields.UUID()
    description = fields.String()
    payer = fields.String()
    agreed_pence = fields.Integer()
    paid_by = fields.List(fields.Nested(PaidBySchema))


class BudgetStatementSchema(Schema):
    """One budget, whole."""

    budget_id = fields.UUID()
    state = fields.String()
    legal_basis = fields.String(allow_none=True)
    total_pence = fields.Integer()
    agreements = fields.List(fields.Nested(AgreementSchema))
    contributions = fields.List(fields.Nested(FundersContributionSchema))
    funders = fields.List(fields.Nested(FunderSchema))
    items = fields.List(fields.Nested(BudgetItemSchema))


class ForecastSchema(Schema):
    """What a budget is likely to come to, and what that assumes."""

    budget_id = fields.UUID()
    on = a_day()
    outlook = fields.String()
    expected_pence = fields.Integer()
    total_pence = fields.Integer()
    spent_pence = fields.Integer()
    held_pence = fields.Integer()
    weekly_pence = fields.Integer()
    pace_weeks = fields.Integer()
    weeks_left = fields.Integer()
    gap_pence = fields.Integer()
    assumptions = fields.List(fields.String())


class FunderBalanceSchema(Schema):
    """What one funder had, and has."""

    funder_id = fields.UUID()
    funder_kind = fields.String()
    opening_pence = fields.Integer()
    in_pence = fields.Integer()
    out_pence = fields.Integer()
    posted_pence = fields.Integer()
    held_now_pence = fields.Integer(allow_none=True)


class BalanceSchema(Schema):
    """What was there on a day."""

    budget_id = fields.UUID()
    as_of = a_day()
    known_at = an_instant(allow_none=True)
    funders = fields.List(fields.Nested(FunderBalanceSchema))


class FunderSurplusSchema(Schema):
    """How a funder's part was worked out."""

    funder_id = fields.UUID()
    funder_kind = fields.String()
    available_pence = fields.Integer()
    unallocated_pence = fields.Integer()
    held_pence = fields.Integer()
    overspent_pence = fields.Integer()
    committed_pence = fields.Integer()
    contingency_pence = fields.Integer()
    allowance_pence = fields.Integer()
    surplus_pence = fields.Integer()
    to_funder_pence = fields.Integer()
    to_person_pence = fields.Integer()
    charge_lowered_pence = fields.Integer()
    not_come_in_pence = fields.Integer()


class SurplusSchema(Schema):
    """What is left over."""

    budget_id = fields.UUID()
    has_ended = fields.Boolean()
    total_pence = fields.Integer()
    funders = fields.List(fields.Nested(FunderSurplusSchema))


class FunderAtEndSchema(Schema):
    """How a funder's book stands at the end."""

    funder_id = fields.UUID()
    paid_in_pence = fields.Integer()
    promised_pence = fields.Integer()
    spent_pence = fields.Integer()
    held_pence = fields.Integer()
    left_pence = fields.Integer()
    overspent_pence = fields.Integer()
    due_to_pence = fields.Integer()
    due_from_pence = fields.Integer()
    person_owes_pence = fields.Integer()


class EndedSchema(Schema):
    """When a budget ends, and what each funder has then."""

    budget_id = fields.UUID()
    ends_on = a_day()
    reason = fields.String()
    funders = fields.List(fields.Nested(FunderAtEndSchema))


class ClosingStatementSchema(Schema):
    """The figures at the end."""

    budget_id = fields.UUID()
    ends_on = a_day(allow_none=True)
    reason = fields.String(allow_none=True)
    is_death_taken_back = fields.Boolean()
    funders = fields.List(fields.Nested(FunderAtEndSchema))
