"""The forms in which a care team is spoken of."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.care_team.commands import (
    AnswerWorkerChange,
    AssignTeamMember,
    NewWorker,
    RecordOffer,
    RequestWorkerChange,
)
from services.assessment.care_team.rules import OfferAnswer, Support
from services.assessment.people.rules import TeamRole


class AssignTeamMemberForm(forms.Form):
    command_class = AssignTeamMember
    person_id = fields.UUID(required=True)
    role = fields.Enum(TeamRole, by_value=True, required=True)
    staff_id = fields.UUID(required=True)
    name = forms.name()
    organisation = forms.name()
    employer = forms.name()
    ends_on = fields.Date(load_default=None, allow_none=True)
    email = forms.email()


class RecordOfferForm(forms.Form):
    command_class = RecordOffer
    offer_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    support = fields.Enum(Support, by_value=True, required=True)
    offered_on = fields.Date(required=True)
    offered_by_role = forms.name()
    answer = fields.Enum(OfferAnswer, by_value=True, required=True)
    person_words = forms.words_or_none()


class RequestWorkerChangeForm(forms.Form):
    command_class = RequestWorkerChange
    request_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    role = fields.Enum(TeamRole, by_value=True, required=True)
    person_words = forms.words()
    asked_by_role = forms.name()


class NewWorkerForm(forms.Form):
    command_class = NewWorker
    staff_id = fields.UUID(required=True)
    name = forms.name()
    organisation = forms.name()
    employer = forms.name()
    email = forms.email()


class AnswerWorkerChangeForm(forms.Form):
    command_class = AnswerWorkerChange
    request_id = fields.UUID(required=True)
    answered_by = fields.UUID(required=True)
    reasons = forms.words()
    new_worker = fields.Nested(NewWorkerForm, required=True, allow_none=True)
