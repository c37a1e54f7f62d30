"""The texts that a person must read."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.replies.models import Reply
from services.notifications.replies.rules import TASK_DUE_WITHIN, Meaning
from shared.messaging import tasks

COORDINATOR = "care_coordinator"
WORDS = (
    "Somebody answered one of our texts. Read it at the provider, where it is kept for a week, "
    "and say that it is seen to."
)


def unread(*, session: Session) -> list[dict[str, Any]]:
    """Return the texts that nobody has seen to, as tasks, the earliest first."""
    waiting = (
        select(Reply)
        .where(Reply.meaning == Meaning.OTHER, Reply.seen_to_at.is_(None))
        .order_by(Reply.received_at, Reply.reply_id)
        .limit(tasks.MOST)
    )
    return [
        {
            "task_id": reply.reply_id,
            "kind": "reply_to_read",
            "about": f"person/{reply.person_id}" if reply.person_id else f"reply/{reply.reply_id}",
            "words": WORDS,
            "role": COORDINATOR,
            "opened_at": reply.received_at,
            "due_at": reply.received_at + TASK_DUE_WITHIN,
        }
        for reply in session.scalars(waiting)
    ]
