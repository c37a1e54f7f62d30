"""What can be asked about representatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.representatives.rules import RepresentativeKind, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointRepresentative:
    """Somebody may act for a person from a day on."""

    appointment_id: UUID  # chosen by the sender, so that a repeat counts once
    person_id: UUID
    representative_id: UUID  # the same human in every appointment; signs with it
    kind: RepresentativeKind
    name: str
    scopes: Sequence[Scope]
    basis: str  # the document or the person's words, when seen and by whom
    starts_on: date
    ends_on: date | None  # the last day; none: until it is ended
    email: str | None
    mobile: str | None
    nhs_number: str | None = None  # their own: by it they sign in


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRepresentative:
    """Somebody acts for a person no longer."""

    appointment_id: UUID
    ended_on: date  # their last day
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindRepresentative:
    """Somebody signed in by their NHS number and is no person of ours."""

    nhs_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentedAsked:
    """A representative asks for whom they act."""

    representative_id: UUID
