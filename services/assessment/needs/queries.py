"""What was seen, by whom, and what counts."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.needs import rules
from services.assessment.needs.models import AgreedAssessment, Contribution, ScoredDomain
from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.needs.questionnaires import questionnaires as on_file
from services.assessment.needs.rules import Score


def shown(referral_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return the assessment: each contribution, and each domain with where it came from."""
    contributions = Contribution.counting(referral_id, session=session)
    domains = ScoredDomain.counting(referral_id, session=session)
    agreed = session.get(AgreedAssessment, referral_id)
    sides = {one.contribution_id: one.organisation for one in contributions}
    merged = rules.merge([domain.score for domain in domains])
    return {
        "is_agreed": agreed is not None,
        "version": agreed and agreed.version,
        "agreed_at": agreed and agreed.agreed_at,
        "is_chc_checklist_suggested": rules.is_chc_checklist_suggested(merged),
        "contributions": [_contribution(contribution) for contribution in contributions],
        "domains": [
            _merged(
                score,
                {sides[one.contribution_id]: one for one in domains if one.domain == score.domain},
            )
            for score in merged
        ],
    }


def questionnaires(_asked: Any, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every published questionnaire, the newest last."""
    return [asdict(one) for one in sorted(on_file().values(), key=lambda one: one.active_from)]


def _merged(score: Score, seen: Mapping[str, ScoredDomain]) -> Mapping[str, Any]:
    scores = {side: domain.score for side, domain in seen.items()}
    return {
        **asdict(score),
        "name": DOMAINS[score.domain],
        "came_from": rules.came_from(score, scores),
        "seen_by": [_seen(domain) | {"organisation": side} for side, domain in seen.items()],
    }


def _contribution(contribution: Contribution) -> Mapping[str, Any]:
    return {
        "contribution_id": contribution.contribution_id,
        "organisation": contribution.organisation,
        "author_role": contribution.author_role,
        "questionnaire": contribution.questionnaire,
        "as_of": contribution.as_of,
        "in_the_room": contribution.in_the_room,
        "whole_life": contribution.whole_life,
        "received_at": contribution.received_at,
    }


def _seen(domain: ScoredDomain) -> dict[str, Any]:
    return asdict(domain.score) | {
        "look_back_months": domain.look_back_months,
        "onset_speed": domain.onset_speed,
        "is_hidden": domain.is_hidden,
        "unseen_by_others": domain.unseen_by_others,
        "reliably": domain.reliably,
        "present_support": domain.present_support,
        "person_words": domain.person_words,
        "worker_words": domain.worker_words,
        "strengths": domain.strengths,
        "wants": domain.wants,
        "evidence": domain.evidence,
    }
