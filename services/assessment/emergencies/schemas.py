"""The forms in which records are opened in an emergency, and looked at afterwards."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.assessment import forms
from services.assessment.emergencies.commands import (
    AnswerEmergencyAccess,
    EmergencyAccessesAsked,
    OpenRecordInEmergency,
    ReviewEmergencyAccess,
    ToAnswerAsked,
)
from services.assessment.emergencies.rules import Answer, Finding, Reason
from services.assessment.people.schemas import NhsNumber


class OpenRecordInEmergencyForm(forms.Form):
    command_class = OpenRecordInEmergency
    access_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    nhs_number = NhsNumber(required=True, allow_none=True)
    opened_by = fields.UUID(required=True)
    opened_by_role = forms.name()
    organisation = forms.name()
    reason = fields.Enum(Reason, by_value=True, required=True)
    words = forms.words()
    second_id = fields.UUID(required=True)

    @validates_schema
    def _by_one_of_them(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["person_id"] is None) == (loaded["nhs_number"] is None):
            raise ValidationError("Give one of the two, and null for the other.", "nhs_number")


class AnswerEmergencyAccessForm(forms.Form):
    command_class = AnswerEmergencyAccess
    access_id = fields.UUID(required=True)
    answered_by = fields.UUID(required=True)
    answer = fields.Enum(Answer, by_value=True, required=True)
    words = forms.words()


class ReviewEmergencyAccessForm(forms.Form):
    command_class = ReviewEmergencyAccess
    access_id = fields.UUID(required=True)
    reviewed_by = fields.UUID(required=True)
    organisation = forms.name()
    finding = fields.Enum(Finding, by_value=True, required=True)
    words = forms.words()


class ToAnswerForm(forms.Form):
    command_class = ToAnswerAsked
    second_id = fields.UUID(required=True)


class EmergencyAccessesForm(forms.Form):
    command_class = EmergencyAccessesAsked
    organisation = forms.name()
    is_reviewed = fields.Boolean(load_default=False, truthy={True}, falsy={False})
