"""The form of an appeal."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.appeals.commands import (
    Amount,
    DecideAppeal,
    LodgeAppeal,
    RecordReportingLine,
    Supporter,
)
from services.assessment.appeals.rules import AppealOutcome, SupporterKind
from services.assessment.indicative_budget.schemas import LATEST_VERSION

MOST_EVIDENCE = 50


class SupporterForm(forms.Form):
    command_class = Supporter
    kind = fields.Enum(SupporterKind, by_value=True, required=True)
    name = forms.name()


class AmountForm(forms.Form):
    command_class = Amount
    referral_id = fields.UUID(required=True)
    version = forms.whole(at_least=1, at_most=LATEST_VERSION)


class LodgeAppealForm(forms.Form):
    command_class = LodgeAppeal
    appeal_id = fields.UUID(required=True)
    decision_id = fields.UUID(required=True, allow_none=True)
    refusal_id = fields.UUID(required=True, allow_none=True)
    amount = fields.Nested(AmountForm, required=True, allow_none=True)
    lodged_by_role = forms.name()
    grounds = forms.words()
    supporter = fields.Nested(SupporterForm, required=True, allow_none=True)

    @validates_schema
    def _against_one_thing(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        named = [loaded[name] for name in ("decision_id", "refusal_id", "amount")]
        if sum(one is not None for one in named) != 1:
            raise ValidationError(
                "Name one of the decision on a plan, the refusal of a referral and the amount.",
                "decision_id",
            )


class DecideAppealForm(forms.Form):
    command_class = DecideAppeal
    appeal_id = fields.UUID(required=True)
    decider_id = fields.UUID(required=True)
    decider_role = forms.name()
    outcome = fields.Enum(AppealOutcome, by_value=True, required=True)
    reasons = forms.words()
    evidence = fields.List(forms.words(), required=True, validate=validate.Length(1, MOST_EVIDENCE))
    next_route = forms.words_or_none()


class RecordReportingLineForm(forms.Form):
    command_class = RecordReportingLine
    staff_id = fields.UUID(required=True)
    reports_to_id = fields.UUID(required=True, allow_none=True)
