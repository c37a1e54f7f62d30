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
from services.partners.incoming import INCOMING
from services.partners.mesh_client import Mailbox, MeshAwayError
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.post import handlers
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
MOST_AT_ONCE = 50  # sent to one system before the inbox is looked at again
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
            # A full list means that there is more: it is asked for at once.
            self._looked_at = None if came else now
        return came + self._send_out()

    def _take_in(self) -> int:
        waiting = self._mailbox.waiting()
        for mesh_id in waiting:
            letter = self._mailbox.fetch(mesh_id, most_bytes=self._most_bytes)
            crash.point("mesh.fetched")
            with self._sessions.begin() as session:
                handlers.take_in(
                    letter,
                    agreements=self._register.agreements.values(),
                    types=INCOMING,
                    session=session,
                    trace=_new_trace(),
                )
            crash.point("mesh.taken_in")
            self._mailbox.acknowledge(mesh_id)
            crash.point("mesh.acknowledged")
        return len(waiting)

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
