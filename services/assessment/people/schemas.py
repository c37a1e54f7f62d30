"""The form in which people are described to us."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.assessment import forms
from services.assessment.people.commands import PersonDetails
from services.assessment.people.rules import Channel, is_nhs_number


class NhsNumber(fields.String):
    """An NHS number, with or without the spaces it is printed with."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        digits = super()._deserialize(value, attr, data, **kwargs).replace(" ", "")
        if not is_nhs_number(digits):
            raise ValidationError("This is not a valid NHS number.")
        return digits


class PersonForm(forms.Form):
    command_class = PersonDetails
    nhs_number = NhsNumber(required=True, allow_none=True)
    council_client_id = forms.words_or_none(at_most=forms.LONGEST_NAME)
    given_name = forms.name()
    family_name = forms.name()
    birth_date = fields.Date(required=True)
    address_lines = fields.List(forms.name(), required=True, validate=validate.Length(1, 8))
    ethnic_category = forms.name()
    language = forms.name()
    is_interpreter_required = forms.yes_or_no(data_key="interpreter_required")
    accessible_format = forms.words_or_none(at_most=forms.LONGEST_NAME)
    mobile = forms.words_or_none(at_most=forms.LONGEST_NAME)
    email = forms.words_or_none(at_most=forms.LONGEST_NAME)
    preferred_channel = fields.Enum(Channel, by_value=True, required=True)
    is_safe_to_text = forms.yes_or_no(data_key="safe_to_text")
