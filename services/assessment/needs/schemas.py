"""The form of a contribution to the joint assessment."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.needs.commands import Contribute, DomainSeen, Levels
from services.assessment.needs.rules import DAYS, DOMAINS, HIGHEST_LEVEL, Contributor


class LevelsForm(forms.Form):
    command_class = Levels
    typical = forms.whole(at_least=0, at_most=HIGHEST_LEVEL)
    worst = forms.whole(at_least=0, at_most=HIGHEST_LEVEL)

    @validates_schema
    def _worst_is_no_better(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["worst"] < loaded["typical"]:
            raise ValidationError("The worst day cannot be better than the typical one.", "worst")


class DomainForm(forms.Form):
    command_class = DomainSeen
    domain = forms.one_of(DOMAINS)
    without_present_support = fields.Nested(LevelsForm, required=True)
    with_present_support = fields.Nested(LevelsForm, required=True)
    worst_days_per_28 = forms.whole(at_least=0, at_most=DAYS)
    is_hidden = forms.yes_or_no(data_key="hidden")
    person_words = forms.words()
    strengths = fields.String(required=True, allow_none=True, validate=forms.refuse_unwritable)


class ContributeForm(forms.Form):
    command_class = Contribute
    contribution_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    organisation = fields.Enum(Contributor, by_value=True, required=True)
    author_role = forms.name()
    domains = fields.List(
        fields.Nested(DomainForm), required=True, validate=validate.Length(1, len(DOMAINS))
    )
    whole_life = fields.Dict(
        keys=forms.name(), values=forms.words_or_none(), required=True, allow_none=True
    )

    @validates_schema
    def _each_domain_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        domains = [seen.domain for seen in loaded["domains"]]
        if len(set(domains)) < len(domains):
            raise ValidationError("Each domain may come once.", "domains")
