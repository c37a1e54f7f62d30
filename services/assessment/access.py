"""Whose record a call to assessment is about: how each id leads to a person."""

from access.scope import Access, Named
from access.ways import by, itself, through
from services.assessment.appeals.models import Appeal
from services.assessment.care_team.models import WorkerChange
from services.assessment.complaints.models import Complaint
from services.assessment.crisis.models import Crisis
from services.assessment.disputes.models import Dispute
from services.assessment.emergencies.models import EmergencyAccess
from services.assessment.identity.models import IdentityQuestion
from services.assessment.intake.models import RefusedReferral
from services.assessment.life_events.models import LifeEvent
from services.assessment.preventive_effects.models import PreventiveEffect
from services.assessment.referrals.models import Referral
from services.assessment.representatives.models import Representative
from services.assessment.sign_off.models import Decision
from services.assessment.support_plans.models import Plan

_OF_REFERRAL = by(Referral.referral_id, Referral.person_id)
_OF_PLAN = through(Plan.plan_id, Plan.referral_id, _OF_REFERRAL)

ACCESS = Access(
    service="assessment",
    ways={
        "person_id": itself,
        "referral_id": _OF_REFERRAL,
        "plan_id": _OF_PLAN,
        "decision_id": through(Decision.decision_id, Decision.plan_id, _OF_PLAN),
        "refusal_id": through(
            RefusedReferral.refusal_id, RefusedReferral.referral_id, _OF_REFERRAL
        ),
        "appeal_id": through(Appeal.appeal_id, Appeal.referral_id, _OF_REFERRAL),
        "dispute_id": through(Dispute.dispute_id, Dispute.referral_id, _OF_REFERRAL),
        "request_id": through(WorkerChange.request_id, WorkerChange.referral_id, _OF_REFERRAL),
        "crisis_id": through(Crisis.crisis_id, Crisis.referral_id, _OF_REFERRAL),
        "statement_id": through(
            PreventiveEffect.statement_id, PreventiveEffect.referral_id, _OF_REFERRAL
        ),
        "question_id": through(
            IdentityQuestion.question_id, IdentityQuestion.referral_id, _OF_REFERRAL
        ),
        "amount.referral_id": _OF_REFERRAL,  # of an appeal against it
        "complaint_id": by(Complaint.complaint_id, Complaint.person_id),
        "appointment_id": by(Representative.appointment_id, Representative.person_id),
        "access_id": by(EmergencyAccess.access_id, EmergencyAccess.person_id),
        "event_id": by(LifeEvent.event_id, LifeEvent.person_id),
    },
    about_nobody=frozenset(
        {
            "approve_rule_set",
            "health",
            "propose_rule_set",
            "questionnaires",
            "receive_referral",  # whoever is referred may not be known yet
            "record_reporting_line",
            "rule_sets",
            "totals",
        }
    ),
    about_many=frozenset(
        {
            "emergency_accesses",
            "emergency_accesses_to_answer",
            "find_person",
            "find_representative",
            "open_tasks",
            "represented",
        }
    ),
    about_anybody=frozenset({"open_record_in_emergency"}),
    names_actor={
        "answered_by_role": Named.ROLE,
        "author_role": Named.ROLE,
        "emergency_accesses.organisation": Named.ORGANISATION,
        "emergency_accesses_to_answer.second_id": Named.ID,
        "open_record_in_emergency.organisation": Named.ORGANISATION,
        "opened_by_role": Named.ROLE,
        "represented.representative_id": Named.ID,
        "review_emergency_access.organisation": Named.ORGANISATION,
        "contribute.organisation": Named.ORGANISATION,
        "decided_by_id": Named.ID,
        "decided_by_role": Named.ROLE,
        "decider_id": Named.ID,
        "decider_role": Named.ROLE,
        "handler_id": Named.ID,
        "offered_by_role": Named.ROLE,
        "reader_id": Named.ID,
        "reader_role": Named.ROLE,
        "receive_referral.organisation": Named.ORGANISATION,
        "record_discussion.by_role": Named.ROLE,
        "record_interview.broker_id": Named.ID,
        "said_by_role": Named.ROLE,
        "shown_by_id": Named.ID,
        "shown_by_role": Named.ROLE,
        "signatory_id": Named.ID,
        "told_by_id": Named.ID,
        "told_by_role": Named.ROLE,
        "written_by_id": Named.ID,
        "written_by_role": Named.ROLE,
    },
)
