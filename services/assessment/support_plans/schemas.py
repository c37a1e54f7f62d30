"""The form of a support plan, and of what is asked about one."""

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.support_plans.commands import (
    CrisisPlan,
    DraftPlan,
    FeatureCheck,
    Goal,
    Item,
    Part,
    Preferences,
    RecordInterview,
    Risk,
    SubmitPlan,
    Unavailable,
)
from services.assessment.support_plans.rules import (
    DEAREST_PENCE,
    MOST_OCCURRENCES,
    PAYERS,
    RAILS,
    ControlLevel,
    Feature,
    InterviewMode,
    Mode,
)

MOST_ITEMS = 200
MOST_OTHERS = 50  # goals, parts, risks, …
LATEST_VERSION = 1_000_000


def version_number(*, data_key: str | None = None) -> fields.Integer:
    return fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=1, max=LATEST_VERSION),
        data_key=data_key,
    )


def _list(
    form: type[forms.Form], *, at_least: int = 0, at_most: int = MOST_OTHERS
) -> "fields.List[Any]":
    return fields.List(
        fields.Nested(form), required=True, validate=validate.Length(at_least, at_most)
    )


class GoalForm(forms.Form):
    command_class = Goal
    goal_id = fields.UUID(required=True)
    words = forms.words()


class PartForm(forms.Form):
    command_class = Part
    part_id = fields.UUID(required=True)
    name = forms.name()
    control_level = fields.Enum(ControlLevel, by_value=fields.Integer(strict=True), required=True)
    mode = fields.Enum(Mode, by_value=True, required=True)


class ItemForm(forms.Form):
    command_class = Item
    item_id = fields.UUID(required=True)
    goal_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_OTHERS))
    part_id = fields.UUID(required=True)
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
    rationale = forms.words()


class CrisisPlanForm(forms.Form):
    command_class = CrisisPlan
    early_signs = forms.words()
    helps = forms.words()
    hinders = forms.words_or_none()
    contact = forms.words()
    advance_wishes = forms.words_or_none()
    substitute_manager = forms.words_or_none()
    substitute_may = forms.words_or_none()
    cap_pence = forms.whole(at_least=0, at_most=DEAREST_PENCE)


class PreferencesForm(forms.Form):
    command_class = Preferences
    culture = forms.words_or_none()
    faith = forms.words_or_none()
    language = forms.words_or_none()
    diet = forms.words_or_none()
    worker = forms.words_or_none()


class FeatureCheckForm(forms.Form):
    command_class = FeatureCheck
    feature = fields.Enum(Feature, by_value=True, required=True)
    is_met = forms.yes_or_no()
    evidence = forms.words()


class RiskForm(forms.Form):
    command_class = Risk
    risk = forms.words()
    benefit = forms.words()
    what_helps = forms.words()
    agreed_by = fields.List(forms.name(), required=True, validate=validate.Length(1, MOST_OTHERS))


class UnavailableForm(forms.Form):
    command_class = Unavailable
    wanted = forms.words()
    because = forms.words()
    goal_id = fields.UUID(required=True, allow_none=True)


# What must be there once, and by which field it is known.
_ONCE: Sequence[tuple[str, str, Callable[[Any], Any]]] = (
    ("goals", "Each goal needs an id of its own.", lambda goal: goal.goal_id),
    ("parts", "Each part needs an id of its own.", lambda part: part.part_id),
    ("items", "Each item needs an id of its own.", lambda item: item.item_id),
    ("six_features", "Each feature is checked once.", lambda check: check.feature),
)


class DraftPlanForm(forms.Form):
    command_class = DraftPlan
    plan_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    goals = _list(GoalForm, at_least=1)
    parts = _list(PartForm)
    items = _list(ItemForm, at_most=MOST_ITEMS)
    preferences = fields.Nested(PreferencesForm, required=True)
    six_features = _list(FeatureCheckForm, at_least=len(Feature), at_most=len(Feature))
    risks = _list(RiskForm)
    risk_of_doing_nothing = forms.words()
    wanted_but_unavailable = _list(UnavailableForm)
    crisis_plan = fields.Nested(CrisisPlanForm, required=True, allow_none=True)
    crisis_plan_declined_because = forms.words_or_none()

    @validates_schema
    def _each_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        for field, refusal, known_by in _ONCE:
            known = [known_by(one) for one in loaded[field]]
            if len(set(known)) < len(known):
                raise ValidationError(refusal, field)

    @validates_schema
    def _crisis_plan_or_why_not(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        has_plan = loaded["crisis_plan"] is not None
        has_reason = loaded["crisis_plan_declined_because"] is not None
        if has_plan == has_reason:
            raise ValidationError(
                "Give either a crisis plan or why the person wants none.", "crisis_plan"
            )


class RecordInterviewForm(forms.Form):
    command_class = RecordInterview
    interview_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    broker_id = fields.UUID(required=True)
    held_on = fields.Date(required=True)
    mode = fields.Enum(InterviewMode, by_value=True, required=True)
    place = forms.name()
    attendees = fields.List(forms.name(), required=True, validate=validate.Length(max=MOST_OTHERS))
    person_words = forms.words()


class SubmitPlanForm(forms.Form):
    command_class = SubmitPlan
    plan_id = fields.UUID(required=True)
    version = version_number()
