"""The errand of partners: passing a partner's command on to the service that carries it out."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import amqp
from sqlalchemy.orm import Session, sessionmaker

from clients.edge import CallFailedError, CallTimedOutError, Edge, RefusedError
from services.partners import gone, partnership
from services.partners.agreements.rules import Agreement
from services.partners.catalogue.rules import Incoming, Told
from services.partners.envelopes.rules import opened
from services.partners.inbound import handlers, queries
from services.partners.inbound.models import ReceivedMessage
from services.partners.inbound.rules import Rejection, told_ids
from services.partners.incoming import INCOMING
from services.partners.register import Register
from services.partners.settings import PartnersSettings
from shared import clock
from shared.contracts.actor import EVERYBODY, Actor
from shared.database import open_engine, open_sessions
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

# How long a message may be ahead of what it speaks of: a contribution, of its referral.
PATIENCE = timedelta(seconds=20)
NOT_KNOWN_YET, IN_PROGRESS = "not_known_yet", "in_progress"
# Their organisation works with the person, or pays for them: the ledger knows whose money it is.
STANDS = frozenset({"organisation", "funder"})

Answer = Mapping[str, Any] | Rejection


@dataclass(slots=True)
class Caller:
    """Each worker's own connection to the services, opened when needed and when it broke."""

    environment: Mapping[str, str]
    _own: threading.local = field(default_factory=threading.local)

    def command(self, actor: Actor, incoming: Incoming, told: Told, correlation_id: UUID) -> Any:
        """Have it carried out, once however often it is asked.

        Raises:
            RefusedError: the service understood and refused.
            NotSentError: nobody was asked.
            OutcomeUnknownError: it may have been carried out.
        """
        edge = self._edge()
        edge.actor = actor
        service, _, name = incoming.operation.partition(".")
        try:
            return edge.command(
                service,
                name,
                incoming.as_request(told),
                command_id=incoming.command_id(told),
                correlation_id=correlation_id,
                timeout_seconds=10,
                is_patient=False,
            )
        except (OSError, amqp.AMQPError) as error:
            self._own.edge = None
            raise OutcomeUnknownError from error
        except (CallFailedError, CallTimedOutError) as error:
            raise OutcomeUnknownError from error

    def _edge(self) -> Edge:
        edge: Edge | None = getattr(self._own, "edge", None)
        if edge is None:
            try:
                edge = self._own.edge = Edge.connect(self.environment, name="partners")
            except (OSError, amqp.AMQPError) as error:
                raise NotSentError from error
        return edge


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingOn:
    """How a message is passed on, and what is made of the answer."""

    sessions: sessionmaker[Session]
    register: Register
    caller: Caller
    now: Callable[[], Any] = clock.now

    def call(self, _errand_id: UUID, arguments: Arguments) -> Answer:
        """Ask the service. What it does not know yet may be on its way, for a while.

        Raises:
            RefusedOutsideError: the partner's file is gone: nobody may ask in its name.
            NotSentError or OutcomeUnknownError: it is tried again.
        """
        with self.sessions.begin() as session:
            row = queries.waiting(
                arguments["partner"], UUID(arguments["message_id"]), session=session
            )
        if row is None:
            return {}
        agreement = self.register.agreements.get(row.partner)
        if agreement is None:
            raise RefusedOutsideError(gone.REASON)
        incoming, told = _read(row, agreement)
        try:
            answer = self.caller.command(_actor(incoming, told), incoming, told, row.correlation_id)
        except RefusedError as refusal:
            if refusal.code == IN_PROGRESS:  # asked before, and being done at this moment
                raise OutcomeUnknownError from refusal
            if refusal.code == NOT_KNOWN_YET and self.now() < row.received_at + PATIENCE:
                raise NotSentError from refusal
            return _rejection(refusal)
        return {**incoming.made(told), **told_ids(answer)}

    def enquire(self, errand_id: UUID, arguments: Arguments) -> Answer:
        """Ask the service again: it knows a command by its id, and says what became of it.

        Raises:
            RefusedOutsideError: the partner's file is gone, and nobody can find out in its name.
            NotSentError or OutcomeUnknownError: it is tried again.
        """
        try:
            return self.call(errand_id, arguments)
        except RefusedOutsideError:
            raise RefusedOutsideError(gone.PERHAPS_DONE) from None


def _read(row: ReceivedMessage, agreement: Agreement) -> tuple[Incoming, Told]:
    envelope = opened(row.body or b"", most_bytes=agreement.limits.message_bytes)
    data = envelope.attributes["data"]
    told = Told(agreement=agreement, message_id=row.message_id, data=data)
    return INCOMING[row.message_type], told


def _actor(incoming: Incoming, told: Told) -> Actor:
    """Return the partner's system, which speaks for a colleague in a role that was agreed."""
    agreement = told.agreement
    sent = agreement.sent(incoming.name)
    role = (told.data[incoming.role],) if incoming.role else ()
    return Actor(
        actor_id=f"partner/{agreement.code}",
        roles=("partner_system", *role),
        organisation=agreement.organisation,
        relations=STANDS if incoming.is_about_known else frozenset({EVERYBODY}),
        purpose="" if sent is None else sent.purpose,
        request_id=str(told.message_id),
    )


def _rejection(refusal: RefusedError) -> Rejection:
    field_ = refusal.details.get("field") or next(iter(refusal.details), "")
    is_form = refusal.code == "invalid_request"
    return Rejection(
        code=refusal.code,
        reason=refusal.message,
        next_step=refusal.next_step,
        field=str(field_) if is_form else "",
    )


OUT_OF_TRIES = Rejection(
    code="not_done",
    reason="We tried for ten hours and do not know whether it was done.",
    next_step="Do not send it again: somebody of ours finds out and tells you.",
)

GONE = Rejection(
    code="not_agreed",
    reason="Your agreement ended before this was done.",
    next_step="Send it anew, under a new id, once there is an agreement again.",
)
PERHAPS_DONE = Rejection(
    code="not_done",
    reason="Your agreement ended, and we do not know whether it was done before.",
    next_step="Do not send it again: somebody of ours finds out and tells you.",
)
OF_WHOM_IS_GONE = {gone.REASON: GONE, gone.PERHAPS_DONE: PERHAPS_DONE}


def record(answer: Answer, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Give the message its reply, in one transaction with the errand's end."""
    key = (arguments["partner"], UUID(arguments["message_id"]))
    row = session.get_one(ReceivedMessage, key, with_for_update=True)
    handlers.answer(row, answer, session=session, trace=trace)


def give_up(reason: str, arguments: Arguments, *, session: Session, trace: Trace) -> None:
    """Say so in the reply; whoever's file is gone fetches none, so that it is laid by."""
    record(OF_WHOM_IS_GONE.get(reason, OUT_OF_TRIES), arguments, session=session, trace=trace)
    if reason in OF_WHOM_IS_GONE:
        gone.lay_by_of(arguments["partner"], session=session)


def kinds() -> Mapping[str, Kind]:
    """Return the kinds of errands; a setting that cannot be used ends the process here."""
    settings = ServiceSettings.from_environment()
    engine = open_engine(settings.database_url, pool_size=WORKERS)
    passing_on = PassingOn(
        sessions=open_sessions(engine),
        register=partnership.current().register,
        caller=Caller(PartnersSettings.from_environment().caller_environment),
    )
    kind = Kind(call=passing_on.call, enquire=passing_on.enquire, record=record, give_up=give_up)
    return {handlers.PASS_ON: kind}
