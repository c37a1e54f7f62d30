"""What goes in and comes out about crises."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form

SAID_BY = ("person", "nominee", "worker", "partner")


class ActivateForm(Form):
    """Put the person's crisis plan in force. Nobody asks for proof."""

    activated_by = forms.said_as(*SAID_BY, what="who says so")
    happened = forms.note(metadata={"description": "in the words of whoever says so"})


class ProlongForm(Form):
    """The crisis goes on beyond the day on which it would end by itself."""

    prolonged_by = forms.said_as(*SAID_BY, what="who says so")
    hand_back_on = forms.day()
    reason = forms.note()


class StandDownForm(Form):
    """The crisis is over: the person manages their budget again."""

    stood_down_by = forms.said_as(*SAID_BY, what="who says so")


class CrisisSchema(Schema):
    """A crisis as it stands."""

    crisis_id = fields.UUID()
    activated_at = fields.String()
    substitute_manager = fields.String(allow_none=True)
    cap_pence = fields.Integer()
    hand_back_on = fields.String()
    stood_down_at = fields.String(allow_none=True)


class ProlongationSchema(Schema):
    """That a crisis went on, until when and why."""

    prolonged_by = fields.String()
    hand_back_on = fields.String()
    reason = fields.String()
    prolonged_at = fields.String()


class CrisisOnCaseSchema(CrisisSchema):
    """A crisis with how it began, went on and ended."""

    activated_by = fields.String()
    happened = fields.String()
    prolonged = fields.List(fields.Nested(ProlongationSchema))
    stood_down_by = fields.String(allow_none=True)
