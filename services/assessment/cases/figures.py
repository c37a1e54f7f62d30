"""How often a case did not go smoothly, and what came of it."""

from collections.abc import Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.assessment.appeals.models import Appeal
from services.assessment.appeals.rules import AppealState
from services.assessment.care_team.models import WorkerChange
from services.assessment.complaints.models import Complaint
from services.assessment.consent.models import ConsentWithdrawal
from services.assessment.crisis.models import CrisisProlongation
from services.assessment.disputes.models import Dispute
from services.assessment.identity.models import IdentityQuestion
from services.assessment.identity.rules import Answer
from services.assessment.intake.models import RefusedReferral
from services.assessment.life_events.models import LifeEvent
from services.assessment.life_events.rules import EventKind
from services.assessment.preventive_effects.models import BlockedReduction, PreventiveEffect
from services.assessment.reasons.rules import DecisionOutcome
from services.assessment.sign_off.models import Decision
from services.assessment.sign_off.rules import Rung
from services.assessment.signatures.models import Signature
from services.assessment.tables import Table


def along_the_way(session: Session) -> Mapping[str, int]:
    """Return how often each thing happened, over all cases; nothing of whose they were."""
    asked = {
        "identity_questions": _all(IdentityQuestion),
        "people_merged": _all(IdentityQuestion).where(IdentityQuestion.answer == Answer.MERGED),
        "referrals_refused": _all(RefusedReferral),
        "consents_withdrawn": _all(ConsentWithdrawal),
        "worker_changes": _all(WorkerChange),
        "worker_changes_agreed": _all(WorkerChange).where(WorkerChange.is_agreed.is_(True)),
        "disputes": _all(Dispute),
        "disputes_settled": _all(Dispute).where(Dispute.settled_at.is_not(None)),
        "signed_by_representatives": _all(Signature).where(
            Signature.capacity_basis.is_not(None), Signature.voided_at.is_(None)
        ),
        "signatures_voided": _all(Signature).where(Signature.voided_at.is_not(None)),
        "plans_returned": _all(Decision).where(Decision.outcome == DecisionOutcome.RETURN),
        "plans_refused": _all(Decision).where(Decision.outcome == DecisionOutcome.REFUSE),
        "panels_asked": _all(Decision).where(Decision.rung == Rung.RISK_ENABLEMENT_PANEL),
        "appeals": _all(Appeal),
        "appeals_upheld": _all(Appeal).where(Appeal.state == AppealState.UPHELD),
        "amounts_appealed": _all(Appeal).where(Appeal.amount_version.is_not(None)),
        "complaints": _all(Complaint),
        "complaints_answered": _all(Complaint).where(Complaint.answered_at.is_not(None)),
        "reductions_held_up": _all(BlockedReduction),
        "statements_shown": _all(PreventiveEffect).where(PreventiveEffect.shown_at.is_not(None)),
        "crises_prolonged": _all(CrisisProlongation),
        "admissions": _happened(EventKind.ADMISSION),
        "discharges": _happened(EventKind.DISCHARGE),
        "moves": _happened(EventKind.MOVE),
        "deaths": _happened(EventKind.DEATH),
        "deaths_taken_back": _happened(EventKind.DEATH_CORRECTED),
    }
    counted = select(*(query.scalar_subquery() for query in asked.values()))
    return dict(zip(asked, session.execute(counted).one(), strict=True))


def _happened(kind: EventKind) -> Select[int]:
    return _all(LifeEvent).where(LifeEvent.kind == kind)


def _all(table: type[Table]) -> Select[int]:
    return select(func.count()).select_from(table)
