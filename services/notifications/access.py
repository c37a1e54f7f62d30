"""Whose record a call to notifications is about: how each id leads to a person."""

from access.scope import Access
from access.ways import by, itself
from services.notifications.messages.models import Message
from services.notifications.replies.models import Reply
from services.notifications.safeguarding.models import SafeguardingHold
from services.notifications.suppression.models import Suppression

ACCESS = Access(
    service="notifications",
    ways={
        "person_id": itself,
        "message_id": by(Message.message_id, Message.person_id),
        "hold_id": by(SafeguardingHold.hold_id, SafeguardingHold.person_id),
        "suppression_id": by(Suppression.suppression_id, Suppression.person_id),
        "reply_id": by(Reply.reply_id, Reply.person_id),
    },
    about_nobody=frozenset({"health", "preview", "totals"}),
    about_many=frozenset({"open_tasks"}),
)
