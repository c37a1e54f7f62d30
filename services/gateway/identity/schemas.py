"""What goes in and comes out about two records that may be one person."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.people.schemas import PersonSchema
from services.gateway.schemas import Form


class KeepApartForm(Form):
    """They are two people, who are alike."""

    reasons = forms.note()


class MergeForm(KeepApartForm):
    """They are one person: from now on there is one record, under both ids."""

    kept_person_id = forms.id_of()


class IdentityQuestionSchema(Schema):
    """Both records side by side, and the answer if there is one."""

    question_id = fields.UUID()
    suspicion = fields.String()
    asked_at = fields.String()
    people = fields.List(fields.Nested(PersonSchema))
    answer = fields.String(allow_none=True)
    kept_person_id = fields.UUID(allow_none=True)
    answered_by = fields.UUID(allow_none=True)
    reasons = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)


class MergedSchema(Schema):
    question_id = fields.UUID()
    person_id = fields.UUID()


class KeptApartSchema(Schema):
    question_id = fields.UUID()


class IdentityOnCaseSchema(Schema):
    """A question of identity, as it is seen on a case."""

    question_id = fields.UUID()
    suspicion = fields.String()
    asked_at = fields.String()
    answer = fields.String(allow_none=True)
    reasons = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
