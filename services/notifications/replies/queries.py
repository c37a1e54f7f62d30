"""The texts that a person must read."""

from typing import Any

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session, aliased

from services.notifications.replies.models import Reply
from services.notifications.replies.rules import FOR_SOMEBODY, TASK_DUE_WITHIN, Meaning
from shared.messaging import tasks

COORDINATOR = "care_coordinator"
WORDS = (
    "Somebody answered one of our texts. Read it at the provider, where it is kept for a week, "
    "and say that it is seen to."
)


WORDS_OF_HELP = (
    "Somebody answered one of our texts with HELP. Only a machine has answered: call them, and say "
    "that it is seen to."
)


def unread(*, session: Session) -> list[dict[str, Any]]:
    """Return the texts that nobody has seen to, as tasks, the earliest first.

    Whoever asks for help again and again is one task, from when they first did.
    """
    earlier = aliased(Reply)
    is_repeated = exists().where(
        Reply.meaning == Meaning.HELP,
        earlier.meaning == Meaning.HELP,
        earlier.number_digest == Reply.number_digest,
        earlier.seen_to_at.is_(None),
        tuple_(earlier.received_at, earlier.reply_id) < tuple_(Reply.received_at, Reply.reply_id),
    )
    waiting = (
        select(Reply)
        .where(Reply.meaning.in_(FOR_SOMEBODY), Reply.seen_to_at.is_(None), ~is_repeated)
        .order_by(Reply.received_at, Reply.reply_id)
        .limit(tasks.MOST)
    )
    return [
        {
            "task_id": reply.reply_id,
            "kind": "help_asked" if reply.meaning is Meaning.HELP else "reply_to_read",
            "about": f"person/{reply.person_id}" if reply.person_id else f"reply/{reply.reply_id}",
            "words": WORDS_OF_HELP if reply.meaning is Meaning.HELP else WORDS,
            "role": COORDINATOR,
            "opened_at": reply.received_at,
            "due_at": reply.received_at + TASK_DUE_WITHIN,
        }
        for reply in session.scalars(waiting)
    ]
