"""The errands of notifications: sending a delivery, and asking what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from services.notifications import start
from services.notifications.delivery import claims, handlers, queries
from services.notifications.delivery.commands import Fail, PutOff, RecordAcceptance
from services.notifications.delivery.rules import (
    NHS_NOTIFY,
    Accepted,
    Answer,
    CallOutcome,
    NotCalled,
    NotToday,
    Outgoing,
    Refused,
    is_absence_certain,
)
from services.notifications.delivery.wire import PROVIDER as NOTIFY
from services.notifications.forms.rules import ENGLISH
from services.notifications.letters.press import printed
from services.notifications.messages.handlers import SEND_DELIVERY
from services.notifications.messages.models import Delivery
from services.notifications.messages.rules import DeliveryState
from services.notifications.outcomes import handlers as outcomes
from services.notifications.people.rules import Channel
from services.notifications.providers import NotTodayError, Provider
from services.notifications.replies import handlers as replies
from services.notifications.replies.commands import RecordAnswer
from services.notifications.replies.sealing import opened_number
from services.notifications.serving import Serving
from services.notifications.settings import around, trust_absence_after_seconds
from services.notifications.templates.wording import help_answer
from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging import crash
from shared.messaging.errands import (
    WORKERS,
    Arguments,
    Kind,
    NotSentError,
    OutcomeUnknownError,
    RefusedOutsideError,
)
from shared.settings import ServiceSettings
from shared.trace import Trace

ACTOR = "notifications/system"
NO_NEWS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a delivery is sent, and how one finds out whether it was."""

    sessions: sessionmaker[Session]
    provider_of: claims.ProviderOf
    providers: Mapping[str, Provider]  # by name
    trust_absence_after_seconds: int

    def call(self, errand_id: UUID, arguments: Arguments) -> Answer:
        """Send the delivery; note first, in a transaction of its own, that we are about to."""
        delivery_id = _delivery_id(arguments)
        with self.sessions.begin() as session:
            claimed = claims.claim(
                delivery_id,
                provider_of=self.provider_of,
                called_at=clock.system_time(),
                session=session,
                trace=_trace_of(errand_id),
            )
            last = queries.last_call(delivery_id, session=session)
        crash.point("delivery.claimed")
        if not isinstance(claimed, Outgoing):
            return claimed
        if claimed.letter is not None:
            claimed = replace(claimed, pdf=printed(claimed.letter))
        return self._send(delivery_id, claimed, self.providers[last.provider or ""])

    def _send(self, delivery_id: UUID, outgoing: Outgoing, provider: Provider) -> Answer:
        """Call the provider, and note what the call came to unless that is noted with the answer.

        Raises:
            NotSentError or OutcomeUnknownError: there is no answer yet.
        """
        try:
            return Accepted(provider_id=provider.send(outgoing))
        except RefusedOutsideError as refusal:
            self._note(delivery_id, CallOutcome.REFUSED)
            return Refused(reason=refusal.reason)
        except NotTodayError as error:
            self._note(delivery_id, CallOutcome.NOT_SENT)
            if self._is_perhaps_there(delivery_id):  # by an earlier call: it is not put off
                raise
            return NotToday(until=error.until)
        except NotSentError:
            self._note(delivery_id, CallOutcome.NOT_SENT)
            raise
        except OutcomeUnknownError:
            self._note(delivery_id, CallOutcome.UNKNOWN)
            raise

    def _note(self, delivery_id: UUID, outcome: CallOutcome) -> None:
        with self.sessions.begin() as session:
            claims.note_outcome(delivery_id, outcome, session=session)

    def _is_perhaps_there(self, delivery_id: UUID) -> bool:
        with self.sessions.begin() as session:
            delivery = session.get_one(Delivery, delivery_id)
            return claims.is_perhaps_there(delivery, session=session)

    def enquire(self, errand_id: UUID, arguments: Arguments) -> Answer | None:
        """Ask whether the delivery was taken.

        A provider can be asked for our reference. That it finds nothing is believed only some
        time after the last call. NHS Notify knows a repeat instead, so it is asked by one.
        """
        delivery_id = _delivery_id(arguments)
        with self.sessions.begin() as session:
            last = queries.last_call(delivery_id, session=session)
        if last.provider_id is not None:
            return Accepted(provider_id=last.provider_id)
        if last.state is not DeliveryState.READY:
            return NotCalled()
        if last.provider is None:  # it was claimed by nobody
            return None
        if last.provider == NHS_NOTIFY:
            return self.call(errand_id, arguments)
        found = self.providers[last.provider].find(str(delivery_id))
        if found is not None:
            return Accepted(provider_id=found)
        if is_absence_certain(
            called_at=last.called_at,
            at=clock.system_time(),
            after_seconds=self.trust_absence_after_seconds,
        ):
            return None
        raise OutcomeUnknownError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How a provider is asked what became of a delivery."""

    sessions: sessionmaker[Session]
    providers: Mapping[str, Provider]  # by name

    def call(self, _errand_id: UUID, arguments: Arguments) -> str:
        """Return the provider's word, or none: it is asked again at its time."""
        with self.sessions.begin() as session:
            last = queries.last_call(_delivery_id(arguments), session=session)
        if last.provider is None or last.provider_id is None:
            return NO_NEWS
        try:
            return self.providers[last.provider].status(last.provider_id) or NO_NEWS
        except OutcomeUnknownError:
            return NO_NEWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """How somebody who asks by text who we are is told so, at most once."""

    providers: Mapping[str, Provider]  # by name

    def call(self, _errand_id: UUID, arguments: Arguments) -> str:
        """Answer by the provider that brought the question."""
        provider = self._provider()
        outgoing = Outgoing(
            reference=arguments["reply_id"],
            channel=Channel.SMS,
            to=[opened_number(arguments["number"])],
            subject=None,
            body=help_answer(arguments.get("language", ENGLISH), around=around()),
        )
        return provider.send(outgoing)

    def enquire(self, _errand_id: UUID, arguments: Arguments) -> str:
        """Ask whether the answer was taken. What was perhaps sent is not sent again."""
        found = self._provider().find(arguments["reply_id"])
        if found is None:
            raise OutcomeUnknownError
        return found

    def _provider(self) -> Provider:
        if NOTIFY not in self.providers:
            raise RefusedOutsideError("no_provider_for_answers")
        return self.providers[NOTIFY]


