"""What goes in and comes out about limits, card policies and exclusions."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form, a_day, an_instant, like, number, one_of, pence, words


class SetSpendingLimitForm(Form):
    """What a role may ask for and approve, from which day, and why."""

    role = words(longest=50, required=True)
    from_on = strict.Day(required=True)
    asks_up_to_pence = pence(at_least=0, required=True)
    approves_up_to_pence = pence(at_least=0, required=True)
    counts_for_days = number(least=1, most=400, load_default=30)
    reason = words(longest=2_000, required=True)


class ConfirmSpendingLimitForm(Form):
    """Which limit."""

    role = words(longest=50, required=True)
    from_on = strict.Day(required=True)


class SetCardPolicyForm(Form):
    """How cards may be used, from which day, and why."""

    tolerance_basis_points = number(least=0, most=10_000, required=True)
    tolerance_cap_pence = pence(at_least=0, required=True)
    allowed_countries = fields.List(like(r"^[A-Z]{2}\Z"), validate=validate.Length(min=1))
    locks_at_issuer = strict.Flag(load_default=False)
    payments_of_a_card = number(least=2, most=1_000, required=True)
    close_after_days = number(least=0, most=400, required=True)
    applies_from = strict.Day(required=True)
    why = words(longest=2_000, required=True)


class ProposeExclusionForm(Form):
    """What is not paid for, by whom it is said, and why."""

    kind = one_of("law", "funder", "plan", required=True)
    strength = one_of("hard", "soft", required=True)
    funder = one_of("nhs", "council")
    merchant_category_code = like(
        r"^[0-9]{4}\Z", metadata={"description": "four digits, ISO 18245"}
    )
    item_category = like(r"^[a-z0-9_]{1,100}\Z")
    item_id = fields.UUID()
    lifts = fields.UUID()
    applies_from = strict.Day(required=True)
    applies_until = strict.Day()
    source = words(longest=2_000, required=True)
    why = words(longest=2_000, required=True)


class TryExclusionForm(Form):
    """Over how many days."""

    days = number(least=1, most=366, required=True)


class ApproveExclusionForm(Form):
    """Which trial was seen."""

    trial_id = fields.UUID(required=True)


class LimitStateSchema(Schema):
    """How a limit stands after a command."""

    role = fields.String()
    from_on = a_day()
    counts = fields.Boolean()
    loosens = fields.List(fields.String())


class SpendingLimitSchema(Schema):
    """One limit."""

    role = fields.String()
    from_on = a_day()
    counts = fields.Boolean()
    asks_up_to_pence = fields.Integer()
    approves_up_to_pence = fields.Integer()
    counts_for_days = fields.Integer()
    set_by = fields.UUID()
    set_at = an_instant()
    reason = fields.String()
    loosens = fields.List(fields.String())
    confirmed_by = fields.UUID(allow_none=True)
    confirmed_at = an_instant(allow_none=True)


class CardPolicyStateSchema(Schema):
    """How a policy stands after a command."""

    policy_id = fields.UUID()
    version = fields.Integer(allow_none=True)
    counts = fields.Boolean()
    loosens = fields.List(fields.String())


class CardPolicySchema(Schema):
    """One card policy; without a version it waits for a second person."""

    policy_id = fields.UUID()
    version = fields.Integer(allow_none=True)
    tolerance_basis_points = fields.Integer()
    tolerance_cap_pence = fields.Integer()
    allowed_countries = fields.List(fields.String(), allow_none=True)
    locks_at_issuer = fields.Boolean()
    payments_of_a_card = fields.Integer()
    close_after_days = fields.Integer()
    applies_from = a_day()
    set_by = fields.UUID()
    set_at = an_instant()
    why = fields.String()
    loosens = fields.List(fields.String())
    confirmed_by = fields.UUID(allow_none=True)
    confirmed_at = an_instant(allow_none=True)


class ShippedExclusionSchema(Schema):
    """A rule that everybody has, or that a council's list has."""

    exclusion_id = fields.UUID()
    kind = fields.String()
    strength = fields.String()
    source = fields.String()
    why = fields.String()
    applies_from = a_day()
    applies_until = a_day(allow_none=True)
    funder = fields.String(allow_none=True)
    merchant_category_code = fields.String(allow_none=True)
    item_category = fields.String(allow_none=True)
    item_id = fields.UUID(allow_none=True)
    lifts = fields.UUID(allow_none=True)


class OwnExclusionSchema(Schema):
    """A rule that somebody proposed."""

    exclusion_id = fields.UUID()
    kind = fields.String()
    strength = fields.String()
    source = fields.String()
    why = fields.String()
    applies_from = a_day()
    applies_until = a_day(allow_none=True)
    funder = fields.String(allow_none=True)
    merchant_category_code = fields.String(allow_none=True)
    item_category = fields.String(allow_none=True)
    item_id = fields.UUID(allow_none=True)
    lifts = fields.UUID(allow_none=True)
    set_by = fields.UUID()
    proposed_at = an_instant()
    approved_by = fields.UUID(allow_none=True)
    approved_at = an_instant(allow_none=True)
    trial_id = fields.UUID(allow_none=True)


class ExclusionsSchema(Schema):
    """Everything that is excluded, and lists to propose."""

    shipped = fields.List(fields.Nested(ShippedExclusionSchema))
    own = fields.List(fields.Nested(OwnExclusionSchema))
    council_lists = fields.Dict()


class ExclusionStateSchema(Schema):
    """How an exclusion stands after a command."""

    exclusion_id = fields.UUID()
    is_approved = fields.Boolean()


class TriedSchema(Schema):
    """What would be decided otherwise."""

    count = fields.Integer()
    pence = fields.Integer()
    named = fields.List(fields.Dict())


class TrialSchema(Schema):
    """What an exclusion would have changed."""

    trial_id = fields.UUID()
    looked_at = fields.Dict()
    would_refuse = fields.Nested(TriedSchema)
    would_allow = fields.Nested(TriedSchema)
