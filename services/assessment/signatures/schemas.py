"""The form of a signature."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.signatures.commands import SignPlan
from services.assessment.signatures.rules import SigningRole
from services.assessment.support_plans.schemas import version_number


class SignPlanForm(forms.Form):
    command_class = SignPlan
    plan_id = fields.UUID(required=True)
    version = version_number()
    content_sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    role = fields.Enum(SigningRole, by_value=True, required=True)
    signatory_id = fields.UUID(required=True)
    capacity_basis = forms.words_or_none()
    is_comfortable = forms.yes_or_no_or_none()
    worry = forms.words_or_none()

    @validates_schema
    def _coordinator_says_how_it_is(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        is_coordinator = loaded["role"] == SigningRole.CARE_COORDINATOR
        if is_coordinator != (loaded["is_comfortable"] is not None):
            raise ValidationError(
                "The care coordinator says whether they are comfortable, and nobody else.",
                "is_comfortable",
            )
        if loaded["is_comfortable"] is False and loaded["worry"] is None:
            raise ValidationError("Say what the worry is.", "worry")

    @validates_schema
    def _only_the_person_is_represented(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["role"] != SigningRole.PERSON and loaded["capacity_basis"] is not None:
            raise ValidationError("Only the person can be represented.", "capacity_basis")
