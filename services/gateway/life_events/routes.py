"""The addresses of life events."""

from marshmallow import Schema

from services.gateway.life_events import schemas
from services.gateway.routes import Route, do
from services.gateway.subjects import Subject
from services.gateway.voices import THEIR_ORGANISATION, Voice

_SAYS = Voice(
    {
        **dict.fromkeys(
            ("care_coordinator", "team_manager", "practitioner"),
            (THEIR_ORGANISATION, "person", "family", "representative"),
        ),
        "partner_system": (THEIR_ORGANISATION,),
    }
)


def _record(what: str, operation: str, takes: type[Schema], says: str) -> Route:
    """Return a route by which something is recorded of a life."""
    return do(
        f"/people/<uuid:person_id>/{what}",
        f"assessment.{operation}",
        takes,
        says,
        gives=schemas.LifeEventStateSchema,
        new="event_id",
        voices={"source": _SAYS},
    )


LIFE_EVENTS = Subject(
    name="life_events",
    says="A death, a stay in hospital, a move",
    routes=(
        _record("death", "record_death", schemas.DeathForm, "Record that a person has died"),
        _record(
            "death/correction",
            "correct_death",
            schemas.CorrectionForm,
            "Take back a death that was recorded wrongly",
        ),
        _record(
            "admissions",
            "record_admission",
            schemas.AdmissionForm,
            "Record that a person is in hospital",
        ),
        _record(
            "discharges",
            "record_discharge",
            schemas.DischargeForm,
            "Record that a person has left hospital",
        ),
        _record(
            "moves",
            "record_move",
            schemas.MoveForm,
            "Record that a person moves to another area",
        ),
    ),
)
