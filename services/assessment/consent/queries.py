"""What a person agreed to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.consent.models import Consent


def shown(person_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every consent of a person, withdrawn ones too."""
    return [
        {
            "purpose": consent.purpose,
            "organisation": consent.organisation,
            "given_on": consent.given_on,
            "ends_on": consent.ends_on,
            "evidence": consent.evidence,
            "withdrawn_on": consent.withdrawn_on,
        }
        for consent in Consent.of(person_id, session=session)
    ]
