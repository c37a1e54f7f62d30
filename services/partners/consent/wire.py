"""Consent as a partner reports it: of a person, for one organisation and one purpose."""

from collections.abc import Mapping
from typing import Any

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told

PURPOSES = ("assessment", "support_plan", "quote")


class ConsentGivenForm(forms.Form):
    """The person agrees to one purpose for one organisation."""

    person_id = forms.id_of()
    purpose = forms.choice(*PURPOSES)
    organisation = forms.name()
    given_on = forms.day()
    ends_on = forms.day(may_be_missing=True)
    evidence = forms.words()


class ConsentWithdrawnForm(forms.Form):
    """The person agrees no longer."""

    person_id = forms.id_of()
    purpose = forms.choice(*PURPOSES)
    organisation = forms.name()
    withdrawn_on = forms.day()
    evidence = forms.words()


def _given(told: Told) -> Mapping[str, Any]:
    return {"ends_on": None, **told.data}


def _withdrawn(told: Told) -> Mapping[str, Any]:
    return told.data


INCOMING = (
    Incoming(
        name="consent.record.v1",
        says="report to what a person agreed",
        form=ConsentGivenForm,
        operation="assessment.record_consent",
        request=_given,
        new_id="consent_id",
    ),
    Incoming(
        name="consent.withdraw.v1",
        says="report that a person agrees no longer",
        form=ConsentWithdrawnForm,
        operation="assessment.withdraw_consent",
        request=_withdrawn,
        new_id="withdrawal_id",
    ),
)
