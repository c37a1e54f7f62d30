"""Which card policies there are, and which of them wait for a second person."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.card_policies.models import KeptCardPolicy

SHOWN = (
    "policy_id",
    "version",
    "tolerance_basis_points",
    "tolerance_cap_pence",
    "allowed_countries",
    "locks_at_issuer",
    "payments_of_a_card",
    "close_after_days",
    "applies_from",
    "set_by",
    "set_at",
    "why",
    "loosens",
    "confirmed_by",
    "confirmed_at",
)


def card_policies(_asked: object, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every policy that was set, the first at the head; one without a version waits."""
    kept = session.scalars(
        select(KeptCardPolicy).order_by(KeptCardPolicy.set_at, KeptCardPolicy.policy_id)
    )
    return [{name: getattr(one, name) for name in SHOWN} for one in kept]
