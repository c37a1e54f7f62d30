"""The form of a signature and of a decision."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.sign_off.commands import DecidePlan, SignPlan
from services.assessment.sign_off.rules import DecisionOutcome, Rung, SigningRole
from services.assessment.support_plans.schemas import version_number


class SignPlanForm(forms.Form):
    command_class = SignPlan
    plan_id = fields.UUID(required=True)
    version = version_number()
    content_sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    role = fields.Enum(SigningRole, by_value=True, required=True)
    signatory_id = fields.UUID(required=True)
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


class DecidePlanForm(forms.Form):
    command_class = DecidePlan
    plan_id = fields.UUID(required=True)
    version = version_number()
    rung = fields.Enum(Rung, by_value=True, required=True)
    decider_id = fields.UUID(required=True)
    outcome = fields.Enum(DecisionOutcome, by_value=True, required=True)
    reasons = forms.words()
