"""The form in which a domain is agreed with or disputed."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.disputes.commands import (
    AgreeDomain,
    DecideDispute,
    DisputeDomain,
    Shares,
)
from services.assessment.disputes.rules import BASIS_POINTS, Party


class AgreeDomainForm(forms.Form):
    command_class = AgreeDomain
    referral_id = fields.UUID(required=True)
    domain = forms.name()
    party = fields.Enum(Party, by_value=True, required=True)
    said_by_role = forms.name()


class DisputeDomainForm(forms.Form):
    command_class = DisputeDomain
    dispute_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    domain = forms.name()
    party = fields.Enum(Party, by_value=True, required=True)
    said_by_role = forms.name()
    reasons = forms.words()


class SharesForm(forms.Form):
    command_class = Shares
    nhs = forms.whole(at_least=0, at_most=BASIS_POINTS)
    council = forms.whole(at_least=0, at_most=BASIS_POINTS)


class DecideDisputeForm(forms.Form):
    command_class = DecideDispute
    dispute_id = fields.UUID(required=True)
    decided_by_id = fields.UUID(required=True)
    decided_by_role = forms.name()
    shares = fields.Nested(SharesForm, required=True, allow_none=True)
    reasons = forms.words()
