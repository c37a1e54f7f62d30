"""What goes in and comes out about people, who acts for them and what they agreed to."""

from marshmallow import fields, validate

from services.gateway import forms
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
