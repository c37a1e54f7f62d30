"""Who signed a plan, and when."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.signatures.models import Signature


def signatures(plan_id: UUID, version: int, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the signatures that count for a version."""
    return [
        {
            "role": signature.role,
            "signatory_id": signature.signatory_id,
            "content_sha256": signature.content_sha256,
            "capacity_basis": signature.capacity_basis,
            "is_comfortable": signature.is_comfortable,
            "worry": signature.worry,
            "signed_at": signature.signed_at,
        }
        for signature in Signature.valid(plan_id, version, session=session)
    ]
