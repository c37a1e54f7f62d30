"""Who signed a plan, and when."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.signatures.models import Signature


def signatures(plan_id: UUID, version: int, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the signatures that count for a version."""
    return [_shown(one) for one in Signature.valid(plan_id, version, session=session)]


def voided(plan_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the signatures that an edit voided, over whichever version, the earliest first."""
    found = select(Signature).where(Signature.plan_id == plan_id, Signature.voided_at.is_not(None))
    return [
        {**_shown(one), "version": one.version, "voided_at": one.voided_at}
        for one in session.scalars(found.order_by(Signature.version, Signature.signed_at))
    ]


def _shown(signature: Signature) -> Mapping[str, Any]:
    return {
        "role": signature.role,
        "signatory_id": signature.signatory_id,
        "content_sha256": signature.content_sha256,
        "capacity_basis": signature.capacity_basis,
        "is_comfortable": signature.is_comfortable,
        "worry": signature.worry,
        "signed_at": signature.signed_at,
    }
