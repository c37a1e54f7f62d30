"""The forms in which a person's life events are reported."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from services.assessment import forms
from services.assessment.life_events.commands import (
    CorrectDeath,
    EstateContact,
    RecordAdmission,
    RecordDeath,
    RecordDischarge,
    RecordMove,
)


class EstateContactForm(forms.Form):
    command_class = EstateContact
    name = forms.name()
    contact = forms.words()


class RecordDeathForm(forms.Form):
    command_class = RecordDeath
    event_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    died_on = fields.Date(required=True)
    source = forms.name()
    estate = fields.Nested(EstateContactForm, required=True, allow_none=True)


class CorrectDeathForm(forms.Form):
    command_class = CorrectDeath
    event_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    source = forms.name()
    reason = forms.words()


class RecordAdmissionForm(forms.Form):
    command_class = RecordAdmission
    event_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    admitted_on = fields.Date(required=True)
    source = forms.name()
    expected_discharge_on = fields.Date(required=True, allow_none=True)

    @validates_schema
    def _leaves_after_arriving(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        expected = loaded["expected_discharge_on"]
        if expected is not None and expected < loaded["admitted_on"]:
            raise ValidationError("It lies before the admission.", "expected_discharge_on")


class RecordDischargeForm(forms.Form):
    command_class = RecordDischarge
    event_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    discharged_on = fields.Date(required=True)
    source = forms.name()


class RecordMoveForm(forms.Form):
    command_class = RecordMove
    event_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    moves_on = fields.Date(required=True)
    source = forms.name()
    to_area = forms.name()
