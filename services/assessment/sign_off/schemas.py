"""The form of a decision."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.reasons.rules import DecisionOutcome, ItemOutcome
from services.assessment.sign_off.commands import Attendee, DecidePlan, ItemDecision
from services.assessment.sign_off.rules import Capacity, Rung
from services.assessment.support_plans.schemas import MOST_ITEMS, version_number

MOST_ATTENDEES = 50
MOST_EVIDENCE = 50


class AttendeeForm(forms.Form):
    command_class = Attendee
    attendee_id = fields.UUID(required=True)
    capacity = fields.Enum(Capacity, by_value=True, required=True)


class ItemDecisionForm(forms.Form):
    command_class = ItemDecision
    item_id = fields.UUID(required=True)
    outcome = fields.Enum(ItemOutcome, by_value=True, required=True)
    reasons = forms.words_or_none()


class DecidePlanForm(forms.Form):
    command_class = DecidePlan
    plan_id = fields.UUID(required=True)
    version = version_number()
    rung = fields.Enum(Rung, by_value=True, required=True)
    decider_id = fields.UUID(required=True)
    outcome = fields.Enum(DecisionOutcome, by_value=True, required=True)
    reasons = forms.words()
    items = fields.List(
        fields.Nested(ItemDecisionForm), required=True, validate=validate.Length(max=MOST_ITEMS)
    )
    evidence = fields.List(
        forms.words(), required=True, validate=validate.Length(max=MOST_EVIDENCE)
    )
    alternatives = forms.words_or_none()
    appeal_route = forms.words_or_none()
    escalate_to = fields.Enum(Rung, by_value=True, required=True, allow_none=True)
    skip_because = forms.words_or_none()
    attendees = fields.List(
        fields.Nested(AttendeeForm), required=True, validate=validate.Length(max=MOST_ATTENDEES)
    )
    was_person_present = forms.yes_or_no()
    co_signatory_id = fields.UUID(required=True, allow_none=True)
    backing = forms.words_or_none()

    @validates_schema
    def _each_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        item_ids = [item.item_id for item in loaded["items"]]
        if len(set(item_ids)) < len(item_ids):
            raise ValidationError("An item is decided on once.", "items")
        there = [loaded["decider_id"], *(one.attendee_id for one in loaded["attendees"])]
        if loaded["co_signatory_id"] is not None:
            there.append(loaded["co_signatory_id"])
        if len(set(there)) < len(there):
            raise ValidationError("Everybody decides once.", "attendees")

    @validates_schema
    def _goes_up_only_to_escalate(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        goes_up = loaded["escalate_to"] is not None or loaded["skip_because"] is not None
        if goes_up and loaded["outcome"] != DecisionOutcome.ESCALATE:
            raise ValidationError("Only to escalate is another rung named.", "escalate_to")
