"""The form of a support plan."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.support_plans.commands import CrisisPlan, DraftPlan, Item, SubmitPlan
from services.assessment.support_plans.rules import (
    DEAREST_PENCE,
    MOST_OCCURRENCES,
    PAYERS,
    RAILS,
)

MOST_ITEMS = 200
LATEST_VERSION = 1_000_000


def version_number() -> fields.Integer:
    return forms.whole(at_least=1, at_most=LATEST_VERSION)


class ItemForm(forms.Form):
    command_class = Item
    item_id = fields.UUID(required=True)
    goal = forms.words()
    category = forms.name()
    description = forms.words()
    unit_cost_pence = forms.whole(at_least=1, at_most=DEAREST_PENCE)
    occurrences = forms.whole(at_least=1, at_most=MOST_OCCURRENCES)
    frequency = forms.name()
    rail = forms.one_of(RAILS)
    payee = forms.name()
    merchant_category_code = fields.String(
        required=True, allow_none=True, validate=validate.Regexp(r"^[0-9]{4}\Z")
    )
    payer = forms.one_of(PAYERS)
    instead_of = forms.words_or_none()


class CrisisPlanForm(forms.Form):
    command_class = CrisisPlan
    early_signs = forms.words()
    helps = forms.words()
    contact = forms.words()
    substitute_manager = forms.words_or_none()


class DraftPlanForm(forms.Form):
    command_class = DraftPlan
    plan_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    items = fields.List(
        fields.Nested(ItemForm), required=True, validate=validate.Length(1, MOST_ITEMS)
    )
    crisis_plan = fields.Nested(CrisisPlanForm, required=True, allow_none=True)
    crisis_plan_declined_because = forms.words_or_none()

    @validates_schema
    def _each_item_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        item_ids = [item.item_id for item in loaded["items"]]
        if len(set(item_ids)) < len(item_ids):
            raise ValidationError("Each item needs an id of its own.", "items")

    @validates_schema
    def _crisis_plan_or_why_not(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        has_plan = loaded["crisis_plan"] is not None
        has_reason = loaded["crisis_plan_declined_because"] is not None
        if has_plan == has_reason:
            raise ValidationError(
                "Give either a crisis plan or why the person wants none.", "crisis_plan"
            )


class SubmitPlanForm(forms.Form):
    command_class = SubmitPlan
    plan_id = fields.UUID(required=True)
    version = version_number()
