"""What a person was offered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.care_team.models import SupportOffer


def offers(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each offer of help on a case, and the answer."""
    return [
        {
            "support": offer.support,
            "offered_on": offer.offered_on,
            "offered_by_role": offer.offered_by_role,
            "answer": offer.answer,
            "person_words": offer.person_words,
        }
        for offer in SupportOffer.of(referral_id, session=session)
    ]
