"""Who looked at a person's record."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from access import relations
from access.tables import AuditEntry


def access_log(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return who read or changed a person's record in this service, the newest first."""
    people = relations.ids_of(asked["person_id"], session=session)
    entries = select(AuditEntry).where(AuditEntry.person_id.in_(people))
    if asked["before"] is not None:
        entries = entries.where(AuditEntry.seq < asked["before"])
    newest = entries.order_by(AuditEntry.seq.desc()).limit(asked["most"])
    return [
        {
            "seq": entry.seq,
            "at": entry.at,
            "actor_id": entry.actor_id,
            "roles": entry.roles,
            "organisation": entry.organisation,
            "acting_for": entry.acting_for,
            "purpose": entry.purpose,
            "operation": entry.operation,
            "act": entry.act,
            "fields": entry.fields,
            "outcome": entry.outcome,
        }
        for entry in session.scalars(newest)
    ]
