"""What can be recorded of a person's life."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EstateContact:
    """Who looks after what a person left."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath:
    """A person has died."""

    event_id: UUID  # chosen by whoever reports it, so that a repeat is recognised
    person_id: UUID
    died_on: date
    source: str  # an organisation, or a role: who says so
    estate: EstateContact | None  # None while nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDeath:
    """A death was recorded wrongly: the person lives."""

    event_id: UUID  # chosen by whoever corrects it, so that a repeat is recognised
    person_id: UUID
    source: str  # an organisation, or a role: who says so
    reason: str  # how it came about


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAdmission:
    """A person is in hospital."""

    event_id: UUID
    person_id: UUID
    admitted_on: date
    source: str
    expected_discharge_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDischarge:
    """A person has left hospital."""

    event_id: UUID
    person_id: UUID
    discharged_on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMove:
    """A person moves to another area, whose organisations take over."""

    event_id: UUID
    person_id: UUID
    moves_on: date  # the first day on which they live there; it may lie ahead
    source: str
    to_area: str  # the council's name, so that the closing statement finds its reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMoved:
    """The day has come on which somebody lives elsewhere."""

    event_id: UUID
