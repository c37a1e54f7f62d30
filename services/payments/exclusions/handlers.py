"""Proposing and approving exclusions: two people, and a trial between them."""

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.exclusions import rules
from services.payments.exclusions.commands import ApproveExclusion, ProposeExclusion
from services.payments.exclusions.models import ExclusionTrial, KeptExclusion
from services.payments.exclusions.rules import Exclusion
from services.payments.exclusions.shipped import SHIPPED
from services.payments.limits.rules import see_that_two_decide
from shared.errors import IdReusedError
from shared.trace import Trace


def propose_exclusion(
    command: ProposeExclusion, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a proposal, once for each ``exclusion_id``; it applies to nothing yet.

    Raises:
        IdReusedError: ``exclusion_id`` was used for another one.
        UnknownExclusionError: what it lifts is not known.
        ExclusionInThePastError, PlanOnlyError: it cannot be proposed.
    """
    said = asdict(command)
    earlier = session.get(KeptExclusion, command.exclusion_id)
    if earlier is not None:
        if any(getattr(earlier, name) != value for name, value in said.items()):
            raise IdReusedError("Another exclusion has this id.")
        return _answer(earlier)
    if any(one.exclusion_id == command.exclusion_id for one in SHIPPED):
        raise IdReusedError("Another exclusion has this id.")
    proposed = KeptExclusion(**said, proposed_at=trace.at)
    rules.check_proposal(
        proposed.as_rule(), lifted=_lifted(command.lifts, session=session), today=trace.today
    )
    session.add(proposed)
    return _answer(proposed)


def approve_exclusion(
    command: ApproveExclusion, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Let a proposal apply from its day on, once.

    Raises:
        UnknownExclusionError: nobody proposed it.
        AlreadyApprovedError: somebody else approved it, or by another trial.
        SamePersonError, TrialNeededError: it cannot be approved so.
        ExclusionInThePastError: its day has passed meanwhile.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("exclusions"))))
    proposed = locked(command.exclusion_id, session=session)
    if proposed.approved_by is not None:
        if (proposed.approved_by, proposed.trial_id) != (command.approved_by, command.trial_id):
            raise rules.AlreadyApprovedError("This exclusion was approved.")
        return _answer(proposed)
    trial = session.get(ExclusionTrial, command.trial_id)
    is_of_this = trial is not None and trial.exclusion_id == proposed.exclusion_id
    see_that_two_decide(asked_by=proposed.set_by, decided_by=command.approved_by)
    rules.check_trial(
        tried_at=trial.tried_at if trial is not None and is_of_this else None,
        at=trace.at,
    )
    rules.check_proposal(
        proposed.as_rule(), lifted=_lifted(proposed.lifts, session=session), today=trace.today
    )
    place = (session.scalar(select(func.max(KeptExclusion.place))) or 0) + 1
    proposed.approved_by = command.approved_by
    proposed.approved_at = trace.at
    proposed.trial_id = command.trial_id
    proposed.place = place
    return _answer(proposed)


def locked(exclusion_id: UUID, *, session: Session) -> KeptExclusion:
    """Return an exclusion that nobody else changes meanwhile.

    Raises:
        UnknownExclusionError: there is none.
    """
    found = session.get(KeptExclusion, exclusion_id, with_for_update=True)
    if found is None:
        raise rules.UnknownExclusionError("Nobody proposed such an exclusion.")
    return found


def _lifted(exclusion_id: UUID | None, *, session: Session) -> Exclusion | None:
    if exclusion_id is None:
        return None
    for one in SHIPPED:
        if one.exclusion_id == exclusion_id:
            return one
    kept = session.get(KeptExclusion, exclusion_id)
    if kept is None:
        raise rules.UnknownExclusionError("There is no exclusion that this could lift.")
    return kept.as_rule()


def _answer(one: KeptExclusion) -> Mapping[str, object]:
    return {"exclusion_id": one.exclusion_id, "is_approved": one.approved_by is not None}
