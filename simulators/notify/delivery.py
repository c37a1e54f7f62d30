"""The life of a message after Notify took it."""

from datetime import datetime, timedelta

from simulators.background import Background
from simulators.clock import Clock
from simulators.notify.callbacks import CallbackSender
from simulators.notify.message_store import MessageStore
from simulators.notify.messages import CallbackPlan, Message, Status
from simulators.notify.templates import Channel

DELAY_SECONDS = {Channel.SMS: 0.005, Channel.EMAIL: 0.005, Channel.LETTER: 0.3}
GIVEN_UP_AFTER = timedelta(hours=72)
NIGHTLY = timedelta(minutes=5)  # after midnight UTC, when what is too old is given up


class Delivery:
    """Moves texts and e-mails to their outcome and reports it; letters are only received."""

    def __init__(self, *, store: MessageStore, callbacks: CallbackSender, clock: Clock) -> None:
        self._store = store
        self._callbacks = callbacks
        self._clock = clock
        self._messages = Background(name="delivery", threads=1, work=self._deliver, clock=clock)
        self._stuck = Background(name="nightly", threads=1, work=self._give_up, clock=clock)

    def begin(self, message: Message, *, after_seconds: float = 0.0) -> None:
        """Deliver a message soon, or now if its receipt is to come before the answer."""
        if message.callback is CallbackPlan.EARLY:
            self._deliver(message)
        else:
            delay_seconds = DELAY_SECONDS[message.channel] + after_seconds
            self._messages.put(message, delay_seconds=delay_seconds)

    def _deliver(self, message: Message) -> None:
        sent_at = self._clock.utc_now()
        if message.channel is not Channel.LETTER:
            self._store.change(message.message_id, status=Status.SENDING, sent_at=sent_at)
        if message.outcome is Status.SENDING:
            self._stuck.put(message, delay_seconds=seconds_until_given_up(sent_at))
            return
        self._end(message, status=message.outcome, sent_at=sent_at)

    def _give_up(self, message: Message) -> None:
        self._end(message, status=Status.TEMPORARY_FAILURE)

    def _end(self, message: Message, *, status: Status, **changes: datetime) -> None:
        ended = self._store.change(
            message.message_id, status=status, completed_at=self._clock.utc_now(), **changes
        )
        self._callbacks.report(ended)


def seconds_until_given_up(sent_at: datetime) -> float:
    """Return how long a message without news stays ``sending``: to the night after 72 hours."""
    too_old_at = sent_at + GIVEN_UP_AFTER
    midnight = too_old_at.replace(hour=0, minute=0, second=0, microsecond=0)
    nightly_at = midnight + NIGHTLY
    if nightly_at < too_old_at:
        nightly_at += timedelta(days=1)
    return (nightly_at - sent_at).total_seconds()
