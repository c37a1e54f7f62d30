"""One partner's lane: a thread that reads its virtual host, and one that sends.

No partner waits for another: each lane has connections of its own, and takes no more from its
partner than is worked off.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import amqp
import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from services.partners import returned
from services.partners.agreements.rules import Agreement, System, Transport
from services.partners.envelopes.rules import CONTENT_TYPE
from services.partners.hosts import IN, OUT
from services.partners.inbound import handlers as inbound
from services.partners.inbound import queries
from services.partners.incoming import INCOMING
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.turns import Turns
from shared import clock
from shared.database import is_away
from shared.messaging import crash
from shared.messaging.publisher import Outgoing, Publisher, connect
from shared.observability import logs
from shared.trace import Trace

MOST_AT_ONCE = 50  # read, or sent, in one transaction
MOST_UNACKNOWLEDGED = 20  # of what the broker has handed over
LOOKS_EVERY_SECONDS = 30.0  # at how much waits for the partner
PAUSE_SECONDS = 0.2  # when there is nothing to do
SHORT_SECONDS = 0.001  # in which what came together is there
PAUSE_AFTER_FAULT_SECONDS = 2.0
BROKEN = (OSError, amqp.AMQPError)

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Lane:
    """What runs for one partner that is reached over AMQP."""

    agreement: Agreement
    url: str
    sessions: sessionmaker[Session]
    stopping: threading.Event
    turns: Turns = field(default_factory=Turns)  # of all lanes of a bridge
    woken: threading.Event = field(default_factory=threading.Event)  # there may be more to send
    answered: threading.Event = field(default_factory=threading.Event)  # and room for more
    unfetched: int | None = None  # how much waits for the partner; none: nobody has looked
    beats: dict[str, float] = field(default_factory=dict)  # when a thread last went round

    def start(self) -> list[threading.Thread]:
        """Start both threads; each goes on after a fault, until it is told to stop."""
        code = self.agreement.code
        threads = [
            threading.Thread(target=self._go_on, args=(name, work), name=f"{name}-{code}")
            for name, work in (("read", self._read), ("send", self._send))
        ]
        for thread in threads:
            thread.start()
        return threads

    def wake(self, *, to_send: bool) -> None:
        """Let both threads look again, as far as there is something: there was an answer."""
        if to_send:
            self.woken.set()
        self.answered.set()

    def _go_on(self, name: str, work: Callable[[amqp.Connection], None]) -> None:
        connection: amqp.Connection | None = None
        while not self.stopping.is_set():
            try:
                if connection is None:
                    connection = connect(self.url, name=f"partners-{name}")
                work(connection)
            except Exception as error:  # noqa: BLE001 - a lane goes on, whatever befell it
                fault, where = type(error).__name__, logs.where(error)
                log.warning(
                    "lane_interrupted", partner=self.agreement.code, fault=fault, where=where
                )
                _close(connection)
                connection = None
                self.stopping.wait(PAUSE_AFTER_FAULT_SECONDS)
        _close(connection)

    @property
    def system(self) -> System:
        """The partner's system that is reached here."""
        amqp_systems = (one for one in self.agreement.systems if one.transport is Transport.AMQP)
        return next(amqp_systems)

    def _read(self, connection: amqp.Connection) -> None:
        """Take messages in until told to stop: kept first, then acknowledged."""
        channel = connection.channel()
        channel.auto_decode = False  # as its sender says: the body stays as it came
        came: list[amqp.Message] = []
        given_back: list[amqp.Message] = []
        channel.basic_qos(0, MOST_UNACKNOWLEDGED, a_global=False)
        channel.basic_consume(IN, callback=came.append)
        for queue in returned.QUEUES:
            channel.basic_consume(queue, callback=given_back.append)
        looked_at = -LOOKS_EVERY_SECONDS
        while not self.stopping.is_set():
            self.beats["read"] = time.monotonic()
            _listen(connection, came)
            taken = self.take_in(came)
            if taken:
                crash.point("partner.received")
                for message in came[:taken]:
                    channel.basic_ack(message.delivery_tag)
                del came[:taken]
            if given_back and self._take_back(given_back):
                for message in given_back:
                    channel.basic_ack(message.delivery_tag)
                given_back.clear()
            if time.monotonic() - looked_at > LOOKS_EVERY_SECONDS:
                looked_at = time.monotonic()
                self.unfetched = channel.queue_declare(OUT, passive=True).message_count

    def take_in(self, came: Sequence[amqp.Message]) -> int:
        """Keep what came, and return how many of it, from the first on.

        None while enough of this partner waits, or the database is away: the messages stay the
        broker's, whose count of deliveries they must not use up. What cannot be taken in at all
        is set apart for somebody to look at, so that the next ones go on.
        """
        for together in (came, came[:1]) if came else ():
            try:
                return self._keep(together)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
                where, fault = logs.where(error), type(error).__name__
                log.warning("not_taken_in", partner=self.agreement.code, fault=fault, where=where)
                if is_away(error):
                    self.stopping.wait(PAUSE_AFTER_FAULT_SECONDS)
                    return 0
        if came:
            self._set_apart(came[0])
        return len(came[:1])

    def _take_back(self, given_back: Sequence[amqp.Message]) -> bool:
        """Note what was not fetched, or not taken in; False: the database is away."""
        try:
            with self.sessions.begin() as session:
                returned.keep(
                    given_back,
                    agreement=self.agreement,
                    system=self.system,
                    session=session,
                    trace=self._new_trace(),
                )
        except DBAPIError as error:
            if not is_away(error):
                raise
            return False
        return True

    def _keep(self, came: Sequence[amqp.Message]) -> int:
        """Keep as many as there is room for; where there is none, wait for it a while."""
        code = self.agreement.code
        with self.sessions.begin() as session:
            most = self.turns.most_under_way(code, at=time.monotonic())
            room = queries.room(code, most=most, at=clock.now(), session=session)
            for message in came[:room]:
                inbound.receive(
                    returned.body_of(message),
                    agreement=self.agreement,
                    system=self.system,
                    types=INCOMING,
                    session=session,
                    trace=self._new_trace(),
                )
        self.turns.see(code, is_in_a_hurry=len(came) > room, at=time.monotonic())
        if not room:
            self.answered.wait(PAUSE_SECONDS)
            self.answered.clear()
        return len(came[:room])

    def _set_apart(self, message: amqp.Message) -> None:
        with self.sessions.begin() as session:
            inbound.set_apart(
                returned.body_of(message),
                inbound.NOT_TAKEN_IN,
                agreement=self.agreement,
                system=self.system,
                session=session,
                trace=self._new_trace(),
            )

    def _new_trace(self) -> Trace:
        actor = f"{self.agreement.organisation}/partner_system"
        return Trace.of_new_story(actor=actor, at=clock.now())

    def _send(self, connection: amqp.Connection) -> None:
        """Send what waits until told to stop, in order: confirmed first, then marked."""
        publisher = Publisher(connection)
        while not self.stopping.is_set():
            self.beats["send"] = time.monotonic()
            if self.woken.wait(PAUSE_SECONDS):
                self.woken.clear()
                while self._send_some(publisher):
                    self.beats["send"] = time.monotonic()
            publisher.keep_alive()

    def _send_some(self, publisher: Publisher) -> int:
        code, system = self.agreement.code, self.system.name
        with self.sessions.begin() as session:
            if not _is_only_sender(code, session=session):
                return 0
            rows = OutgoingMessage.next_to(code, system, most=MOST_AT_ONCE, session=session)
            refused = publisher.publish([_outgoing(row) for row in rows]) if rows else {}
            crash.point("partner.sent")
            for row in rows:
                if str(row.message_id) in refused:  # and what follows waits for it
                    row.attempts += 1
                    row.last_error = refused[str(row.message_id)]
                    break
                row.state, row.sent_at = OutgoingState.SENT, clock.now()
        if refused:
            self.stopping.wait(PAUSE_AFTER_FAULT_SECONDS)
        return len(rows) - len(refused)


def _outgoing(row: OutgoingMessage) -> Outgoing:
    return Outgoing(
        message_id=str(row.message_id),
        exchange="",
        routing_key=OUT,
        body=row.body,
        content_type=CONTENT_TYPE,
    )


def _is_only_sender(code: str, *, session: Session) -> bool:
    """Make sure that of several processes one sends to a partner, so that order is kept."""
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(f"send/{code}", 0))
    return bool(session.scalar(select(lock)))


def _listen(connection: amqp.Connection, came: Sequence[amqp.Message]) -> None:
    """Take all that the broker has for us, or answer its heartbeats."""
    try:
        while len(came) < MOST_AT_ONCE:
            connection.drain_events(timeout=SHORT_SECONDS if came else PAUSE_SECONDS)
    except TimeoutError:
        connection.heartbeat_tick()


def _close(connection: amqp.Connection | None) -> None:
    if connection is not None:
        try:
            connection.close()
        except BROKEN:
            connection.collect()
