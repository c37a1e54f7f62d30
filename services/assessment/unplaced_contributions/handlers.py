"""What is done with a contribution whose referral is not here, and when the referral arrives."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.intake import handlers as intake
from services.assessment.intake.commands import ReceiveReferral
from services.assessment.needs import handlers as needs
from services.assessment.needs.commands import Contribute
from services.assessment.needs.schemas import ContributeForm
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import shared_with
from services.assessment.repeats import digest, is_repeat
from services.assessment.unplaced_contributions.models import UnplacedContribution
from shared.contracts import organisations
from shared.trace import Trace


def contribute(command: Contribute, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Add what one side saw; if its referral is not here yet, keep it until it is.

    Raises:
        IdReusedError: ``contribution_id`` was used for another contribution.
        UnknownQuestionnaireError, QuestionnaireNotActiveError, UnknownDomainError,
        SeenInFutureError: it answers no questionnaire that was in use, or comes from a day to come.
    """
    needs.check(command, trace=trace)
    _one_at_a_time(command.referral_id, session=session)
    if session.get(Referral, command.referral_id) is not None:
        added = needs.contribute(command, session=session, trace=trace)
        return {**added, "is_waiting_for_referral": False}
    earlier = session.get(UnplacedContribution, command.contribution_id)
    if not is_repeat(earlier, command, field="contribution_id"):
        session.add(
            UnplacedContribution(
                contribution_id=command.contribution_id,
                referral_id=command.referral_id,
                organisation=command.organisation,
                content=ContributeForm().dump(command),
                request_sha256=digest(command),
                received_at=trace.at,
            )
        )
    return {
        "referral_id": command.referral_id,
        "is_agreed": False,
        "is_waiting_for_referral": True,
    }


def receive_referral(
    command: ReceiveReferral, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Take a referral in, and with it every contribution that waited for it.

    Raises:
        ConsentNeededError, IdReusedError, DateInFutureError, BirthDateInFutureError,
        IdentityUncertainError: see
            ``intake.handlers.receive_referral``.
    """
    _one_at_a_time(command.referral_id, session=session)
    answer = intake.receive_referral(command, session=session, trace=trace)
    session.flush()
    _place(Referral.locked(command.referral_id, session=session), session=session, trace=trace)
    return answer


def _place(referral: Referral, *, session: Session, trace: Trace) -> None:
    """Add what waits for a referral; what comes from elsewhere stays somebody's task."""
    sharing = shared_with(referral.organisation, among=organisations.current())
    for waiting in UnplacedContribution.waiting(referral.referral_id, session=session):
        if waiting.organisation not in sharing:
            continue
        contribution: Contribute = ContributeForm().load(waiting.content or {})
        needs.contribute(contribution, session=session, trace=trace)
        waiting.placed_at, waiting.content = trace.at, None


def _one_at_a_time(referral_id: Any, *, session: Session) -> None:
    """Let a contribution and its referral not pass each other: there is no row to lock yet."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(referral_id), 0))))
