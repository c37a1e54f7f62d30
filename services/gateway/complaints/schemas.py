"""What goes in and comes out about complaints."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form
from services.gateway.voices import SPEAKERS


class ComplaintForm(Form):
    """The person, or somebody for them, is not content with how they were treated."""

    made_by_role = forms.said_as(*SPEAKERS, what="who complains")
    words = forms.note()
    wants = forms.note_or_none()
    may_team_read = forms.yes_or_no()


class AnswerComplaintForm(Form):
    """Somebody outside the care team answers."""

    answer = forms.note()
    next_route = forms.note(metadata={"description": "where to go if the answer does not do"})


class ComplaintStateSchema(Schema):
    complaint_id = fields.UUID()
    due_on = fields.String()


class AnsweredComplaintSchema(Schema):
    complaint_id = fields.UUID()


class ComplaintSchema(Schema):
    """One complaint, whole."""

    complaint_id = fields.UUID()
    person_id = fields.UUID()
    state = fields.String()
    made_by_role = fields.String()
    words = fields.String()
    wants = fields.String(allow_none=True)
    may_team_read = fields.Boolean()
    made_at = fields.String()
    due_on = fields.String()
    handler_id = fields.UUID(allow_none=True)
    answer = fields.String(allow_none=True)
    next_route = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
