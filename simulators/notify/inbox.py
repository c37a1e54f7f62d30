"""What people would have received."""

from typing import Any

from simulators.notify import clock, recipients
from simulators.notify.message_store import MessageStore
from simulators.notify.messages import Message


def received(store: MessageStore, *, reference: str | None, to: str | None) -> list[Message]:
    """List messages, oldest first.

    Args:
        store: all messages.
        reference: only those with this reference.
        to: only those to this number, however written, this e-mail address, or a letter
            whose first line is this.
    """
    messages = store.oldest_first(reference=reference)
    if to is None:
        return messages
    wanted = recipients.comparable(to)
    return [m for m in messages if wanted in (m.normalised_recipient, m.recipient.lower())]


def as_wire(message: Message) -> dict[str, Any]:
    return {
        "channel": message.channel.value,
        "to": message.recipient,
        "subject": message.subject,
        "body": message.body,
        "status": message.status.value,
        "reference": message.reference,
        "created_at": clock.as_wire(message.created_at),
        "address_lines": list(message.address_lines),
        "one_click_unsubscribe_url": message.one_click_unsubscribe_url,
    }
