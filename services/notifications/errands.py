"""The errands of notifications: sending a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from services.notifications.delivery import handlers, queries
from services.notifications.delivery.commands import GiveUp, RecordAcceptance
from services.notifications.delivery.rules import Outgoing, is_absence_certain
from services.notifications.messages.handlers import SEND_MESSAGE
from services.notifications.notify_client import NotifyClient
from services.notifications.settings import NotifySettings
from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging.errands import WORKERS, Arguments, Kind, OutcomeUnknownError
from shared.settings import ServiceSettings
from shared.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a message is sent, and how one finds out whether it was."""

    sessions: sessionmaker[Session]
    notify: NotifyClient
    trust_absence_after_seconds: int

    def call(self, _errand_id: UUID, arguments: Arguments) -> UUID:
        """Send the message; note first, in a transaction of its own, that we are about to."""
        message_id = _message_id(arguments)
        with self.sessions.begin() as session:
            at = clock.system_time()
            started = handlers.start_sending(message_id, session=session, at=at)
        return UUID(self.notify.send(started)) if isinstance(started, Outgoing) else started

    def enquire(self, _errand_id: UUID, arguments: Arguments) -> UUID | None:
        """Ask whether the message was taken.

        Notify has no idempotency keys, but it can be asked for our reference. That it finds
        nothing is believed only some time after the last call.
        """
        message_id = _message_id(arguments)
        with self.sessions.begin() as session:
            provider_id, called_at = queries.last_call(message_id, session=session)
        known = self.notify.find(str(message_id)) if provider_id is None else str(provider_id)
        found = UUID(known) if known else None
        if found is None and not is_absence_certain(
            called_at=called_at,
            at=clock.system_time(),
            after_seconds=self.trust_absence_after_seconds,
        ):
            raise OutcomeUnknownError
        return found


def record(answer: UUID, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    accepted = RecordAcceptance(message_id=_message_id(arguments), provider_id=answer)
    handlers.record_acceptance(accepted, session=session, trace=trace)


def give_up(reason: str, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    failed = GiveUp(message_id=_message_id(arguments), reason=reason)
    handlers.give_up(failed, session=session, trace=trace)


def kinds() -> Mapping[str, Kind]:
    """Return the kinds of errands that this service runs."""
    settings = NotifySettings.from_environment()
    engine = open_engine(ServiceSettings.from_environment().database_url, pool_size=WORKERS)
    sending = Sending(
        sessions=open_sessions(engine),
        notify=NotifyClient(settings),
        trust_absence_after_seconds=settings.trust_absence_after_seconds,
    )
    return {
        SEND_MESSAGE: Kind(
            call=sending.call, enquire=sending.enquire, record=record, give_up=give_up
        )
    }


def _message_id(arguments: Arguments) -> UUID:
    return UUID(arguments["message_id"])
