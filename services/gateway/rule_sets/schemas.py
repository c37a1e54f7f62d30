"""What goes in and comes out about rule sets."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.gateway import forms
from services.gateway.schemas import Form

DEAREST_PENCE = 100_000_00
HEAVIEST = 100
WEEKS = 53
MOST_28THS = 100_000
BASIS_POINTS = 10_000
FUNDERS = ("nhs", "council")


def _whole_or_none(at_most: int) -> fields.Integer:
    return forms.whole(
        at_least=0, at_most=at_most, required=False, load_default=None, allow_none=True
    )


def _shares(**more: Any) -> fields.Dict:
    values = forms.whole(at_least=0, at_most=BASIS_POINTS)
    keys = fields.String(validate=validate.OneOf(FUNDERS))
    return fields.Dict(keys=keys, values=values, required=True, **more)


class BandForm(Form):
    """A one-off amount for up to so many points of need; null: however many."""

    up_to_28ths = _whole_or_none(MOST_28THS)
    words = forms.name()
    amount_pence = forms.whole(at_least=0, at_most=DEAREST_PENCE)


class Section75Form(Form):
    """What the funders agreed for a domain, for a group of people, or for both together."""

    domain = forms.name_or_none()
    cohort = forms.name_or_none()
    shares = _shares()


class ContentForm(Form):
    """Rates, shares and bands. Shares are basis points that add up to 10,000."""

    rates_pence = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FUNDERS)),
        values=forms.whole(at_least=0, at_most=DEAREST_PENCE),
        required=True,
        metadata={"description": "a year, for one point of need, by funder"},
    )
    payers = fields.Dict(
        keys=forms.name(),
        values=fields.String(validate=validate.OneOf((*FUNDERS, "joint"))),
        required=True,
    )
    weights = fields.Dict(
        keys=forms.name(), values=forms.whole(at_least=0, at_most=HEAVIEST), required=True
    )
    joint_shares = _shares()
    section_117_shares = _shares()
    section_75 = fields.List(fields.Nested(Section75Form), required=True)
    reserve_basis_points = forms.whole(at_least=0, at_most=BASIS_POINTS)
    contribution_weeks = forms.whole(at_least=0, at_most=WEEKS)
    floor_pence = _whole_or_none(DEAREST_PENCE)
    ceiling_pence = _whole_or_none(DEAREST_PENCE)
    bands = fields.List(fields.Nested(BandForm), required=True)


class ProposeForm(Form):
    """Somebody proposes rates, shares and bands; until approved they count for nobody."""

    name = forms.name()
    active_from = forms.day()
    content = forms.part(ContentForm)


class RuleSetStateSchema(Schema):
    name = fields.String()
    is_published = fields.Boolean()


class BandSchema(Schema):
    up_to_28ths = fields.Integer(allow_none=True)
    words = fields.String()
    amount_pence = fields.Integer()


class Section75Schema(Schema):
    domain = fields.String(allow_none=True)
    cohort = fields.String(allow_none=True)
    shares = fields.Dict()


class RuleSetSchema(Schema):
    """One published rule set, whole."""

    name = fields.String()
    active_from = fields.String()
    published_at = fields.String(allow_none=True, metadata={"description": "null: came with us"})
    rates_pence = fields.Dict()
    payers = fields.Dict()
    weights = fields.Dict()
    joint_shares = fields.Dict()
    section_117_shares = fields.Dict()
    section_75 = fields.List(fields.Nested(Section75Schema))
    reserve_basis_points = fields.Integer()
    contribution_weeks = fields.Integer()
    floor_pence = fields.Integer(allow_none=True)
    ceiling_pence = fields.Integer(allow_none=True)
    bands = fields.List(fields.Nested(BandSchema))
