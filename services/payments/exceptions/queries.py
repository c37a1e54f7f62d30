"""Which exceptions there are, and which of them wait for somebody."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.exceptions import rules
from services.payments.exceptions.commands import ExceptionsAsked
from services.payments.exceptions.models import RaisedException
from shared.messaging import tasks


def exceptions(asked: ExceptionsAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return exceptions, those that are due first at the head; at most as many as tasks."""
    found = _found(
        asked.role, is_open=asked.is_open, purchase_id=asked.purchase_id, session=session
    )
    return [_shown(one) for one in found]


def open_tasks(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return what waits for somebody in this service, the earliest first."""
    found = [_task(one) for one in _found(asked["role"], is_open=True, session=session)]
    found += tasks.open_tasks(asked, session=session)
    return sorted(found, key=lambda task: task["due_at"])[: tasks.MOST]


def _found(
    role: str | None, *, is_open: bool, purchase_id: UUID | None = None, session: Session
) -> Sequence[RaisedException]:
    wanted = select(RaisedException)
    if role is not None:
        wanted = wanted.where(RaisedException.role == role)
    if purchase_id is not None:
        wanted = wanted.where(RaisedException.purchase_id == purchase_id)
    if is_open:
        wanted = wanted.where(RaisedException.resolved_at.is_(None))
    most_urgent = wanted.order_by(RaisedException.due_at, RaisedException.exception_id)
    return session.scalars(most_urgent.limit(tasks.MOST)).all()


def _shown(one: RaisedException) -> Mapping[str, Any]:
    return {
        "exception_id": one.exception_id,
        "kind": one.kind,
        "about": one.about,
        "purchase_id": one.purchase_id,
        "amount_pence": one.amount_pence,
        "role": one.role,
        "raised_at": one.raised_at,
        "due_at": one.due_at,
        "can_end": sorted(rules.HANDLING[one.kind].resolutions),
        "resolution": one.resolution,
        "resolved_by": one.resolved_by,
        "resolved_at": one.resolved_at,
        "reason": one.reason,
    }


def _task(one: RaisedException) -> dict[str, Any]:
    return {
        "task_id": one.exception_id,
        "kind": one.kind,
        "about": f"exception/{one.exception_id}",
        "words": rules.HANDLING[one.kind].words,
        "role": one.role,
        "opened_at": one.raised_at,
        "due_at": one.due_at,
    }
