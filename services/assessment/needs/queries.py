"""What was seen, by whom, and what counts."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.needs.models import AgreedAssessment, Contribution, ScoredDomain
from services.assessment.needs.rules import DOMAINS, merge


def shown(referral_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return the assessment: each contribution, and each domain with where it came from."""
    contributions = Contribution.counting(referral_id, session=session)
    domains = ScoredDomain.counting(referral_id, session=session)
    agreed = session.get(AgreedAssessment, referral_id)
    sides = {one.contribution_id: one.organisation for one in contributions}
    return {
        "is_agreed": agreed is not None,
        "agreed_at": agreed and agreed.agreed_at,
        "contributions": [_contribution(contribution) for contribution in contributions],
        "domains": [
            asdict(score)
            | {
                "name": DOMAINS[score.domain],
                "seen_by": [
                    _seen(domain) | {"organisation": sides[domain.contribution_id]}
                    for domain in domains
                    if domain.domain == score.domain
                ],
            }
            for score in merge([domain.score for domain in domains])
        ],
    }


def _contribution(contribution: Contribution) -> Mapping[str, Any]:
    return {
        "contribution_id": contribution.contribution_id,
        "organisation": contribution.organisation,
        "author_role": contribution.author_role,
        "whole_life": contribution.whole_life,
        "received_at": contribution.received_at,
    }


def _seen(domain: ScoredDomain) -> dict[str, Any]:
    return asdict(domain.score) | {
        "is_hidden": domain.is_hidden,
        "person_words": domain.person_words,
        "strengths": domain.strengths,
    }
