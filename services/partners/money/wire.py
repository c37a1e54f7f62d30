"""What a funder commits, releases from a block contract, and finds that a person can pay."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.partners import forms
from services.partners.agreements.rules import Kind
from services.partners.catalogue.rules import Incoming, Told

LARGEST_WEEKLY_PENCE = 1_000_000
LONGEST_WEEKS = 53
LONGEST_REFERENCE = 140
LONGEST_COST_CENTRE = 40


class CommitmentForm(forms.Form):
    """A funder will pay what it was called for."""

    contribution_id = forms.id_of()
    budget_id = forms.id_of()
    amount_pence = forms.pence()


class ReleaseForm(CommitmentForm):
    """A funder pays by what a block contract no longer takes: no new money."""

    contract_reference = forms.words(at_most=LONGEST_REFERENCE)


class PeriodForm(forms.Form):
    """From the first day to the last."""

    starts_on = forms.day()
    ends_on = forms.day()


class CommitmentOnTermsForm(CommitmentForm):
    """A funder will pay what it was called for: for which days, from where, and out of what."""

    period = forms.part(PeriodForm)
    cost_centre = forms.words(at_most=LONGEST_COST_CENTRE)
    source = forms.choice("new", "released_block", "pooled_s75")


class ReleaseOnTermsForm(ReleaseForm):
    """A funder pays by what a block contract no longer takes: for which days, from where."""

    period = forms.part(PeriodForm)
    cost_centre = forms.words(at_most=LONGEST_COST_CENTRE)


class FinancialAssessmentForm(forms.Form):
    """What the council found that the person can pay a week."""

    budget_id = forms.id_of()
    weekly_contribution_pence = forms.whole(at_least=0, at_most=LARGEST_WEEKLY_PENCE)
    weeks = forms.whole(at_least=1, at_most=LONGEST_WEEKS)
    free_weeks = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=LONGEST_WEEKS)
    )


def _own_money(told: Told) -> dict[str, Any]:
    """Ask in the funder's own name: nobody commits another's money."""
    return {**told.data, "funder_id": told.agreement.funder_id}


def _on_terms(told: Told) -> Mapping[str, Any]:
    """Ask as ``_own_money`` does, on the terms that are told."""
    said = _own_money(told)
    period = said.pop("period")
    of_them = {name: said.pop(name) for name in ("cost_centre", "source") if name in said}
    return {**said, "terms": {**period, **of_them}}


def _as_said(told: Told) -> Mapping[str, Any]:
    return told.data


INCOMING = (
    Incoming(
        name="contribution.commit.v1",
        says="commit its own money to a budget",
        form=CommitmentForm,
        operation="budget.commit_contribution",
        request=_own_money,
        spends_own=True,
    ),
    Incoming(
        name="contribution.release.v1",
        says="release its own money from a block contract to a budget",
        form=ReleaseForm,
        operation="budget.release_contribution",
        request=_own_money,
        spends_own=True,
    ),
    Incoming(
        name="contribution.commit.v2",
        says="commit its own money to a budget: for which days, from where, and out of what",
        form=CommitmentOnTermsForm,
        operation="budget.commit_contribution",
        request=_on_terms,
        spends_own=True,
    ),
    Incoming(
        name="contribution.release.v2",
        says="release its own money from a block contract to a budget: for which days, from where",
        form=ReleaseOnTermsForm,
        operation="budget.release_contribution",
        request=_on_terms,
        spends_own=True,
    ),
    Incoming(
        name="financial_assessment.report.v1",
        says="report what a person can pay a week",
        form=FinancialAssessmentForm,
        operation="budget.report_financial_assessment",
        request=_as_said,
        only_of=Kind.COUNCIL,  # which assesses what people can pay: Care Act 2014, section 17
    ),
)
