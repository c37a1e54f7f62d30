"""What is done to sign a plan, and what an edit does to signatures."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.people.models import TeamMembership
from services.assessment.people.rules import TeamRole
from services.assessment.referrals.models import Referral
from services.assessment.representatives.models import Representative
from services.assessment.representatives.rules import Scope
from services.assessment.signatures import rules
from services.assessment.signatures.commands import SignPlan
from services.assessment.signatures.models import Signature
from services.assessment.signatures.rules import SigningRole
from services.assessment.support_plans.models import Plan, PlanVersion
from shared.contracts.assessment.signatures import PlanSigned, SignaturesVoided
from shared.messaging import outbox
from shared.trace import Trace


def sign(
    command: SignPlan,
    *,
    plan: Plan,
    referral: Referral,
    session: Session,
    trace: Trace,
) -> list[Signature]:
    """Add one of the three signatures, and return all that count.

    Raises:
        ContentDiffersError, SignatoryNotInRoleError, AlreadySignedError: not a signature.
        CapacityBasisMissingError, CapacityNotInQuestionError, RepresentativeInCareTeamError:
            nobody signs in the person's place like that.
    """
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    signatures = Signature.valid(plan.plan_id, plan.version, session=session)
    rules.check_signature(
        role=command.role,
        signatory_id=command.signatory_id,
        rightful_id=_who_may_sign(command, referral.person_id, session=session, trace=trace),
        signed={signature.role: signature.signatory_id for signature in signatures},
        signed_sha256=command.content_sha256,
        content_sha256=version.content_sha256,
    )
    signature = Signature(signed_at=trace.at, **asdict(command))
    session.add(signature)
    outbox.add(session, _signed(signature, referral, trace=trace), trace=trace)
    signatures.append(signature)
    if not rules.missing_roles([one.role for one in signatures]):
        deadlines.meet(session, stage=Stage.SIGNATURE, about_id=plan.plan_id, trace=trace)
    return signatures


def _who_may_sign(
    command: SignPlan, person_id: UUID, *, session: Session, trace: Trace
) -> UUID | None:
    """Return who may sign for a role now: whoever has it, or who represents the person."""
    team = TeamMembership.present(person_id, session=session)
    if command.role != SigningRole.PERSON:
        role = TeamRole(command.role)
        return next((member.staff_id for member in team if member.role == role), None)
    is_represented = command.signatory_id != person_id
    rightful_id = person_id
    if is_represented and _represents(
        command.signatory_id, person_id, session=session, trace=trace
    ):
        rightful_id = command.signatory_id
    rules.check_capacity(
        is_represented=is_represented,
        capacity_basis=command.capacity_basis,
        is_in_care_team=command.signatory_id in {member.staff_id for member in team},
    )
    return rightful_id


def _represents(signatory_id: UUID, person_id: UUID, *, session: Session, trace: Trace) -> bool:
    """Tell whether somebody may sign plans for a person today."""
    in_scope = Representative.in_scope(person_id, Scope.SIGN_PLAN, trace.today, session=session)
    return signatory_id in {one.representative_id for one in in_scope}


def _signed(signature: Signature, referral: Referral, *, trace: Trace) -> PlanSigned:
    return PlanSigned(
        occurred_at=trace.at,
        plan_id=signature.plan_id,
        person_id=referral.person_id,
        version=signature.version,
        role=signature.role,
        content_sha256=signature.content_sha256,
        is_by_representative=signature.capacity_basis is not None,
    )


def void(
    plan_id: UUID, version: int, *, referral: Referral, session: Session, trace: Trace
) -> Sequence[SigningRole]:
    """Void every signature over an earlier version of a plan, and tell of it if there was one."""
    voided = Signature.valid(plan_id, version, session=session)
    for signature in voided:
        signature.voided_at = trace.at
    deadlines.meet(session, stage=Stage.SIGNATURE, about_id=plan_id, trace=trace)
    if voided:
        told = SignaturesVoided(
            occurred_at=trace.at,
            plan_id=plan_id,
            person_id=referral.person_id,
            version=version,
            roles=[signature.role for signature in voided],
        )
        outbox.add(session, told, trace=trace)
    return [signature.role for signature in voided]
