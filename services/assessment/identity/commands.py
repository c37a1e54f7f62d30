"""What can be asked about two records that may be one person."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePeople:
    """They are one person: from now on there is one record, under both ids."""

    question_id: UUID
    kept_person_id: UUID
    answered_by: UUID
    answered_by_role: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepApart:
    """They are two people, who are alike."""

    question_id: UUID
    answered_by: UUID
    answered_by_role: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityQuestionAsked:
    """Whoever has to answer looks at both records."""

    question_id: UUID
