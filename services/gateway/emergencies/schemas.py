"""What goes in and comes out about records that are opened in an emergency."""

from marshmallow import Schema, fields

from services.gateway import forms
from services.gateway.schemas import Form, an_instant

REASONS = ("cannot_wait", "nobody_reachable", "somebody_at_risk")
ANSWERS = ("confirmed", "objected")
FINDINGS = ("justified", "not_justified")


class OpenForm(Form):
    """A record that is not theirs to read has to be read now. Give one identifier."""

    person_id = fields.UUID(load_default=None, allow_none=True)
    nhs_number = forms.name_or_none()
    reason = forms.choice(*REASONS, metadata={"description": "the person reads it, in safe words"})
    words = forms.note(metadata={"description": "for whoever reviews it, not for the person"})
    second_id = forms.id_of(
        metadata={"description": "a colleague of your organisation, who is asked if it was right"}
    )


class AnswerForm(Form):
    """Whether it was right."""

    answer = forms.choice(*ANSWERS)
    words = forms.note()


class ReviewForm(Form):
    """What was found."""

    finding = forms.choice(*FINDINGS)
    words = forms.note()


class EmergencyAccessesQuery(Schema):
    """Which are listed."""

    is_reviewed = fields.Boolean(load_default=False)


class OpenedSchema(Schema):
    """Until when the record is open, and where to read on."""

    access_id = fields.UUID()
    person_id = fields.UUID()
    referral_ids = fields.List(fields.UUID(), metadata={"description": "their cases, newest first"})
    ends_at = an_instant()
    answer_due_at = an_instant()


class AnsweredSchema(Schema):
    access_id = fields.UUID()
    answer = fields.String()
    ends_at = an_instant()


class ReviewedSchema(Schema):
    access_id = fields.UUID()
    finding = fields.String()


class EmergencyAccessSchema(Schema):
    """One opening: who, whose record, why and until when."""

    access_id = fields.UUID()
    person_id = fields.UUID()
    opened_by = fields.UUID()
    opened_by_role = fields.String()
    organisation = fields.String()
    reason = fields.String()
    words = fields.String()
    opened_at = an_instant()
    ends_at = an_instant()
    answer_due_at = an_instant()


class ReviewedAccessSchema(EmergencyAccessSchema):
    """One opening, with what the second person and the information officer say of it."""

    second_id = fields.UUID()
    answer = fields.String(allow_none=True)
    answer_words = fields.String(allow_none=True)
    answered_at = fields.String(allow_none=True)
    is_answer_late = fields.Boolean()
    reviewed_by = fields.UUID(allow_none=True)
    finding = fields.String(allow_none=True)
    review_words = fields.String(allow_none=True)
    reviewed_at = fields.String(allow_none=True)
