"""Who may open a record that is not theirs, with whom beside them, and for how long."""

import enum
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

# Local policy, to be confirmed by whoever runs this: no law sets the figures.
LASTS = timedelta(hours=24)
ANSWER_WITHIN = timedelta(hours=72)
MOST_OPEN = 5  # records that one member of staff holds open at once

# What follows from an opening, beside the reading: who may answer it, and whose officers review it.
SECOND_PERSON = "second_person"
REVIEWING = "reviews_emergencies"


class Reason(enum.StrEnum):
    """Why it could not wait. The person reads it, in words that are safe to be seen."""

    CANNOT_WAIT = "cannot_wait"
    NOBODY_REACHABLE = "nobody_reachable"
    SOMEBODY_AT_RISK = "somebody_at_risk"


class Answer(enum.StrEnum):
    """What the second person says of it."""

    CONFIRMED = "confirmed"
    OBJECTED = "objected"


class Finding(enum.StrEnum):
    """What the information officer found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


class SecondPersonError(Refusal):
    """The second person is whoever opens the record, or nobody whom we know at their body."""

    code = "second_person_unfit"
    next_step: ClassVar[str] = (
        "Name a colleague of your own organisation who is in somebody's care team."
    )


class WorksWithThemError(Refusal):
    """Whoever works with a person needs no emergency to read their record."""

    code = "works_with_them"
    next_step: ClassVar[str] = "Open the record as usual: you are in the care team."


class AlreadyOpenError(Refusal):
    """They have opened this record, and may still read it."""

    code = "already_open"
    next_step: ClassVar[str] = "Read the record; when the time is over, open it again."


class TooManyOpenError(Refusal):
    """They hold more records open than anybody needs in an emergency."""

    code = "too_many_open"
    next_step: ClassVar[str] = "Wait until one of them has ended, or let a colleague open it."


class ObjectedError(Refusal):
    """A second person objected to their reading this record, and nobody has looked at that yet."""

    code = "objected"
    next_step: ClassVar[str] = "Ask your information officer."


class NotSecondPersonError(Refusal):
    """Somebody else was named as the second person."""

    code = "not_second_person"
    next_step: ClassVar[str] = "Let whoever was named answer."


class EmergencyAnsweredError(Refusal):
    """The second person has said something else before, or it has been reviewed."""

    code = "emergency_answered"
    next_step: ClassVar[str] = "Tell the information officer."


class ReviewerInvolvedError(Refusal):
    """Nobody reviews what they did, or what they were the second person for."""

    code = "reviewer_involved"
    next_step: ClassVar[str] = "Let another information officer review it."


class EmergencyReviewedError(Refusal):
    """It has been reviewed, with another finding."""

    code = "emergency_reviewed"
    next_step: ClassVar[str] = "Read the list with is_reviewed: it says what was found."


def check_second(second_id: UUID, *, opened_by: UUID, is_known: bool) -> None:
    """Make sure that there are two, and that the second can be told.

    Args:
        second_id: who is named.
        opened_by: who opens the record.
        is_known: the second is in somebody's care team for the same organisation.

    Raises:
        SecondPersonError: it is themselves, or nobody we know there.
    """
    if second_id == opened_by or not is_known:
        raise SecondPersonError("This is no second person.", field="second_id")


def check_few(*, open_now: int) -> None:
    """Refuse to open one more record than anybody needs.

    Raises:
        TooManyOpenError: they hold too many.
    """
    if open_now >= MOST_OPEN:
        raise TooManyOpenError("These are many records at once.", open_now=open_now)


def check_closed(
    opened_by: UUID, *, team_ids: Collection[UUID], is_open: bool, is_objected: bool
) -> None:
    """Refuse what is not needed, or was objected to.

    Args:
        opened_by: who opens the record.
        team_ids: who works with the person.
        is_open: they hold this record open now.
        is_objected: a second person objected to it, and that waits for a review.

    Raises:
        WorksWithThemError, AlreadyOpenError, ObjectedError: it is so.
    """
    if opened_by in team_ids:
        raise WorksWithThemError("You work with this person.")
    if is_objected:
        raise ObjectedError("Your last reading of this record was objected to.")
    if is_open:
        raise AlreadyOpenError("This record is open to you.")


def check_answer(
    answered_by: UUID, *, second_id: UUID, is_answered: bool, is_reviewed: bool, is_same: bool
) -> None:
    """Make sure that the second person answers, once.

    Raises:
        NotSecondPersonError: it is somebody else.
        EmergencyAnsweredError: there is another answer, or a finding.
    """
    if answered_by != second_id:
        raise NotSecondPersonError("Somebody else was named.", field="answered_by")
    if is_same:
        return
    if is_answered or is_reviewed:
        raise EmergencyAnsweredError("This was answered, or reviewed.")


def check_review(
    reviewed_by: UUID, *, involved: Collection[UUID], is_reviewed: bool, is_same: bool
) -> None:
    """Make sure that somebody reviews it who had no hand in it, once.

    Raises:
        ReviewerInvolvedError: they opened it, or were the second person.
        EmergencyReviewedError: there is another finding.
    """
    if reviewed_by in involved:
        raise ReviewerInvolvedError("They had a hand in it.", field="reviewed_by")
    if is_reviewed and not is_same:
        raise EmergencyReviewedError("This was reviewed.")


def is_answer_late(*, is_answered: bool, answer_due_at: datetime, at: datetime) -> bool:
    """Tell whether the second person has said nothing in time."""
    return not is_answered and at > answer_due_at
