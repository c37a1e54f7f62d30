"""Why two records may be one person, and how that is answered."""

import enum
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

INFORMATION_OFFICER = "information_officer"
# Local policy, to be confirmed by whoever runs this: no law sets the figure.
ANSWER_WITHIN_WORKING_DAYS = 5


class Suspicion(enum.StrEnum):
    ALIKE = "alike"  # the same name, birth date and postcode
    CONTRADICTORY = "contradictory"  # the identifiers of one referral belong to different people


class Answer(enum.StrEnum):
    MERGED = "merged"
    KEPT_APART = "kept_apart"


class QuestionAnsweredError(Refusal):
    """Somebody has answered, and otherwise."""

    code = "identity_question_answered"
    next_step: ClassVar[str] = "Look at the question: it says who answered what, and why."


class KeptNotOfPairError(Refusal):
    """The record to keep is none of the two."""

    code = "kept_not_of_pair"
    next_step: ClassVar[str] = "Name one of the two people of the question in kept_person_id."


def pair(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Return two ids in the order in which a pair is kept."""
    return (one, other) if one < other else (other, one)


def check_open(*, is_answered: bool, is_same: bool) -> None:
    """Refuse another answer; the same one again changes nothing.

    Raises:
        QuestionAnsweredError: it has another answer.
    """
    if is_answered and not is_same:
        raise QuestionAnsweredError("This question has been answered.")


def merged_id(kept_id: UUID, *, of: tuple[UUID, UUID]) -> UUID:
    """Return which record of a pair is merged into the one that is kept.

    Raises:
        KeptNotOfPairError: the one to keep is none of the two.
    """
    if kept_id not in of:
        raise KeptNotOfPairError("This is none of the two.", field="kept_person_id")
    return of[0] if kept_id == of[1] else of[1]
