"""The form in which people are described to us."""

import os
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from nhs_number.validate import is_valid

from services.assessment import forms
from services.assessment.people.commands import (
    FindPerson,
    PersonDetails,
    RecordAccessibleNeeds,
    RecordSafeContact,
)
from services.assessment.people.rules import ETHNIC_CATEGORIES, Channel

FOR_TESTS = "999"  # a range that is given to nobody
PRODUCTION = "production"
HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class NhsNumber(fields.String):
    """An NHS number, with or without the spaces it is printed with."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        digits = super()._deserialize(value, attr, data, **kwargs).replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and is_valid(digits)):
            raise ValidationError("This is not a valid NHS number.")
        if digits.startswith(FOR_TESTS) and os.environ.get("COMMONPURSE_ENVIRONMENT") == PRODUCTION:
            raise ValidationError("This NHS number is for tests and belongs to nobody.")
        return digits


class PersonForm(forms.Form):
    command_class = PersonDetails
    nhs_number = NhsNumber(required=True, allow_none=True)
    council_client_id = forms.words_or_none(at_most=forms.LONGEST_NAME)
    given_name = forms.name()
    family_name = forms.name()
    birth_date = fields.Date(required=True)
    address_lines = fields.List(forms.name(), required=True, validate=validate.Length(1, 8))
    ethnic_category = forms.one_of(ETHNIC_CATEGORIES)
    language = forms.name()
    is_interpreter_required = forms.yes_or_no(data_key="interpreter_required")
    accessible_format = forms.words_or_none(at_most=forms.LONGEST_NAME)
    mobile = forms.words_or_none(at_most=forms.LONGEST_NAME)
    email = forms.words_or_none(at_most=forms.LONGEST_NAME)
    preferred_channel = fields.Enum(Channel, by_value=True, required=True)
    is_safe_to_text = forms.yes_or_no(data_key="safe_to_text")


class RecordAccessibleNeedsForm(forms.Form):
    command_class = RecordAccessibleNeeds
    person_id = fields.UUID(required=True)
    asked_on = fields.Date(required=True)
    is_interpreter_required = forms.yes_or_no(data_key="interpreter_required")
    accessible_format = forms.words_or_none(at_most=forms.LONGEST_NAME)
    communication_support = forms.words_or_none(at_most=forms.LONGEST_NAME)
    may_be_shared = forms.yes_or_no()
    review_on = fields.Date(required=True)


def _hour() -> fields.String:
    return fields.String(
        required=True,
        allow_none=True,
        validate=validate.Regexp(f"^{HOUR}$", error="An hour like 09:30."),
    )


class RecordSafeContactForm(forms.Form):
    command_class = RecordSafeContact
    person_id = fields.UUID(required=True)
    said_on = fields.Date(required=True)
    is_safe_to_text = forms.yes_or_no(data_key="safe_to_text")
    is_safe_to_email = forms.yes_or_no(data_key="safe_to_email")
    is_safe_to_post = forms.yes_or_no(data_key="safe_to_post")
    is_safe_to_ring = forms.yes_or_no(data_key="safe_to_ring")
    safe_from = _hour()
    safe_until = _hour()
    words = forms.words_or_none()

    @validates_schema
    def _both_hours_or_none(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["safe_from"] is None) != (loaded["safe_until"] is None):
            raise ValidationError("Give both hours or neither.", "safe_until")


class FindPersonForm(forms.Form):
    command_class = FindPerson
    nhs_number = NhsNumber(required=True, allow_none=True)
    council_client_id = forms.words_or_none(at_most=forms.LONGEST_NAME)

    @validates_schema
    def _by_one_of_them(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["nhs_number"] is None) == (loaded["council_client_id"] is None):
            raise ValidationError("Give one identifier, and null for the other.", "nhs_number")
