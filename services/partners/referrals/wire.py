"""A referral as a partner sends it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told

CHANNELS = ("sms", "email", "letter")
MOST_LINES = 8


class PersonForm(forms.Form):
    """Who is referred. What nobody was asked is null, not invented."""

    nhs_number = forms.words(at_most=20, may_be_missing=True)
    council_client_id = forms.name(may_be_missing=True)
    given_name = forms.name()
    family_name = forms.name()
    birth_date = forms.day()
    address_lines = forms.several(forms.name(), least=1, most=MOST_LINES)
    ethnic_category = forms.words(at_most=2)
    language = forms.name()
    interpreter_required = forms.yes_or_no()
    accessible_format = forms.name(may_be_missing=True)
    mobile = forms.name(may_be_missing=True)
    email = forms.name(may_be_missing=True)
    preferred_channel = forms.choice(*CHANNELS)
    safe_to_text = forms.yes_or_no()


class ReferralForm(forms.Form):
    """A person is referred for a budget."""

    basis = forms.name()
    condition_group = forms.name()
    urgency = forms.choice("routine", "urgent")
    received_on = forms.day()
    heard_from = forms.words(may_be_missing=True)
    consent_to_share = fields.Boolean(
        required=True, truthy={True}, falsy=set(), validate=validate.Equal(True)
    )
    person = forms.part(PersonForm)


def _request(told: Told) -> Mapping[str, Any]:
    person = {field: told.data["person"].get(field) for field in PersonForm().fields}
    return {
        **{field: told.data.get(field) for field in ReferralForm().fields},
        "person": person,
        "source": told.agreement.kind.value,
        "organisation": told.agreement.organisation,
        "relation": None,
    }


INCOMING = (
    Incoming(
        name="referral.submit.v1",
        says="refer a person for a budget",
        form=ReferralForm,
        operation="assessment.receive_referral",
        request=_request,
        new_id="referral_id",
        is_about_known=False,
    ),
)
