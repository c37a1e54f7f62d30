"""The life of a message after Notify took it."""

from simulators.notify.background import Background
from simulators.notify.callbacks import CallbackSender
from simulators.notify.clock import utc_now
from simulators.notify.message_store import MessageStore
from simulators.notify.messages import Message, Status
from simulators.notify.templates import Channel

DELAY_SECONDS = {Channel.SMS: 0.005, Channel.EMAIL: 0.005, Channel.LETTER: 0.3}


class Delivery:
    """Moves texts and e-mails to their outcome and reports it; letters are only received."""

    def __init__(self, *, store: MessageStore, callbacks: CallbackSender) -> None:
        self._store = store
        self._callbacks = callbacks
        self._messages = Background(name="delivery", threads=1, work=self._deliver)

    def begin(self, message: Message) -> None:
        self._messages.put(message, delay_seconds=DELAY_SECONDS[message.channel])

    def _deliver(self, message: Message) -> None:
        sent_at = utc_now()
        if message.channel is not Channel.LETTER:
            self._store.change(message.message_id, status=Status.SENDING, sent_at=sent_at)
        delivered = self._store.change(
            message.message_id, status=message.outcome, sent_at=sent_at, completed_at=utc_now()
        )
        for _ in range(message.callback_count):
            self._callbacks.send(delivered)
