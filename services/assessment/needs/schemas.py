"""The form of a contribution to the joint assessment."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.needs.commands import (
    Contribute,
    DomainSeen,
    Levels,
    PresentSupport,
    Reliably,
)
from services.assessment.needs.rules import (
    DAYS,
    HIGHEST_LEVEL,
    OnsetSpeed,
    SupportSource,
)
from shared.contracts import organisations

MOST_DOMAINS = 40
MOST_MONTHS = 120
HOURS_OF_A_WEEK = 168
MOST_ENTRIES = 20


def _takes_a_side(organisation: str) -> None:
    if organisation not in organisations.current().sides:
        raise ValidationError("An organisation whose file says that it is NHS or a council.")


class LevelsForm(forms.Form):
    command_class = Levels
    typical = forms.whole(at_least=0, at_most=HIGHEST_LEVEL)
    worst = forms.whole(at_least=0, at_most=HIGHEST_LEVEL)

    @validates_schema
    def _worst_is_no_better(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["worst"] < loaded["typical"]:
            raise ValidationError("The worst day cannot be better than the typical one.", "worst")


class ReliablyForm(forms.Form):
    command_class = Reliably
    safely = forms.yes_or_no()
    repeatedly = forms.yes_or_no()
    in_reasonable_time = forms.yes_or_no()
    without_distress = forms.yes_or_no()


class PresentSupportForm(forms.Form):
    command_class = PresentSupport
    source = fields.Enum(SupportSource, by_value=True, required=True)
    hours_a_week = forms.whole(at_least=0, at_most=HOURS_OF_A_WEEK)
    is_willing_to_continue = forms.yes_or_no_or_none()
    levels_met = forms.whole(at_least=0, at_most=HIGHEST_LEVEL)

    @validates_schema
    def _only_willing_informal_help(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        is_informal = loaded["source"] == SupportSource.INFORMAL
        if loaded["levels_met"] and not (is_informal and loaded["is_willing_to_continue"]):
            raise ValidationError(
                "Only help that somebody close said they will go on giving takes levels off.",
                "levels_met",
            )


class DomainForm(forms.Form):
    command_class = DomainSeen
    domain = fields.String(required=True, validate=validate.Regexp(r"^[A-Z][0-9]{1,2}\Z"))
    without_present_support = fields.Nested(LevelsForm, required=True)
    with_present_support = fields.Nested(LevelsForm, required=True)
    worst_days_per_28 = forms.whole(at_least=0, at_most=DAYS)
    look_back_months = forms.whole(at_least=1, at_most=MOST_MONTHS)
    onset_speed = fields.Enum(OnsetSpeed, by_value=True, required=True, allow_none=True)
    is_hidden = forms.yes_or_no(data_key="hidden")
    unseen_by_others = forms.words_or_none()
    reliably = fields.Nested(ReliablyForm, required=True, allow_none=True)
    present_support = fields.List(
        fields.Nested(PresentSupportForm), required=True, validate=validate.Length(max=MOST_ENTRIES)
    )
    person_words = forms.words()
    worker_words = forms.words_or_none()
    strengths = fields.String(required=True, allow_none=True, validate=forms.refuse_unwritable)
    wants = forms.words_or_none()
    evidence = fields.List(forms.words(), required=True, validate=validate.Length(max=MOST_ENTRIES))


class ContributeForm(forms.Form):
    command_class = Contribute
    contribution_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    organisation = fields.String(required=True, validate=_takes_a_side)
    author_role = forms.name()
    questionnaire = forms.name()
    as_of = fields.AwareDateTime(required=True)
    in_the_room = fields.List(
        forms.name(), required=True, validate=validate.Length(1, MOST_ENTRIES)
    )
    domains = fields.List(
        fields.Nested(DomainForm), required=True, validate=validate.Length(1, MOST_DOMAINS)
    )
    whole_life = fields.Dict(
        keys=forms.name(), values=forms.words_or_none(), required=True, allow_none=True
    )

    @validates_schema
    def _each_domain_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        domains = [seen.domain for seen in loaded["domains"]]
        if len(set(domains)) < len(domains):
            raise ValidationError("Each domain may come once.", "domains")


class QuestionnairesForm(Schema):
    """Nothing is asked but which there are."""
