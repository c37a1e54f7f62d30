"""What is done about two records that may be one person."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from access import relations
from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.identity import merging, rules
from services.assessment.identity.commands import KeepApart, MergePeople
from services.assessment.identity.models import IdentityQuestion
from services.assessment.identity.rules import Answer, Suspicion
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest
from shared.contracts.assessment.people import PeopleMerged
from shared.messaging import outbox
from shared.trace import Trace


def ask(
    session: Session,
    *,
    referral: Referral,
    alike: Collection[UUID],
    contradictory: Collection[UUID],
    trace: Trace,
) -> None:
    """Let somebody find out whether the person of a referral is one of these, too.

    A pair is asked about once: whoever was kept apart stays apart. Nobody waits for the answer.
    """
    suspicions = dict.fromkeys(alike, Suspicion.ALIKE) | dict.fromkeys(
        contradictory, Suspicion.CONTRADICTORY
    )
    for other_id, suspicion in sorted(suspicions.items()):
        if IdentityQuestion.of_pair(referral.person_id, other_id, session=session) is not None:
            continue
        first, second = rules.pair(referral.person_id, other_id)
        question = IdentityQuestion(
            question_id=uuid4(),
            referral_id=referral.referral_id,
            person_id=first,
            other_person_id=second,
            suspicion=suspicion,
            asked_at=trace.at,
        )
        session.add(question)
        session.flush()
        deadlines.start(
            session,
            referral_id=referral.referral_id,
            stage=Stage.IDENTITY_QUESTION,
            about_id=question.question_id,
            role=rules.INFORMATION_OFFICER,
            due_on=working_days_after(trace.today, working_days=rules.ANSWER_WITHIN_WORKING_DAYS),
            trace=trace,
        )


def merge_people(command: MergePeople, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Make one record of two: the cases of both are the kept one's, and both ids stay theirs.

    Raises:
        NotFoundError: no such question.
        QuestionAnsweredError: it has another answer.
        KeptNotOfPairError: the record to keep is none of the two.
        InCareTeamError: who acts for the one works on the other's case.
    """
    question = _of(command.question_id, session=session)
    merged_id = rules.merged_id(command.kept_person_id, of=question.people)
    if not _is_repeat(question, command):
        kept, merged = merging.merge(
            command.kept_person_id, merged_id, session=session, trace=trace
        )
        question.kept_person_id = command.kept_person_id
        _answer(question, command, answer=Answer.MERGED, session=session, trace=trace)
        if kept is not merged:
            told = PeopleMerged(
                occurred_at=trace.at,
                person_id=kept.person_id,
                merged_person_id=merged.person_id,
                version=kept.contact_version,
            )
            relations.keep_merged(told, session=session, trace=trace)
            outbox.add(session, told, trace=trace)
    return {"question_id": question.question_id, "person_id": question.kept_person_id}


def keep_apart(command: KeepApart, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Record that they are two people. It is not asked again.

    Raises:
        NotFoundError: no such question.
        QuestionAnsweredError: it has another answer.
    """
    question = _of(command.question_id, session=session)
    if not _is_repeat(question, command):
        _answer(question, command, answer=Answer.KEPT_APART, session=session, trace=trace)
    return {"question_id": question.question_id}


def _of(question_id: UUID, *, session: Session) -> IdentityQuestion:
    """Return a question, its cases and people locked before it."""
    people = IdentityQuestion.known(question_id, session=session).people
    merging.lock(people, session=session)
    return IdentityQuestion.known(question_id, session=session)


def _is_repeat(question: IdentityQuestion, command: MergePeople | KeepApart) -> bool:
    """Tell whether it was answered so; the id is the question's and not of who answers."""
    is_answered = question.answer is not None
    is_same = question.request_sha256 == digest(command)
    rules.check_open(is_answered=is_answered, is_same=is_same)
    return is_answered


def _answer(
    question: IdentityQuestion,
    command: MergePeople | KeepApart,
    *,
    answer: Answer,
    session: Session,
    trace: Trace,
) -> None:
    question.answer, question.answered_at = answer, trace.at
    question.answered_by, question.reasons = command.answered_by, command.reasons
    question.request_sha256 = digest(command)
    deadlines.meet(
        session, stage=Stage.IDENTITY_QUESTION, about_id=question.question_id, trace=trace
    )
