"""What goes in and comes out about indicative budgets."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form, pence

# Who may have told a person what they can have before they choose.
INFORMERS = (
    *("care_coordinator", "broker", "practitioner", "team_manager"),
    *("peer_supporter", "advocate"),
)


class OfferBudgetForm(Form):
    """Work out what a person may plan with, and tell them."""

    budget_kind = forms.choice("one_off_recovery", "ongoing")
    weekly_contribution_pence = pence(
        at_least=0, required=True, metadata={"description": "0: none is known"}
    )


class DeclineForm(Form):
    """The person, informed, wants no budget now."""

    informed_by_role = forms.said_as(*INFORMERS, what="who informed them")
    informed_on = forms.day()


class TellingForm(Form):
    """Somebody told the person the amount and how it was worked out."""

    told_on = forms.day()
    how_understood = forms.note()
    interpreter = forms.name_or_none()


class LineSchema(Schema):
    """One line of the calculation: what went in, how it was worked out, and who pays."""

    domain = fields.String(allow_none=True)
    words = fields.String()
    inputs = fields.Dict()
    formula = fields.String()
    amount_pence = fields.Integer()
    payer = fields.String(allow_none=True)
    split_rule = fields.String(allow_none=True)


class BlockedSchema(Schema):
    """Why some levels count as before, and what to do about it."""

    code = fields.String()
    domains = fields.List(fields.String())
    same_levels_pence = fields.Integer(allow_none=True)
    next_step = fields.String()


class OfferedBudgetSchema(Schema):
    """What the person may plan with, line by line."""

    referral_id = fields.UUID()
    version = fields.Integer()
    rule_set = fields.String()
    total_pence = fields.Integer()
    nhs_pence = fields.Integer()
    council_pence = fields.Integer()
    reserve_pence = fields.Integer()
    lines = fields.List(fields.Nested(LineSchema))
    what_would_change = fields.List(fields.String())
    calculation_sha256 = fields.String()
    blocked = fields.Nested(BlockedSchema, allow_none=True)


class WorkedOutAgainSchema(Schema):
    """An earlier calculation, worked out again from what went in."""

    rule_set = fields.String()
    inputs = fields.Dict()
    calculation_sha256 = fields.String()
    is_same = fields.Boolean()


class AmountToldSchema(Schema):
    """Whether the person knows the latest amount, and how they came to know it."""

    version = fields.Integer()
    calculated_at = fields.String()
    is_told = fields.Boolean()
    told_at = fields.String(allow_none=True)
    told_by_channel = fields.String(allow_none=True)
    undeliverable_at = fields.String(allow_none=True)


class ToldSchema(Schema):
    referral_id = fields.UUID()
    version = fields.Integer()
    is_told = fields.Boolean()


class DeclinedSchema(Schema):
    referral_id = fields.UUID()


class IndicativeBudgetSchema(Schema):
    """The latest amount, line by line."""

    version = fields.Integer()
    budget_kind = fields.String()
    rule_set = fields.String()
    total_pence = fields.Integer()
    nhs_pence = fields.Integer()
    council_pence = fields.Integer()
    reserve_pence = fields.Integer()
    gross_pence = fields.Integer(metadata={"description": "with what the person pays themselves"})
    lines = fields.List(fields.Nested(LineSchema))
    what_would_change = fields.List(fields.String())
    calculation_sha256 = fields.String()
    calculated_at = fields.String()
    told_at = fields.String(allow_none=True)
    told_by_channel = fields.String(allow_none=True)
    undeliverable_at = fields.String(allow_none=True)
    undeliverable_because = fields.String(allow_none=True)


class TalkSchema(Schema):
    """A talk in which the person heard an amount."""

    version = fields.Integer()
    told_by_role = fields.String()
    told_on = fields.String()
    how_understood = fields.String()
    interpreter = fields.String(allow_none=True)


class DeclineSchema(Schema):
    """When the person declined, and who had informed them."""

    informed_by_role = fields.String()
    informed_on = fields.String()
    declined_at = fields.String()
