"""What somebody looks at who has to find out whether two records are one person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.assessment.identity.commands import IdentityQuestionAsked
from services.assessment.identity.models import IdentityQuestion
from services.assessment.people import queries as people
from services.assessment.people.models import Person
from shared.errors import NotFoundError


def identity_question(asked: IdentityQuestionAsked, *, session: Session) -> Mapping[str, Any]:
    """Return both records side by side, and the answer if there is one.

    Raises:
        NotFoundError: no such question.
    """
    question = session.get(IdentityQuestion, asked.question_id)
    if question is None:
        raise NotFoundError("No such question.", question_id=str(asked.question_id))
    return {
        "question_id": question.question_id,
        "suspicion": question.suspicion,
        "asked_at": question.asked_at,
        "people": [people.shown(person_id, session=session) for person_id in question.people],
        "answer": question.answer,
        "kept_person_id": question.kept_person_id,
        "answered_by": question.answered_by,
        "reasons": question.reasons,
        "answered_at": question.answered_at,
    }


def shown(person_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each question about a person, under any id of theirs, the earliest first."""
    person = session.get_one(Person, person_id)
    ids = [one.person_id for one in person.under_every_id(session=session)]
    asked = select(IdentityQuestion).where(
        or_(IdentityQuestion.person_id.in_(ids), IdentityQuestion.other_person_id.in_(ids))
    )
    return [
        {
            "question_id": question.question_id,
            "suspicion": question.suspicion,
            "asked_at": question.asked_at,
            "answer": question.answer,
            "reasons": question.reasons,
            "answered_at": question.answered_at,
        }
        for question in session.scalars(
            asked.order_by(IdentityQuestion.asked_at, IdentityQuestion.question_id)
        )
    ]
