"""``python -m services.partners.mesh``: between our mailbox at MESH and our tables."""

import sys
import threading
import time
from contextlib import closing
from functools import partial

import structlog
from sqlalchemy import Connection, Engine, func, literal, select
from sqlalchemy.orm import Session, sessionmaker

from services.partners import partnership
from services.partners.agreements.rules import Agreement, System, Transport
from services.partners.inbound import queries
from services.partners.incoming import INCOMING
from services.partners.mesh_client import Mailbox, MeshAwayError, MeshRefusedError
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
REFUSED, MOST_REFUSALS = "refused", 20  # of one message, some seconds between two

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
        self._failed: set[str] = set()  # letters that could not be fetched
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
        faults: list[MeshAwayError] = []  # what fails one way holds up no other
        if self._looked_at is None or now - self._looked_at >= self._poll_seconds:
            try:
                came = self._take_in()
            except MeshAwayError as error:
                faults.append(error)
            else:
                # Where there is more, the next look is soon: when something was answered.
                self._looked_at = None if came or self._is_more_there else now
        sent = self._send_out(faults)
        if faults:
            raise faults[0]
        return came + sent

    def _take_in(self) -> int:
        """Take in what there is room for; the rest waits in the mailbox, and holds up nobody."""
        waiting = sorted(self._mailbox.waiting(), key=self._failed.__contains__)
        self._failed &= set(waiting)
        known = self._partner_of
        self._partner_of = {one: known[one] for one in waiting if one in known}
        full: set[str] = set()  # partners of whom enough is under way
        came = looked_at = 0
        for mesh_id in waiting:
            partner = self._partner_of.get(mesh_id, NOBODY)
            if partner in full or not self._has_room(partner):
                full.add(partner)
                continue
            if looked_at == MOST_AT_ONCE:
                break
            looked_at += 1
            letter = self._fetch(mesh_id)
            partner = partner_of(letter, self._register.agreements.values())
            if partner in full or not self._has_room(partner):
                self._partner_of[mesh_id] = partner
                full.add(partner)
                continue
            self._keep(letter)
            came += 1
        self._is_more_there = len(waiting) > came
        return came

    def _fetch(self, mesh_id: str) -> Letter:
        """Fetch a letter; one that cannot be had is tried again when all others were."""
        try:
            letter = self._mailbox.fetch(mesh_id, most_bytes=self._most_bytes)
        except MeshAwayError:
            self._failed.add(mesh_id)
            raise
        crash.point("mesh.fetched")
        return letter

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
                trace=Trace.of_new_story(actor="partners/system", at=clock.now()),
            )
        crash.point("mesh.taken_in")
        self._mailbox.acknowledge(letter.mesh_id)
        crash.point("mesh.acknowledged")

    def _send_out(self, faults: list[MeshAwayError]) -> int:
        """Send what waits to every system; what goes wrong with one is added to the faults."""
        sent = 0
        for agreement in self._register.agreements.values():
            for system in agreement.systems:
                if system.transport is Transport.MESH:
                    try:
                        sent += self._send_to(agreement, system)
                    except MeshAwayError as error:
                        faults.append(error)
        return sent

    def _send_to(self, agreement: Agreement, system: System) -> int:
        with self._sessions.begin() as session:
            rows = OutgoingMessage.next_to(
                agreement.code, system.name, most=MOST_AT_ONCE, session=session
            )
        for row in rows:
            try:
                mesh_id = self._mailbox.send(
                    row.body,
                    to=system.mailbox,
                    workflow=system.workflow_out,
                    local_id=str(row.message_id),
                    subject=row.message_type,
                )
            except MeshRefusedError:
                self._note_refusal(row.position)
                raise
            crash.point("mesh.sent")
            with self._sessions.begin() as session:
                sent = session.get_one(OutgoingMessage, row.position)
                sent.state, sent.sent_at, sent.outside_id = (
                    OutgoingState.SENT,
                    clock.now(),
                    mesh_id,
                )
        return len(rows)

    def _note_refusal(self, position: int) -> None:
        """Try again for a while what MESH does not take; then it is somebody's task."""
        with self._sessions.begin() as session:
            refused = session.get_one(OutgoingMessage, position)
            refused.attempts += 1
            refused.last_error = REFUSED
            if refused.attempts >= MOST_REFUSALS:
                refused.state = OutgoingState.UNDELIVERED


def _alone(engine: Engine, stopping: threading.Event) -> Connection | None:
    """Wait until no other process goes to the mailbox; None when told to stop meanwhile.

    The lock is the connection's: whoever holds it looks whether it is still there.
    """
    guard = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    lock = select(func.pg_try_advisory_lock(func.hashtextextended(NAME, 0)))
    while not guard.scalar(lock):
        probes.tick()
        if stopping.wait(PAUSE_AFTER_FAULT_SECONDS):
            return None
    return guard


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
    with closing(Mailbox(mesh)) as mailbox:
        postman = Postman(
            mailbox,
            register=partnership.current().register,
            sessions=sessions,
            poll_seconds=mesh.poll_seconds,
        )
        guard = _alone(engine, stopping)
        while guard is not None and not stopping.is_set():
            probes.tick()
            guard.execute(select(literal(1)))  # or else it ends, and another may be there by now
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
