"""The forms in which a question of identity is answered."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.identity.commands import IdentityQuestionAsked, KeepApart, MergePeople
from services.assessment.identity.rules import INFORMATION_OFFICER


class _AnswerForm(forms.Form):
    question_id = fields.UUID(required=True)
    answered_by = fields.UUID(required=True)
    answered_by_role = forms.one_of([INFORMATION_OFFICER])
    reasons = forms.words()


class KeepApartForm(_AnswerForm):
    command_class = KeepApart


class MergePeopleForm(_AnswerForm):
    command_class = MergePeople
    kept_person_id = fields.UUID(required=True)


class IdentityQuestionForm(forms.Form):
    command_class = IdentityQuestionAsked
    question_id = fields.UUID(required=True)