def record_answer(_answer: str, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    command = RecordAnswer(reply_id=UUID(arguments["reply_id"]))
    replies.record_answer(command, session=session, trace=trace)


def not_answered(_reason: str, _arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Leave it: who asks again is answered another day."""


def record_status(status: str, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Keep what the provider answered."""
    if status != NO_NEWS:
        outcomes.record_status(status, _delivery_id(arguments), session=session, trace=trace)


def not_asked(_reason: str, _arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Leave a delivery as it is: the next look asks again."""


def record(answer: Answer, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Store what came of a call: where it was refused, the next channel is tried."""
    delivery_id = _delivery_id(arguments)
    if isinstance(answer, Accepted):
        accepted = RecordAcceptance(delivery_id=delivery_id, provider_id=answer.provider_id)
        handlers.record_acceptance(accepted, session=session, trace=trace)
    elif isinstance(answer, Refused):
        failed = Fail(delivery_id=delivery_id, reason=answer.reason)
        handlers.fail(failed, session=session, trace=trace)
    elif isinstance(answer, NotToday):
        put_off = PutOff(delivery_id=delivery_id, until=answer.until)
        claims.put_off(put_off, session=session, trace=trace)


def give_up(reason: str, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Try the next channel: this one was tried in vain for hours."""
    failed = Fail(delivery_id=_delivery_id(arguments), reason=reason)
    handlers.fail(failed, session=session, trace=trace)


def kinds() -> Mapping[str, Kind]:
    """Return the kinds of errands that this service runs."""
    start.check()
    serving = Serving.from_environment()
    engine = open_engine(ServiceSettings.from_environment().database_url, pool_size=WORKERS)
    sending = Sending(
        sessions=open_sessions(engine),
        provider_of=serving.provider_of,
        providers=serving.providers,
        trust_absence_after_seconds=trust_absence_after_seconds(),
    )
    answering = Answering(providers=serving.providers)
    asking = Asking(sessions=sending.sessions, providers=sending.providers)
    return {
        SEND_DELIVERY: Kind(
            call=sending.call, enquire=sending.enquire, record=record, give_up=give_up
        ),
        outcomes.ASK_PROVIDER: Kind(
            call=asking.call, enquire=asking.call, record=record_status, give_up=not_asked
        ),
        replies.ANSWER_REPLY: Kind(
            call=answering.call,
            enquire=answering.enquire,
            record=record_answer,
            give_up=not_answered,
        ),
    }


def longest_call_seconds() -> float:
    """Return for how long a call of ours can take, so that its lease lasts longer."""
    providers = Serving.from_environment().providers.values()
    return max(provider.longest_call_seconds for provider in providers)


def _delivery_id(arguments: Arguments) -> UUID:
    return UUID(arguments["delivery_id"])


def _trace_of(errand_id: UUID) -> Trace:
    return Trace(correlation_id=errand_id, causation_id=errand_id, actor=ACTOR, at=clock.now())
