"""Who acts or acted for a person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.representatives.models import Representative


def shown(person_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every appointment of a person, the earliest first."""
    return [
        {
            "appointment_id": one.appointment_id,
            "representative_id": one.representative_id,
            "kind": one.kind,
            "name": one.name,
            "scopes": one.scopes,
            "basis": one.basis,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "end_reason": one.end_reason,
        }
        for one in Representative.of(person_id, session=session)
    ]
