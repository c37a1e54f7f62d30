"""The addresses of people."""

from services.gateway.people import schemas
from services.gateway.routes import do, read, search
from services.gateway.subjects import Subject

_ONE = "/people/<uuid:person_id>"

PEOPLE = Subject(
    name="people",
    says="How people are reached and told, who acts for them, what they agreed to",
    routes=(
        search(
            "/people/search",
            "assessment.find_person",
            schemas.FindPersonForm,
            "Find a person by their NHS number, or by the council's number for them",
            gives=schemas.FoundSchema,
        ),
        do(
            f"{_ONE}/accessible-needs",
            "assessment.record_accessible_needs",
            schemas.AccessibleNeedsForm,
            "Record how a person takes in what they are told",
            gives=schemas.PersonStateSchema,
        ),
        do(
            f"{_ONE}/safe-contact",
            "assessment.record_safe_contact",
            schemas.SafeContactForm,
            "Record by which ways and when it is safe to reach a person",
            gives=schemas.PersonStateSchema,
        ),
        do(
            f"{_ONE}/representatives",
            "assessment.appoint_representative",
            schemas.AppointRepresentativeForm,
            "Record that somebody may act for a person",
            gives=schemas.AppointmentSchema,
            new="appointment_id",
        ),
        read(
            "/me/represented",
            "assessment.represented",
            schemas.RepresentedSchema,
            "For whom you act: whose record you ask for says for whom of them",
            is_list=True,
            fills={"representative_id": "id"},
        ),
        do(
            "/representatives/<uuid:appointment_id>/end",
            "assessment.end_representative",
            schemas.EndRepresentativeForm,
            "Record that somebody acts for a person no longer",
            gives=schemas.EndedAppointmentSchema,
        ),
        do(
            f"{_ONE}/consents",
            "assessment.record_consent",
            schemas.ConsentForm,
            "Record to what a person agreed: the body may follow their case while it lasts",
            gives=schemas.ConsentStateSchema,
            new="consent_id",
        ),
        do(
            f"{_ONE}/consents/withdrawal",
            "assessment.withdraw_consent",
            schemas.WithdrawalForm,
            "Record that a person agrees no longer",
            gives=schemas.WithdrawalSchema,
            new="withdrawal_id",
        ),
    ),
)
