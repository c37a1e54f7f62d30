"""``python -m services.partners.mesh``: between our mailbox at MESH and our tables."""

import sys
import threading
import time
from functools import partial
from uuid import uuid4

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from services.partners import partnership
from services.partners.agreements.rules import Agreement, System, Transport
from services.partners.inbound import queries
from services.partners.incoming import INCOMING
from services.partners.mesh_client import Mailbox, MeshAwayError
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.post import handlers
from services.partners.post.rules import NOBODY, Letter, partner_of
from services.partners.register import Register
from services.partners.settings import MeshSettings
from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging import crash, wake
from shared.messaging.stopping import stop_on_signal
from shared.observability import logs, probes, spans
from shared.settings import ServiceSettings
from shared.trace import Trace

NAME = "partners-mesh"
HANDSHAKE_EVERY_SECONDS = 24 * 60 * 60
MOST_AT_ONCE = 50  # fetched before what waits is sent, and sent to one system before that
PAUSE_AFTER_FAULT_SECONDS = 5.0

log = structlog.get_logger()


class Postman:
    """Goes to the mailbox and back: one at a time, whichever process of several it is."""

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        register: Register,
        sessions: sessionmaker[Session],
        poll_seconds: float,
    ) -> None:
        self._mailbox = mailbox
        self._register = register
        self._sessions = sessions
        self._poll_seconds = poll_seconds
        self._shook_hands_at: float | None = None
        self._looked_at: float | None = None
        self._is_more_there = False
        self._partner_of: dict[str, str] = {}  # by MESH's id, of what waits for room
        self._most_bytes = max(
            (one.limits.message_bytes for one in register.agreements.values()), default=0
        )

    def go_round(self) -> int:
        """Do what is due; returns how many messages came or went.

        Raises:
            MeshAwayError: what was done until then is done.
        """
        now = time.monotonic()
        if self._shook_hands_at is None or now - self._shook_hands_at > HANDSHAKE_EVERY_SECONDS:
            self._mailbox.shake_hands()
            self._shook_hands_at = now
        came = 0
        if self._looked_at is None or now - self._looked_at >= self._poll_seconds:
            came = self._take_in()
            # Where there is more, the next look is soon: when something was answered.
            self._looked_at = None if came or self._is_more_there else now
        return came + self._send_out()

    def _take_in(self) -> int:
        """Take in what there is room for; the rest waits in the mailbox, and holds up nobody."""
        waiting = self._mailbox.waiting()
        known = self._partner_of
        self._partner_of = {one: known[one] for one in waiting if one in known}
        full: set[str] = set()  # partners of whom enough is under way
        came = looked_at = 0
        for mesh_id in waiting:
            if self._partner_of.get(mesh_id) in full:
                continue
            if looked_at == MOST_AT_ONCE:
                break
            looked_at += 1
            letter = self._mailbox.fetch(mesh_id, most_bytes=self._most_bytes)
            crash.point("mesh.fetched")
            partner = partner_of(letter, self._register.agreements.values())
            if partner in full or not self._has_room(partner):
                self._partner_of[mesh_id] = partner
                full.add(partner)
                continue
            self._keep(letter)
            came += 1
        self._is_more_there = len(waiting) > came
        return came

    def _has_room(self, partner: str) -> bool:
        if partner == NOBODY:
            return True
        with self._sessions.begin() as session:
            return queries.room(partner, at=clock.now(), session=session) > 0

    def _keep(self, letter: Letter) -> None:
        with self._sessions.begin() as session:
            handlers.take_in(
                letter,
                agreements=self._register.agreements.values(),
                types=INCOMING,
                session=session,
                trace=_new_trace(),
            )
        crash.point("mesh.taken_in")
        self._mailbox.acknowledge(letter.mesh_id)
        crash.point("mesh.acknowledged")

    def _send_out(self) -> int:
        return sum(
            self._send_to(agreement, system)
            for agreement in self._register.agreements.values()
            for system in agreement.systems
            if system.transport is Transport.MESH
        )

    def _send_to(self, agreement: Agreement, system: System) -> int:
        with self._sessions.begin() as session:
            rows = OutgoingMessage.next_to(
                agreement.code, system.name, most=MOST_AT_ONCE, session=session
            )
        for row in rows:
            mesh_id = self._mailbox.send(
                row.body,
                to=system.mailbox,
                workflow=system.workflow_out,
                local_id=str(row.message_id),
                subject=row.message_type,
            )
            crash.point("mesh.sent")
            with self._sessions.begin() as session:
                sent = session.get_one(OutgoingMessage, row.position)
                sent.state, sent.sent_at, sent.outside_id = (
                    OutgoingState.SENT,
                    clock.now(),
                    mesh_id,
                )
        return len(rows)


def _new_trace() -> Trace:
    id_ = uuid4()
    actor = "partners/system"
    return Trace(correlation_id=id_, causation_id=id_, actor=actor, at=clock.now())


def _is_alone(engine: Engine, stopping: threading.Event) -> bool:
    """Wait until no other process goes to the mailbox; False when told to stop meanwhile."""
    guard = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    lock = select(func.pg_try_advisory_lock(func.hashtextextended(NAME, 0)))
    while not guard.scalar(lock):
        probes.tick()
        if stopping.wait(PAUSE_AFTER_FAULT_SECONDS):
            return False
    return True


def main() -> int:
    """Go to the mailbox until somebody stops us."""
    logs.configure(process=NAME)
    spans.configure(process=NAME)
    settings, mesh = ServiceSettings.from_environment(), MeshSettings.from_environment()
    engine = open_engine(settings.database_url, pool_size=2)
    sessions = open_sessions(engine)
    wake.nudge_after_commit(sessions, directory=settings.wake_directory, service="partners")
    alarm = wake.Alarm(directory=settings.wake_directory, name=NAME)
    stopping = threading.Event()
    stop_on_signal(partial(_stop, stopping, settings.wake_directory))
    probes.serve({"database": partial(probes.database_answers, sessions.begin)})
    postman = Postman(
        Mailbox(mesh),
        register=partnership.current().register,
        sessions=sessions,
        poll_seconds=mesh.poll_seconds,
    )
    if not _is_alone(engine, stopping):
        return 0
    while not stopping.is_set():
        probes.tick()
        try:
            if not postman.go_round():
                alarm.wait()
        except MeshAwayError as error:
            log.warning("mesh_away", fault=str(error))
            stopping.wait(PAUSE_AFTER_FAULT_SECONDS)
    return 0


def _stop(stopping: threading.Event, wake_directory: str) -> None:
    stopping.set()
    wake.nudge(wake_directory, NAME)


if __name__ == "__main__":
    sys.exit(main())
