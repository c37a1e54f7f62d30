"""The form of a complaint."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.complaints.commands import AnswerComplaint, ComplaintAsked, MakeComplaint


class MakeComplaintForm(forms.Form):
    command_class = MakeComplaint
    complaint_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    made_by_role = forms.name()
    words = forms.words()
    wants = forms.words_or_none()
    may_team_read = forms.yes_or_no()


class AnswerComplaintForm(forms.Form):
    command_class = AnswerComplaint
    complaint_id = fields.UUID(required=True)
    handler_id = fields.UUID(required=True)
    answer = forms.words()
    next_route = forms.words()


class ComplaintForm(forms.Form):
    command_class = ComplaintAsked
    complaint_id = fields.UUID(required=True)
    reader_id = fields.UUID(required=True)
    reader_role = forms.name()
