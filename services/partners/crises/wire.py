"""A crisis as another organisation sees it begin or end: a ward, the police, a helpline."""

from collections.abc import Mapping
from typing import Any

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told

PARTNER = "partner"


class CrisisBegunForm(forms.Form):
    """Put the person's crisis plan in force. Nobody asks for proof."""

    referral_id = forms.id_of()
    happened = forms.words()


class CrisisOverForm(forms.Form):
    """The crisis is over: the person manages their budget again."""

    crisis_id = forms.id_of()


def _begun(told: Told) -> Mapping[str, Any]:
    return {**told.data, "activated_by": PARTNER}


def _over(told: Told) -> Mapping[str, Any]:
    return {**told.data, "stood_down_by": PARTNER}


INCOMING = (
    Incoming(
        name="crisis.activate.v1",
        says="put a person's crisis plan in force",
        form=CrisisBegunForm,
        operation="assessment.activate_crisis_plan",
        request=_begun,
        new_id="crisis_id",
    ),
    Incoming(
        name="crisis.stand_down.v1",
        says="say that a crisis is over",
        form=CrisisOverForm,
        operation="assessment.stand_down_crisis_plan",
        request=_over,
    ),
)
