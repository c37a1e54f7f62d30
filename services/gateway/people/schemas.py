"""What goes in and comes out about people, who acts for them and what they agreed to."""

from marshmallow import Schema, fields, validate

from services.gateway import forms, strict
from services.gateway.schemas import Form

SCOPES = ("sign_plan", "manage_money", "receive_messages", "speak_for")
KINDS = ("nominee", "attorney", "deputy", "appointee", "advocate", "executor")
PURPOSES = ("assessment", "support_plan", "quote")
HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _hour() -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Regexp(HOUR))


class FindPersonForm(Form):
    """Look for a person by one identifier."""

    nhs_number = forms.name_or_none()
    council_client_id = forms.name_or_none()


class AccessibleNeedsForm(Form):
    """How a person takes in what they are told, as they said when they were asked."""

    asked_on = forms.day()
    interpreter_required = forms.yes_or_no()
    accessible_format = forms.name_or_none()
    communication_support = forms.name_or_none()
    may_be_shared = forms.yes_or_no()
    review_on = forms.day()


class SafeContactForm(Form):
    """By which ways and between which hours it is safe to reach a person, as they said."""

    said_on = forms.day()
    safe_to_text = forms.yes_or_no()
    safe_to_email = forms.yes_or_no()
    safe_to_post = forms.yes_or_no()
    safe_to_ring = forms.yes_or_no()
    safe_from = _hour()
    safe_until = _hour()
    words = forms.note_or_none()


class AppointRepresentativeForm(Form):
    """Somebody may act for a person from a day on."""

    representative_id = forms.id_of()
    kind = forms.choice(*KINDS)
    name = forms.name()
    scopes = forms.several(forms.choice(*SCOPES), least=1, most=len(SCOPES))
    basis = forms.note(metadata={"description": "the document, or their words; seen when, by whom"})
    starts_on = forms.day()
    ends_on = forms.day_or_none()
    email = forms.name_or_none()
    mobile = forms.name_or_none()
    nhs_number = forms.name_or_none(
        metadata={"description": "their own, by which they sign in; it is shown to nobody"}
    )


class EndRepresentativeForm(Form):
    """Somebody acts for a person no longer."""

    ended_on = forms.day()
    reason = forms.note()


class ConsentForm(Form):
    """The person agrees to one purpose for one organisation."""

    purpose = forms.choice(*PURPOSES)
    organisation = forms.name()
    given_on = forms.day()
    ends_on = forms.day_or_none()
    evidence = forms.note(metadata={"description": "how they said so, and where that is kept"})


class WithdrawalForm(Form):
    """The person agrees no longer."""

    purpose = forms.choice(*PURPOSES)
    organisation = forms.name()
    withdrawn_on = forms.day()
    evidence = forms.note()


class RepresentedSchema(Schema):
    """Somebody for whom they act, and in what."""

    person_id = fields.UUID()
    given_name = fields.String()
    family_name = fields.String()
    kind = fields.String()
    scopes = fields.List(fields.String())
    ends_on = fields.String(allow_none=True, metadata={"description": "the last day"})


FoundSchema = forms.answer("FoundSchema", person_id=fields.UUID(allow_none=True))
PersonStateSchema = forms.answer(
    "PersonStateSchema", person_id=fields.UUID(), version=fields.Integer()
)
AppointmentSchema = forms.answer("AppointmentSchema", appointment_id=fields.UUID())
EndedAppointmentSchema = forms.answer(
    "EndedAppointmentSchema", ["ended_on"], appointment_id=fields.UUID()
)
ConsentStateSchema = forms.answer("ConsentStateSchema", consent_id=fields.UUID())
WithdrawalSchema = forms.answer("WithdrawalSchema", ["withdrawn_on"], withdrawal_id=fields.UUID())


# from is a word of the language, so that it cannot be an attribute of a class.
SafeContactSchema = Schema.from_dict(
    {
        **dict.fromkeys(("text", "email", "post", "ring"), strict.Flag(allow_none=True)),
        **dict.fromkeys(("said_on", "from", "until", "words"), fields.String(allow_none=True)),
    },
    name="SafeContactSchema",
)


class MemberSchema(Schema):
    """Who has a role in a care team, and since when."""

    role = fields.String()
    staff_id = fields.UUID()
    name = fields.String()
    organisation = fields.String()
    employer = fields.String()
    since = fields.String()
    ends_on = fields.String(allow_none=True)


class FormerMemberSchema(Schema):
    """Who had a role in a care team, and until when."""

    role = fields.String()
    staff_id = fields.UUID()
    name = fields.String()
    organisation = fields.String()
    employer = fields.String()
    since = fields.String()
    until = fields.String()


class PersonSchema(Schema):
    """A person as somebody on their case may read them."""

    person_id = fields.UUID()
    given_name = fields.String()
    family_name = fields.String()
    birth_date = fields.String()
    language = fields.String()
    is_interpreter_required = fields.Boolean()
    accessible_format = fields.String(allow_none=True)
    communication_support = fields.String(allow_none=True)
    needs_asked_on = fields.String(allow_none=True)
    may_share_needs = fields.Boolean(allow_none=True)
    needs_review_on = fields.String(allow_none=True)
    preferred_channel = fields.String()
    safe_contact = fields.Nested(SafeContactSchema)
    ethnic_category = fields.String()
    also_known_by = fields.List(fields.UUID())
    contact_version = fields.Integer()
    care_team = fields.List(fields.Nested(MemberSchema))
    care_team_before = fields.List(fields.Nested(FormerMemberSchema))


class ConsentSchema(Schema):
    """To what a person agreed, for which body."""

    purpose = fields.String()
    organisation = fields.String()
    given_on = fields.String()
    ends_on = fields.String(allow_none=True)
    evidence = fields.String()
    withdrawn_on = fields.String(allow_none=True)


class RepresentativeSchema(Schema):
    """Who acts or acted for a person."""

    appointment_id = fields.UUID()
    representative_id = fields.UUID()
    kind = fields.String()
    name = fields.String()
    scopes = fields.List(fields.String())
    basis = fields.String()
    starts_on = fields.String()
    ends_on = fields.String(allow_none=True)
    end_reason = fields.String(allow_none=True)
