"""Work that only a person can do: what a service waits for somebody to decide.

A task is no row of its own: it is open for as long as the row that it is about stands as it does.
So it cannot be forgotten, and it is closed by what somebody does about it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy import text
from sqlalchemy.orm import Session

MOST = 200  # of one answer, the most urgent first
ON_DUTY = "on_duty"  # whoever looks after the running suite
ERRAND_DUE_WITHIN = timedelta(days=1)

_FAILED_ERRANDS = text("""
    SELECT errand_id, kind, last_error, next_attempt_at AS failed_at FROM errands
    WHERE state = 'failed' ORDER BY next_attempt_at LIMIT :most
""")


class OpenTasksForm(Schema):
    """Whose tasks are asked for; without a role, everybody's."""

    role = fields.String(load_default=None)


def open_tasks(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return what waits for somebody, by when it should be done.

    An errand that was given up waits for whoever is on duty: they find out what became of it
    outside, and discard it (``make dead-letters``).
    """
    if asked["role"] not in {None, ON_DUTY}:
        return []
    return [
        {
            "task_id": row.errand_id,
            "kind": "errand_failed",
            "about": f"errand/{row.errand_id}",
            "words": f"{row.kind}: {row.last_error}",
            "role": ON_DUTY,
            "opened_at": row.failed_at,
            "due_at": _due_at(row.failed_at),
        }
        for row in session.execute(_FAILED_ERRANDS, {"most": MOST})
    ]


def _due_at(failed_at: datetime) -> datetime:
    return failed_at + ERRAND_DUE_WITHIN
