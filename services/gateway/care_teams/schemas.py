"""What goes in and comes out about care teams."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form
from services.gateway.voices import SPEAKERS

TEAM_ROLES = (
    *("broker", "care_coordinator", "team_manager", "multidisciplinary_team"),
    *("risk_enablement_panel", "peer_supporter", "advocate"),
)
SUPPORT = ("broker", "peer_supporter", "advocate")
ANSWERS = ("accepted", "declined", "perhaps_later")


class WorkerForm(Form):
    """Somebody who works with a person."""

    staff_id = forms.id_of()
    name = forms.name()
    organisation = forms.name(metadata={"description": "for which they act"})
    employer = forms.name(metadata={"description": "which pays them"})
    email = fields.Email(load_default=None, allow_none=True)


class AssignForm(WorkerForm):
    """Put somebody in a role of a care team, in place of whoever had it."""

    role = forms.choice(*TEAM_ROLES)
    ends_on = forms.day_or_none(metadata={"description": "of who is there for a time"})


class OfferForm(Form):
    """Somebody who could help with a budget was offered, and this is the answer."""

    support = forms.choice(*SUPPORT)
    offered_on = forms.day()
    answer = forms.choice(*ANSWERS)
    person_words = forms.note_or_none()


class WorkerChangeForm(Form):
    """The person wants somebody else in a role."""

    role = forms.choice(*TEAM_ROLES)
    person_words = forms.note()
    asked_by_role = forms.said_as(*SPEAKERS, what="who asks")


class WorkerChangeAnswerForm(Form):
    """Whether somebody else comes, and why."""

    reasons = forms.note()
    new_worker = forms.part_or_none(WorkerForm)


class TeamStateSchema(Schema):
    person_id = fields.UUID()
    version = fields.Integer()


OfferSchema = forms.answer("OfferStateSchema", offer_id=fields.UUID())
WorkerChangeStateSchema = forms.answer("WorkerChangeStateSchema", request_id=fields.UUID())
AnsweredChangeSchema = forms.answer(
    "AnsweredChangeSchema", request_id=fields.UUID(), is_agreed=fields.Boolean()
)


class WorkerChangeSchema(Schema):
    """A request for another worker, and the answer with its reasons."""

    request_id = fields.UUID()
    role = fields.String()
    person_words = fields.String()
    asked_by_role = fields.String()
    requested_at = fields.String()
    is_agreed = fields.Boolean(allow_none=True)
    reasons = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)


class OfferMadeSchema(Schema):
    """An offer of help, and the answer."""

    support = fields.String()
    offered_on = fields.String()
    offered_by_role = fields.String()
    answer = fields.String()
    person_words = fields.String(allow_none=True)
