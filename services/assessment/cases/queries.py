"""One case as a person on it reads it, and how many cases there are."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.appeals import queries as appeals
from services.assessment.bookings import queries as bookings
from services.assessment.care_team import queries as care_team
from services.assessment.cases.commands import CaseAsked
from services.assessment.cases.figures import along_the_way
from services.assessment.consent import queries as consent
from services.assessment.crisis import queries as crisis
from services.assessment.disputes import queries as disputes
from services.assessment.identity import queries as identity
from services.assessment.indicative_budget import queries as indicative_budget
from services.assessment.intake import queries as intake
from services.assessment.life_events import queries as life_events
from services.assessment.needs import queries as needs
from services.assessment.people import queries as people
from services.assessment.preventive_effects import queries as preventive_effects
from services.assessment.referrals import queries as referrals
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome
from services.assessment.representatives import queries as representatives
from services.assessment.reviews import queries as reviews
from services.assessment.sign_off import queries as sign_off
from services.assessment.signatures import queries as signatures
from services.assessment.support_plans import queries as support_plans
from services.assessment.support_plans.models import Plan
from services.assessment.telling import queries as telling
from shared.errors import NotFoundError


def case(asked: CaseAsked, *, session: Session) -> Mapping[str, Any]:
    """Return everything about one case: what was seen, worked out, planned, signed, decided.

    Raises:
        NotFoundError: no such referral.
    """
    referral_id = asked.referral_id
    referral = session.get(Referral, referral_id)
    if referral is None:
        raise NotFoundError("No such referral.", referral_id=str(referral_id))
    return {
        "person": people.shown(referral.person_id, session=session),
        "consents": consent.shown(referral.person_id, session=session),
        "representatives": representatives.shown(referral.person_id, session=session),
        "referral": referrals.shown(referral),
        "discussions": intake.discussions(referral_id, session=session),
        "refusals": intake.refusals(referral_id, session=session),
        "identity_questions": identity.shown(referral.person_id, session=session),
        "worker_changes": care_team.worker_changes(referral_id, session=session),
        "offers": care_team.offers(referral_id, session=session),
        "bookings": bookings.shown(referral_id, session=session),
        "assessment": needs.shown(referral_id, session=session),
        "disputes": disputes.shown(referral_id, session=session),
        "preventive_effects": preventive_effects.shown(referral_id, session=session),
        "indicative_budget": indicative_budget.shown(referral_id, session=session),
        "told_in_person": telling.shown(referral_id, session=session),
        "declines": indicative_budget.declines(referral_id, session=session),
        "plan": _plan(referral_id, session=session),
        "appeals": appeals.shown(referral_id, session=session),
        "reviews": reviews.shown(referral_id, session=session),
        "review_meetings": reviews.meetings(referral_id, session=session),
        "crises": crisis.shown(referral_id, session=session),
        "life_events": life_events.shown(referral.person_id, session=session),
    }


def _plan(referral_id: UUID, *, session: Session) -> Mapping[str, Any] | None:
    """Return the plan as it is now, with whoever signed and decided on that version."""
    plan = Plan.of(referral_id, session=session)
    if plan is None:
        return None
    return {
        **support_plans.shown(plan, session=session),
        "signatures": signatures.signatures(plan.plan_id, plan.version, session=session),
        "voided_signatures": signatures.voided(plan.plan_id, session=session),
        "decision": sign_off.decision(plan.plan_id, plan.version, session=session),
        "decision_trail": sign_off.trail(plan.plan_id, session=session),
    }


def totals(_asked: Any, *, session: Session) -> Mapping[str, Any]:
    """Return how many referrals there are, and what came of them."""
    counted = session.execute(select(Referral.outcome, func.count()).group_by(Referral.outcome))
    by_outcome = dict(counted.all())
    return {
        "referrals": sum(by_outcome.values()),
        "declined_a_budget": by_outcome.get(Outcome.DECLINED, 0),
        "refused": by_outcome.get(Outcome.REFUSED, 0),
        "approved_at": sign_off.approved_at(session=session),
        "along_the_way": along_the_way(session),
    }
