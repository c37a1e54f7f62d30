"""The form of a rule set."""

from marshmallow import Schema, fields, validate

from services.assessment import forms
from services.assessment.rule_sets.commands import ApproveRuleSet, ProposeRuleSet
from services.assessment.rule_sets.rules import BASIS_POINTS, FUNDERS, JOINT

DEAREST_PENCE = 100_000_00
HEAVIEST = 100
WEEKS = 53
MOST_28THS = 100_000


def _amount() -> fields.Integer:
    return forms.whole(at_least=0, at_most=DEAREST_PENCE)


def _amount_or_none() -> fields.Integer:
    return fields.Integer(
        strict=True,
        required=True,
        allow_none=True,
        validate=validate.Range(min=0, max=DEAREST_PENCE),
    )


def _shares() -> fields.Dict:
    keys = fields.String(validate=validate.OneOf(FUNDERS))
    values = forms.whole(at_least=0, at_most=BASIS_POINTS)
    return fields.Dict(keys=keys, values=values, required=True)


class BandForm(Schema):
    up_to_28ths = fields.Integer(
        strict=True,
        required=True,
        allow_none=True,
        validate=validate.Range(min=0, max=MOST_28THS),
    )
    words = forms.name()
    amount_pence = _amount()


class Section75Form(Schema):
    domain = forms.words_or_none(at_most=forms.LONGEST_NAME)
    cohort = forms.words_or_none(at_most=forms.LONGEST_NAME)
    shares = _shares()


class ContentForm(Schema):
    rates_pence = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FUNDERS)),
        values=_amount(),
        required=True,
        validate=validate.Length(equal=len(FUNDERS)),
    )
    payers = fields.Dict(
        keys=forms.name(),
        values=fields.String(validate=validate.OneOf((*FUNDERS, JOINT))),
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
    floor_pence = _amount_or_none()
    ceiling_pence = _amount_or_none()
    bands = fields.List(fields.Nested(BandForm), required=True)


class ProposeRuleSetForm(forms.Form):
    command_class = ProposeRuleSet
    name = forms.name()
    active_from = fields.Date(required=True)
    content = fields.Nested(ContentForm, required=True)
    proposed_by = fields.UUID(required=True)


class ApproveRuleSetForm(forms.Form):
    command_class = ApproveRuleSet
    name = forms.name()
    approved_by = fields.UUID(required=True)


class RuleSetsForm(Schema):
    """Nothing is asked but which there are."""
