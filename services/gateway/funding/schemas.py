"""What goes in and comes out about funding."""

from marshmallow import Schema, fields, validate

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


class ReportFinancialAssessmentForm(Form):
    """What the person pays in a week, and for how many."""

    weekly_contribution_pence = pence(at_least=0, at_most=1_000_000, required=True)
    weeks = number(least=1, most=53, required=True)
    free_weeks = number(least=0, most=53, load_default=0)


class ShareForm(Form):
    """One of the shares."""

    funder_id = fields.UUID(required=True)
    numerator = number(least=0, most=1_000_000, required=True)
    legal_basis = words(longest=60)
    priority = number(least=1, most=9, load_default=1)
    cap_pence = pence(at_least=0, at_most=LARGEST_IN_ALL)


class FunderSignatureForm(Form):
    """One of the signatures."""

    funder_id = fields.UUID(required=True)
    role = words(longest=60, required=True)
    signed_on = strict.Day(required=True)


class RecordAgreementForm(Form):
    """Who pays which part, from which day, and who has signed."""

    pool_id = fields.UUID(required=True)
    purpose = one_of("joint", "nhs", "council", required=True)
    starts_on = strict.Day(required=True)
    denominator = number(least=1, most=1_000_000, load_default=10000)
    shares = fields.List(
        fields.Nested(ShareForm), validate=validate.Length(min=1, max=10), required=True
    )
    is_disputed = strict.Flag(load_default=False)
    signatures = fields.List(fields.Nested(FunderSignatureForm), validate=validate.Length(max=10))


class ReleaseTermsForm(Form):
    """For which days, and from which cost centre."""

    starts_on = strict.Day(required=True)
    ends_on = strict.Day(required=True)
    cost_centre = words(longest=40, required=True)


class TermsForm(ReleaseTermsForm):
    """For which days, from which cost centre, and out of what."""

    source = one_of("new", "released_block", "pooled_s75", required=True)


class CommitContributionForm(Form):
    """Who promises, how much, and on which terms, if they say so."""

    funder_id = fields.UUID(required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    terms = fields.Nested(TermsForm)


class ReleaseContributionForm(Form):
    """Who releases, how much, and by which contract."""

    funder_id = fields.UUID(required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    contract_reference = words(longest=140, required=True)
    terms = fields.Nested(ReleaseTermsForm)


class ReceiveContributionForm(Form):
    """Who has paid, how much, and how the bank names it."""

    funder_id = fields.UUID(required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    bank_reference = words(longest=140, required=True)


class ScheduleAllocationForm(Form):
    """Whose money, how much, how often, and what becomes of what is left."""

    funder_id = fields.UUID(required=True)
    recurrence = one_of("once", "week", "four_weeks", "month", required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)
    starts_on = strict.Day(required=True)
    ends_on = strict.Day()
    leftover = one_of("carry", "lapse", "claw", required=True)
    keep_weeks = number(least=0, most=53)


class EndAllocationForm(Form):
    """When, and why."""

    ends_on = strict.Day(required=True)
    reason = words(longest=2_000, required=True)


class ReservePartForm(Form):
    """One of the parts."""

    funder_id = fields.UUID(required=True)
    amount_pence = pence(at_most=LARGEST_IN_ALL, required=True)


class PromiseCrisisReserveForm(Form):
    """Who promises how much, and who has signed."""

    parts = fields.List(
        fields.Nested(ReservePartForm), validate=validate.Length(min=1, max=10), required=True
    )
    signatures = fields.List(
        fields.Nested(FunderSignatureForm), validate=validate.Length(max=10), required=True
    )


class FinancialAssessmentSchema(Schema):
    """Whose assessment was reported."""

    budget_id = fields.UUID()


class CalledForSchema(Schema):
    """A contribution that was called for."""

    contribution_id = fields.UUID()
    funder_id = fields.UUID()
    funder_kind = fields.String()
    amount_pence = fields.Integer()
    due_on = a_day()


class CalledSchema(Schema):
    """What was called for, or what has no payer yet."""

    agreement_id = fields.UUID()
    budget_id = fields.UUID()
    called = fields.List(fields.Nested(CalledForSchema))
    missing_purposes = fields.List(fields.String())


class ReapportionedSchema(Schema):
    """How many purchases were spread anew; the rest by the next request."""

    agreement_id = fields.UUID()
    purchases = fields.Integer()
    is_all = fields.Boolean()


class BudgetActiveSchema(Schema):
    """Whether the budget can be used now."""

    budget_id = fields.UUID()
    contribution_id = fields.UUID()
    is_active = fields.Boolean()


class UnallocatedSchema(Schema):
    """What a funder has not let become usable yet."""

    funder_id = fields.UUID()
    unallocated_pence = fields.Integer()


class AllocationRunSchema(Schema):
    """What became usable on a day."""

    period_starts_on = a_day()
    allocated_pence = fields.Integer()
    taken_back_pence = fields.Integer()
    short_pence = fields.Integer()
    run_at = an_instant()


class AllocationSchema(Schema):
    """One stream of money."""

    allocation_id = fields.UUID()
    funder_id = fields.UUID()
    recurrence = fields.String()
    amount_pence = fields.Integer()
    starts_on = a_day()
    ends_on = a_day(allow_none=True)
    ended_because = fields.String(allow_none=True)
    leftover = fields.String()
    keep_weeks = fields.Integer(allow_none=True)
    set_aside_pence = fields.Integer()
    runs = fields.List(fields.Nested(AllocationRunSchema))


class AllocationsSchema(Schema):
    """A budget's streams of money."""

    budget_id = fields.UUID()
    funders = fields.List(fields.Nested(UnallocatedSchema))
    allocations = fields.List(fields.Nested(AllocationSchema))


class ScheduledSchema(Schema):
    """What is set aside for it."""

    allocation_id = fields.UUID()
    set_aside_pence = fields.Integer()


class AllocationEndSchema(Schema):
    """When it ends."""

    allocation_id = fields.UUID()
    ends_on = a_day()


class ReservePromisedSchema(Schema):
    """What is promised."""

    reserve_id = fields.UUID()
    budget_id = fields.UUID()
    promised_pence = fields.Integer()


class ReservePartSchema(Schema):
    """A funder's part of the reserve."""

    funder_id = fields.UUID()
    promised_pence = fields.Integer()
    stands_pence = fields.Integer()


class CalledPartSchema(Schema):
    """A funder's part in a crisis."""

    funder_id = fields.UUID()
    contribution_id = fields.UUID()
    activated_pence = fields.Integer()
    used_pence = fields.Integer()


class CrisisOfReserveSchema(Schema):
    """One crisis, and what it used."""

    crisis_id = fields.UUID()
    activated_at = an_instant()
    stood_down_at = an_instant(allow_none=True)
    cap_pence = fields.Integer()
    usable_pence = fields.Integer()
    used_pence = fields.Integer()
    parts = fields.List(fields.Nested(CalledPartSchema))


class CrisisReserveSchema(Schema):
    """The reserve, and every crisis."""

    reserve_id = fields.UUID()
    budget_id = fields.UUID()
    promised_pence = fields.Integer()
    stands_pence = fields.Integer()
    activated_pence = fields.Integer()
    used_pence = fields.Integer()
    parts = fields.List(fields.Nested(ReservePartSchema))
    crises = fields.List(fields.Nested(CrisisOfReserveSchema))
