"""What can be asked about records that are opened in an emergency."""

from dataclasses import dataclass
from uuid import UUID

from services.assessment.emergencies.rules import Answer, Finding, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecordInEmergency:
    """Somebody who does not work with a person has to read their record now."""

    access_id: UUID  # chosen by the caller, so that a repeat is recognised
    person_id: UUID | None
    nhs_number: str | None  # whoever meets somebody in a crisis has this and no id of ours
    opened_by: UUID
    opened_by_role: str
    organisation: str
    reason: Reason
    words: str  # for whoever reviews it; the person is told the reason alone
    second_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEmergencyAccess:
    """The second person says whether it was right."""

    access_id: UUID
    answered_by: UUID
    answer: Answer
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEmergencyAccess:
    """The information officer of the body for which it was opened says what they found."""

    access_id: UUID
    reviewed_by: UUID
    organisation: str
    finding: Finding
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswerAsked:
    """Somebody asks for which openings they were named as the second person."""

    second_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccessesAsked:
    """An information officer asks what was opened for their organisation."""

    organisation: str
    is_reviewed: bool
