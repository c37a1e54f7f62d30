"""What a partner saw of a person's needs, and where it does not agree."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told

HIGHEST_LEVEL = 4
DAYS = 28
MOST_MONTHS = 120
MOST_ENTRIES = 20
MOST_DOMAINS = 40
HOURS_OF_A_WEEK = 168
_DOMAIN = validate.Regexp(r"[A-Z][0-9]{1,2}\Z", error="Like A1.")


def _level() -> fields.Integer:
    return forms.whole(at_least=0, at_most=HIGHEST_LEVEL)


class LevelsForm(forms.Form):
    """How it is on a typical day and on the worst ones; 0 manages alone, 4 cannot."""

    typical = _level()
    worst = _level()


class ReliablyForm(forms.Form):
    """Whether the person does it so that it counts as able."""

    safely = forms.yes_or_no()
    repeatedly = forms.yes_or_no()
    in_reasonable_time = forms.yes_or_no()
    without_distress = forms.yes_or_no()


class PresentSupportForm(forms.Form):
    """Help that is there now."""

    source = forms.choice("informal", "paid", "service")
    hours_a_week = forms.whole(at_least=0, at_most=HOURS_OF_A_WEEK)
    is_willing_to_continue = forms.yes_or_no(may_be_missing=True)
    levels_met = _level()


class DomainForm(forms.Form):
    """What was seen in one domain, and what the person says of it."""

    domain = fields.String(required=True, validate=_DOMAIN)
    without_present_support = forms.part(LevelsForm)
    with_present_support = forms.part(LevelsForm)
    worst_days_per_28 = forms.whole(at_least=0, at_most=DAYS)
    look_back_months = forms.whole(at_least=1, at_most=MOST_MONTHS)
    onset_speed = forms.choice("hours", "days", "weeks", may_be_missing=True)
    hidden = forms.yes_or_no()
    unseen_by_others = forms.words(may_be_missing=True)
    reliably = forms.part(ReliablyForm, may_be_missing=True)
    present_support = forms.several(fields.Nested(PresentSupportForm), most=MOST_ENTRIES)
    person_words = forms.words()
    worker_words = forms.words(may_be_missing=True)
    strengths = forms.words(may_be_missing=True)
    wants = forms.words(may_be_missing=True)
    evidence = forms.several(forms.words(), most=MOST_ENTRIES)


class ContributionForm(forms.Form):
    """One side adds what it saw to the joint assessment."""

    referral_id = forms.id_of()
    author_role = forms.name()
    questionnaire = forms.name()
    as_of = forms.moment()
    in_the_room = forms.several(forms.name(), least=1, most=MOST_ENTRIES)
    domains = forms.several(fields.Nested(DomainForm), least=1, most=MOST_DOMAINS)
    whole_life = fields.Dict(
        keys=forms.name(), values=forms.words(may_be_missing=True), allow_none=True
    )

    @validates_schema
    def _each_domain_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        seen = [domain["domain"] for domain in loaded["domains"]]
        if len(set(seen)) < len(seen):
            raise ValidationError("Each domain may come once.", "domains")


class DisputeForm(forms.Form):
    """A funder does not agree with what was written of a domain. Nobody waits for it."""

    referral_id = forms.id_of()
    domain = fields.String(required=True, validate=_DOMAIN)
    author_role = forms.name()
    reasons = forms.words()


_MAY_BE_MISSING = [name for name, field in DomainForm().fields.items() if not field.required]


def _contribution(told: Told) -> Mapping[str, Any]:
    missing: dict[str, Any] = dict.fromkeys(_MAY_BE_MISSING)
    return {
        "whole_life": None,
        **told.data,
        "organisation": told.agreement.organisation,
        "domains": [{**missing, **domain} for domain in told.data["domains"]],
    }


def _dispute(told: Told) -> Mapping[str, Any]:
    said = dict(told.data)
    role = said.pop("author_role")
    return {**said, "said_by_role": role, "party": told.agreement.kind.value}


INCOMING = (
    Incoming(
        name="assessment.contribute.v1",
        says="add what it saw to the joint assessment",
        form=ContributionForm,
        operation="assessment.contribute",
        request=_contribution,
        new_id="contribution_id",
        role="author_role",
    ),
    Incoming(
        name="assessment.dispute.v1",
        says="disagree with what was written of a domain",
        form=DisputeForm,
        operation="assessment.dispute_domain",
        request=_dispute,
        new_id="dispute_id",
        role="author_role",
    ),
)
