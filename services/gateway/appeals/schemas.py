"""What goes in and comes out about appeals."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.plans.schemas import LATEST_VERSION
from services.gateway.schemas import Form
from services.gateway.voices import SPEAKERS

MOST_EVIDENCE = 50
SUPPORTERS = ("advocate", "peer_supporter", "representative", "family_or_friend", "other")


class SupporterForm(Form):
    """Whoever helps the person to appeal."""

    kind = forms.choice(*SUPPORTERS)
    name = forms.name()


class AmountForm(Form):
    """An indicative amount, as the person was told it."""

    referral_id = forms.id_of()
    version = forms.whole(at_least=1, at_most=LATEST_VERSION)


class LodgeForm(Form):
    """Against one of three: the decision on a plan, the refusal of a referral, the amount."""

    decision_id = forms.id_or_none()
    refusal_id = forms.id_or_none()
    amount = forms.part_or_none(AmountForm)
    lodged_by_role = forms.said_as(*SPEAKERS, what="who appeals")
    grounds = forms.note()
    supporter = forms.part_or_none(SupporterForm)


class DecideAppealForm(Form):
    """Somebody new decides on an appeal."""

    outcome = forms.choice("upheld", "not_upheld")
    reasons = forms.note()
    evidence = forms.several(forms.note(), least=1, most=MOST_EVIDENCE)
    next_route = forms.note_or_none()


class ReportingLineForm(Form):
    """To whom a member of staff reports; null: the top of their organisation."""

    reports_to_id = forms.id_or_none()


class LodgedSchema(Schema):
    appeal_id = fields.UUID()
    due_on = fields.String()


class DecidedAppealSchema(Schema):
    appeal_id = fields.UUID()
    is_reopened = fields.Boolean()


class ReportingLineSchema(Schema):
    staff_id = fields.UUID()


class AppealSchema(Schema):
    """An appeal, and what was decided on it."""

    appeal_id = fields.UUID()
    decision_id = fields.UUID(allow_none=True)
    refusal_id = fields.UUID(allow_none=True)
    amount_version = fields.Integer(allow_none=True)
    state = fields.String()
    lodged_by_role = fields.String()
    grounds = fields.String()
    supporter = fields.Dict(allow_none=True)
    lodged_at = fields.String()
    due_on = fields.String()
    decider_id = fields.UUID(allow_none=True)
    decider_role = fields.String(allow_none=True)
    reasons = fields.String(allow_none=True)
    evidence = fields.List(fields.String(), allow_none=True)
    next_route = fields.String(allow_none=True)
    is_reopened = fields.Boolean(allow_none=True)
    decided_at = fields.String(allow_none=True)
