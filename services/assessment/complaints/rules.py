"""Who may answer and who may read a complaint: nobody it may be about."""

import enum
from collections.abc import Collection, Mapping
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

# The NHS and councils acknowledge within three working days (Local Authority Social Services and
# National Health Service Complaints (England) Regulations 2009, SI 2009/309, reg. 13; to be
# confirmed). The acknowledgement here is the event, at once. By when a complaint is answered is
# local policy, to be confirmed.
ANSWER_WITHIN_WORKING_DAYS = 25

HANDLER = "complaints_officer"


class ComplaintState(enum.StrEnum):
    MADE = "made"
    ANSWERED = "answered"


# What may be done with a complaint in which state, and the state after it. Not listed is refused.
TRANSITIONS: Mapping[tuple[ComplaintState, str], ComplaintState] = {
    (ComplaintState.MADE, "answer"): ComplaintState.ANSWERED,
}


class ComplaintAnsweredError(Refusal):
    """The complaint was answered."""

    code = "complaint_answered"
    next_step: ClassVar[str] = "Read the answer; a new complaint gets a new id."


class ComplaintNotForCareTeamError(Refusal):
    """Whoever works with the person neither answers nor reads a complaint about it."""

    code = "complaint_not_for_care_team"
    next_step: ClassVar[str] = (
        "Ask the complaints officer: they say what the person agreed to share."
    )


class ComplaintReaderError(Refusal):
    """Only the person and the complaints officer read a complaint."""

    code = "complaint_not_yours_to_read"
    next_step: ClassVar[str] = "Ask the complaints officer."


def state_after(state: ComplaintState, command: str) -> ComplaintState:
    """Return the state after ``command``.

    Raises:
        ComplaintAnsweredError: it was answered.
    """
    after = TRANSITIONS.get((state, command))
    if after is None:
        raise ComplaintAnsweredError("This complaint was answered.", state=state.value)
    return after


def check_outside(staff_id: UUID, *, team_ids: Collection[UUID], field: str) -> None:
    """Refuse whoever works or worked with the person to have to do with their complaint."""
    if staff_id in team_ids:
        raise ComplaintNotForCareTeamError("They are or were in the care team.", field=field)


def check_reader(
    *,
    reader_id: UUID,
    reader_role: str,
    person_id: UUID,
    team_ids: Collection[UUID],
    may_team_read: bool,
) -> None:
    """Refuse to show a complaint to whoever may not read it.

    Args:
        reader_id: who wants to read.
        reader_role: as what.
        person_id: whose complaint it is.
        team_ids: who works or worked with the person.
        may_team_read: the person agreed that the care team reads it.
    """
    if reader_id == person_id:
        return
    if reader_id in team_ids:
        if not may_team_read:
            raise ComplaintNotForCareTeamError("They are in the care team.", field="reader_id")
        return
    if reader_role != HANDLER:
        raise ComplaintReaderError("This role reads no complaints.", field="reader_role")
