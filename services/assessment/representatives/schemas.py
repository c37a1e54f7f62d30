"""The forms in which representatives are appointed, and end."""

from marshmallow import fields, validate

from services.assessment import forms
from services.assessment.people.schemas import NhsNumber
from services.assessment.representatives.commands import (
    AppointRepresentative,
    EndRepresentative,
    FindRepresentative,
    RepresentedAsked,
)
from services.assessment.representatives.rules import RepresentativeKind, Scope


class AppointRepresentativeForm(forms.Form):
    command_class = AppointRepresentative
    appointment_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    representative_id = fields.UUID(required=True)
    kind = fields.Enum(RepresentativeKind, by_value=True, required=True)
    name = forms.name()
    scopes = fields.List(
        fields.Enum(Scope, by_value=True), required=True, validate=validate.Length(1, len(Scope))
    )
    basis = forms.words()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    email = forms.words_or_none(at_most=forms.LONGEST_NAME)
    mobile = forms.words_or_none(at_most=forms.LONGEST_NAME)
    nhs_number = NhsNumber(load_default=None, allow_none=True)


class EndRepresentativeForm(forms.Form):
    command_class = EndRepresentative
    appointment_id = fields.UUID(required=True)
    ended_on = fields.Date(required=True)
    reason = forms.words()


class FindRepresentativeForm(forms.Form):
    command_class = FindRepresentative
    nhs_number = NhsNumber(required=True)


class RepresentedForm(forms.Form):
    command_class = RepresentedAsked
    representative_id = fields.UUID(required=True)
