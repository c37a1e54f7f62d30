"""What goes in and comes out about life events."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form


class EstateForm(Form):
    """Who looks after what a person left."""

    name = forms.name()
    contact = forms.note()


class _SaidForm(Form):
    source = forms.said_as(what="who says so: a body, the person, their family or representative")


class DeathForm(_SaidForm):
    """A person has died."""

    died_on = forms.day()
    estate = forms.part_or_none(EstateForm)


class CorrectionForm(_SaidForm):
    """A death was recorded wrongly: the person lives."""

    reason = forms.note()


class AdmissionForm(_SaidForm):
    """A person is in hospital."""

    admitted_on = forms.day()
    expected_discharge_on = forms.day_or_none()


class DischargeForm(_SaidForm):
    """A person has left hospital."""

    discharged_on = forms.day()


class MoveForm(_SaidForm):
    """A person moves to another area, whose organisations take over."""

    moves_on = forms.day()
    to_area = forms.name()


class LifeEventStateSchema(Schema):
    """What was recorded, where the person is now, and which cases it concerns."""

    event_id = fields.UUID()
    person_id = fields.UUID()
    whereabouts = fields.String()
    referral_ids = fields.List(fields.UUID())


class LifeEventSchema(Schema):
    """What happened; of its last four fields it has those of its kind."""

    event_id = fields.UUID()
    kind = fields.String()
    happened_on = fields.String()
    source = fields.String()
    whereabouts = fields.String()
    recorded_at = fields.String()
    estate = fields.Dict(allow_none=True)
    expected_discharge_on = fields.String(allow_none=True)
    to_area = fields.String()
    reason = fields.String()
