"""What goes in and comes out about reviews."""

from marshmallow import Schema, fields, validate

from services.gateway import forms
from services.gateway.schemas import Form

ASKED_BY = ("person", "family", "nominee", "worker", "partner")
MOST_GOALS = 200
MOST_ATTENDEES = 50
HIGHEST_RATING = 10


class RequestReviewForm(Form):
    """Somebody asks that a case be looked at again, soon."""

    asked_by = forms.said_as(*ASKED_BY, what="who asks")
    trigger = forms.note(metadata={"description": "what happened, in their words"})


class GoalOutcomeForm(Form):
    """What came of one goal."""

    goal = forms.note(metadata={"description": "as the approved plan has it"})
    words = forms.note()
    self_rating = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=HIGHEST_RATING),
    )
    may_quote = forms.yes_or_no()


class HoldReviewForm(Form):
    """A meeting was held; it closes every review that is open."""

    held_on = forms.day()
    attendee_roles = forms.several(forms.name(), least=1, most=MOST_ATTENDEES)
    person_present = forms.yes_or_no()
    absent_because = forms.note_or_none()
    conclusions = forms.note()
    goals = forms.several(fields.Nested(GoalOutcomeForm), most=MOST_GOALS)


class ReviewStateSchema(Schema):
    review_id = fields.UUID()
    opens_on = fields.String()
    due_on = fields.String()


class MeetingStateSchema(Schema):
    meeting_id = fields.UUID()
    next_due_on = fields.String(allow_none=True)


class ReviewSchema(Schema):
    """A review that will be held by a date, or was."""

    review_id = fields.UUID()
    kind = fields.String()
    asked_by = fields.String(allow_none=True)
    trigger = fields.String()
    requested_at = fields.String()
    opens_on = fields.String()
    due_on = fields.String()
    clocks = fields.List(fields.String())
    rule_due_on = fields.String(allow_none=True)
    moved_because = fields.String(allow_none=True)
    closed_at = fields.String(allow_none=True)
    meeting_id = fields.UUID(allow_none=True)


class GoalOutcomeSchema(Schema):
    """What came of one goal, in the person's own words."""

    goal = fields.String()
    words = fields.String()
    self_rating = fields.Integer(allow_none=True)
    may_quote = fields.Boolean()


class MeetingSchema(Schema):
    """A review that was held."""

    meeting_id = fields.UUID()
    held_on = fields.String()
    attendee_roles = fields.List(fields.String())
    person_present = fields.Boolean()
    absent_because = fields.String(allow_none=True)
    conclusions = fields.String()
    goals = fields.List(fields.Nested(GoalOutcomeSchema))
