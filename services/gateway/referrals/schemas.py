"""What goes in and comes out about referrals."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form

SOURCES = ("nhs", "council", "voluntary_sector", "family", "person")
CHANNELS = ("sms", "email", "letter")
MOST_ENTRIES = 20


class PersonForm(Form):
    """A person as a referral describes them."""

    nhs_number = forms.name_or_none()
    council_client_id = forms.name_or_none()
    given_name = forms.name()
    family_name = forms.name()
    birth_date = forms.day()
    address_lines = forms.several(
        forms.name(), least=1, most=8, metadata={"description": "the last one is the postcode"}
    )
    ethnic_category = forms.name(metadata={"description": "a category of the 2001 census, or Z"})
    language = forms.name()
    interpreter_required = forms.yes_or_no()
    accessible_format = forms.name_or_none()
    mobile = forms.name_or_none()
    email = forms.name_or_none()
    preferred_channel = forms.choice(*CHANNELS)
    safe_to_text = forms.yes_or_no()


class ReceiveReferralForm(Form):
    """Somebody asks for a budget for a person."""

    source = forms.said_as(*SOURCES, what="who asks")
    organisation = forms.said_as(
        allow_none=True, what="which body asks; null where the person or their family does"
    )
    relation = forms.name_or_none(metadata={"description": "of family and friends"})
    heard_from = forms.note_or_none()
    basis = forms.name()
    condition_group = forms.name()
    urgency = forms.choice("routine", "urgent")
    received_on = forms.day()
    consent_to_share = forms.yes_or_no()
    person = forms.part(PersonForm)


class DiscussionForm(Form):
    """Somebody talked with a person about having a budget, or says why they did not."""

    outcome = forms.choice("offered", "declined", "not_discussed")
    held_on = forms.day()
    because = forms.note_or_none()
    person_words = forms.note_or_none()
    signposted_to = forms.note_or_none()


class RefuseReferralForm(Form):
    """A budget is refused before any assessment, with everything that a refusal needs."""

    reason = forms.choice("lives_elsewhere", "has_a_budget", "not_appropriate")
    because = forms.note()
    evidence = forms.several(forms.note(), least=1, most=MOST_ENTRIES)
    alternatives = forms.several(forms.note(), least=1, most=MOST_ENTRIES)
    appeal_route = forms.note()


class ReferralStateSchema(Schema):
    """Where a referral is, and by when the person has an answer."""

    referral_id = fields.UUID()
    person_id = fields.UUID()
    answer_due_on = fields.String()


DiscussionStateSchema = forms.answer("DiscussionStateSchema", discussion_id=fields.UUID())
RefusedReferralSchema = forms.answer(
    "RefusedReferralSchema", ["outcome"], referral_id=fields.UUID(), refusal_id=fields.UUID()
)


class ReferralSchema(Schema):
    """A referral as somebody on the case may read it."""

    referral_id = fields.UUID()
    source = fields.String()
    relation = fields.String(allow_none=True)
    organisation = fields.String(allow_none=True)
    basis = fields.String()
    condition_group = fields.String()
    urgency = fields.String()
    received_on = fields.String()
    received_at = fields.String()
    answer_due_on = fields.String()
    outcome = fields.String()


class DiscussionSchema(Schema):
    """When a budget was talked about, or why it was not."""

    outcome = fields.String()
    held_on = fields.String()
    by_role = fields.String()
    because = fields.String(allow_none=True)
    person_words = fields.String(allow_none=True)
    signposted_to = fields.String(allow_none=True)


class RefusalOfReferralSchema(Schema):
    """A refusal before any assessment, and everything that was said of it."""

    refusal_id = fields.UUID()
    decider_id = fields.UUID()
    reason = fields.String()
    because = fields.String()
    evidence = fields.List(fields.String())
    alternatives = fields.List(fields.String())
    appeal_route = fields.String()
    refused_at = fields.String()
