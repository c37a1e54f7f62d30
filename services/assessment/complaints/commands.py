"""What can be asked about complaints."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeComplaint:
    """The person, or somebody for them, is not content with how they were treated."""

    complaint_id: UUID  # chosen by the caller, so that a repeat is recognised
    person_id: UUID
    made_by_role: str
    words: str  # as they were said
    wants: str | None  # what would put it right
    may_team_read: bool  # the person agrees that the care team reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComplaint:
    """Somebody outside the care team answers."""

    complaint_id: UUID
    handler_id: UUID
    answer: str
    next_route: str  # the ombudsman, where the person is not content with the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAsked:
    """Somebody wants to read a complaint."""

    complaint_id: UUID
    reader_id: UUID
    reader_role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellLate:
    """A complaint was not answered in time."""

    complaint_id: UUID
