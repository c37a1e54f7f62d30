"""What goes in and comes out about needs: contributions, agreement, disputes, statements."""

from marshmallow import Schema, fields, validate

from services.gateway import forms, strict
from services.gateway.schemas import Form

HIGHEST_LEVEL = 4
DAYS = 28
MOST_MONTHS = 120
MOST_ENTRIES = 20
MOST_DOMAINS = 40
HOURS_OF_A_WEEK = 168
BASIS_POINTS = 10_000
PARTIES = ("person", "nhs", "council")
_CODE = validate.Regexp(r"^[A-Z][0-9]{1,2}\Z")


def _level() -> fields.Integer:
    return forms.whole(at_least=0, at_most=HIGHEST_LEVEL)


class LevelsForm(Form):
    """How it is on a typical day and on the worst ones; 0 manages alone, 4 cannot."""

    typical = _level()
    worst = _level()


class ReliablyForm(Form):
    """Whether the person does it so that it counts as able."""

    safely = forms.yes_or_no()
    repeatedly = forms.yes_or_no()
    in_reasonable_time = forms.yes_or_no()
    without_distress = forms.yes_or_no()


class PresentSupportForm(Form):
    """Help that is there now."""

    source = forms.choice("informal", "paid", "service")
    hours_a_week = forms.whole(at_least=0, at_most=HOURS_OF_A_WEEK)
    is_willing_to_continue = forms.yes_or_no(required=False, load_default=None, allow_none=True)
    levels_met = _level()


class DomainForm(Form):
    """What one side saw in one domain, and what the person says of it."""

    domain = fields.String(required=True, validate=_CODE)
    without_present_support = forms.part(LevelsForm)
    with_present_support = forms.part(LevelsForm)
    worst_days_per_28 = forms.whole(at_least=0, at_most=DAYS)
    look_back_months = forms.whole(at_least=1, at_most=MOST_MONTHS)
    onset_speed = forms.choice(
        "hours", "days", "weeks", required=False, load_default=None, allow_none=True
    )
    hidden = forms.yes_or_no(metadata={"description": "others do not see it"})
    unseen_by_others = forms.note_or_none()
    reliably = forms.part_or_none(ReliablyForm)
    present_support = forms.several(fields.Nested(PresentSupportForm), most=MOST_ENTRIES)
    person_words = forms.note()
    worker_words = forms.note_or_none()
    strengths = forms.note_or_none()
    wants = forms.note_or_none()
    evidence = forms.several(forms.note(), most=MOST_ENTRIES)


class ContributionForm(Form):
    """One side adds what it saw to the joint assessment."""

    questionnaire = forms.name()
    as_of = strict.Instant(required=True, metadata={"description": "when they were seen"})
    in_the_room = forms.several(forms.name(), least=1, most=MOST_ENTRIES)
    domains = forms.several(fields.Nested(DomainForm), least=1, most=MOST_DOMAINS)
    whole_life = fields.Dict(
        keys=forms.name(), values=forms.note_or_none(), load_default=None, allow_none=True
    )


class AgreementForm(Form):
    """The person or a funder agrees with what was written of a domain."""

    party = forms.said_as(*PARTIES, what="who agrees")


class DisputeForm(Form):
    """The person or a funder does not agree."""

    party = forms.said_as(*PARTIES, what="who disputes")
    reasons = forms.note()


class SharesForm(Form):
    """Who pays which part, in basis points."""

    nhs = forms.whole(at_least=0, at_most=BASIS_POINTS)
    council = forms.whole(at_least=0, at_most=BASIS_POINTS)


class DecideDisputeForm(Form):
    """A dispute is settled, with reasons."""

    shares = forms.part_or_none(SharesForm, metadata={"description": "of a dispute of funders"})
    reasons = forms.note()


class PreventiveEffectForm(Form):
    """Why less is right although present support may be what works."""

    domains = forms.several(forms.name(), most=MOST_DOMAINS)
    what_support_prevents = forms.note()
    what_if_it_ended = forms.note()
    why_less_is_right = forms.note()


class ShowingForm(Form):
    """The person has seen the statement, and says something to it."""

    shown_on = forms.day()
    person_words = forms.note()
    interpreter = forms.name_or_none()


class QuestionnaireSchema(Schema):
    """One published questionnaire."""

    name = fields.String()
    active_from = fields.String()
    domains = fields.Dict()
    levels = fields.List(fields.String())
    reliably = fields.List(fields.String())
    whole_life = fields.List(fields.String())


ContributionStateSchema = forms.answer(
    "ContributionStateSchema",
    contribution_id=fields.UUID(),
    referral_id=fields.UUID(),
    is_agreed=fields.Boolean(),
    is_waiting_for_referral=fields.Boolean(),
)
PositionStateSchema = forms.answer("PositionStateSchema", ["domain"], referral_id=fields.UUID())
DisputeStateSchema = forms.answer("DisputeStateSchema", ["state"], dispute_id=fields.UUID())
StatementStateSchema = forms.answer(
    "StatementStateSchema",
    statement_id=fields.UUID(),
    referral_id=fields.UUID(),
    is_shown=fields.Boolean(),
)
