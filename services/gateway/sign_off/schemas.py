"""What goes in and comes out about signatures and decisions."""

from marshmallow import Schema, fields, validate

from services.gateway import forms
from services.gateway.plans.schemas import MOST_ITEMS, VersionForm
from services.gateway.schemas import Form

MOST_OTHERS = 50
RUNGS = ("care_coordinator", "team_manager", "multidisciplinary_team", "risk_enablement_panel")
SIGNING = ("person", "broker", "care_coordinator")


class SignForm(VersionForm):
    """One of the three signs a version of a plan as it is."""

    content_sha256 = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"))
    role = forms.said_as(*SIGNING, what="for whom is signed")
    capacity_basis = forms.note_or_none(
        metadata={"description": "why a representative signs, how it was established"}
    )
    is_comfortable = forms.yes_or_no(
        required=False,
        load_default=None,
        allow_none=True,
        metadata={"description": "the care coordinator says so, and nobody else"},
    )
    worry = forms.note_or_none()


class AttendeeForm(Form):
    """Somebody who was there when a meeting decided."""

    attendee_id = forms.id_of()
    capacity = forms.choice("practitioner", "lived_experience", "guest")


class ItemDecisionForm(Form):
    """What was decided about one item of a plan."""

    item_id = forms.id_of()
    outcome = forms.choice("approve", "return", "refuse")
    reasons = forms.note_or_none()


class DecideForm(VersionForm):
    """The right rung decides on a signed plan, with reasons."""

    rung = forms.said_as(*RUNGS, what="which rung decides")
    outcome = forms.choice("approve", "approve_in_part", "return", "refuse", "escalate")
    reasons = forms.note(metadata={"description": "to escalate: the worry"})
    items = forms.several(fields.Nested(ItemDecisionForm), most=MOST_ITEMS)
    evidence = forms.several(forms.note(), most=MOST_OTHERS)
    alternatives = forms.note_or_none()
    appeal_route = forms.note_or_none()
    escalate_to = forms.choice(*RUNGS, required=False, load_default=None, allow_none=True)
    skip_because = forms.note_or_none()
    attendees = forms.several(fields.Nested(AttendeeForm), most=MOST_OTHERS)
    was_person_present = forms.yes_or_no()
    co_signatory_id = forms.id_or_none()
    backing = forms.note_or_none()


class SignedSchema(Schema):
    """Who has signed, who has not, and with whom the decision lies then."""

    plan_id = fields.UUID()
    signed_by = fields.List(fields.String())
    missing = fields.List(fields.String())
    decision_rung = fields.String(allow_none=True)
    decision_due_on = fields.String(allow_none=True)


class DecidedSchema(Schema):
    """What was decided, and what follows."""

    plan_id = fields.UUID()
    decision_id = fields.UUID()
    outcome = fields.String()
    budget_id = fields.UUID(allow_none=True)
    approved_at = fields.String(allow_none=True)
    next_rung = fields.String(allow_none=True)
    due_on = fields.String(allow_none=True)
