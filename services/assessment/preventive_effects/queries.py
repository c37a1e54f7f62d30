"""What is held up, and what was said to explain it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.preventive_effects.models import BlockedReduction, PreventiveEffect


def shown(referral_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return every reduction that was held up, and every statement."""
    return {
        "blocked": [
            {
                "domains": one.domains,
                "standing_pence": one.standing_pence,
                "asked_pence": one.asked_pence,
                "same_levels_pence": one.same_levels_pence,
                "blocked_at": one.blocked_at,
            }
            for one in BlockedReduction.of(referral_id, session=session)
        ],
        "statements": [
            {
                "statement_id": one.statement_id,
                "domains": sorted(one.explains),
                "explains_pence": one.explains_pence,
                "what_support_prevents": one.what_support_prevents,
                "what_if_it_ended": one.what_if_it_ended,
                "why_less_is_right": one.why_less_is_right,
                "written_by_role": one.written_by_role,
                "recorded_at": one.recorded_at,
                "shown_on": one.shown_on,
                "person_words": one.person_words,
            }
            for one in PreventiveEffect.of(referral_id, session=session)
        ],
    }
