"""``python -m services.partners.bridge``: between the partners' virtual hosts and our tables."""

import math
import sys
import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

import structlog
from prometheus_client import REGISTRY
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.partners import gone, partnership
from services.partners.agreements.rules import Agreement
from services.partners.figures import PartnerCollector
from services.partners.lanes import Lane
from services.partners.outbound.models import OutgoingMessage
from services.partners.settings import PartnersSettings
from services.partners.turns import Turns
from shared import clock
from shared.database import is_away, open_engine, open_sessions
from shared.messaging import wake
from shared.messaging.stopping import stop_on_signal
from shared.observability import logs, probes, spans
from shared.settings import ServiceSettings

NAME = "partners-bridge"
THREADS_OF_A_LANE = 2
SPARE = 3  # connections: for who is to be woken, whoever asks whether it is ready, and figures
STALLED_AFTER_SECONDS = 30
LOOKS_FOR_THE_GONE_EVERY_SECONDS = 60
GONE_AFTER = timedelta(hours=1)

log = structlog.get_logger()


def main() -> int:
    """Run a lane for each partner that is reached over AMQP, until somebody stops us."""
    logs.configure(process=NAME)
    spans.configure(process=NAME)
    settings, own = ServiceSettings.from_environment(), PartnersSettings.from_environment()
    agreements = partnership.current().register.agreements.values()
    reached = [one for one in agreements if one.has_amqp]
    engine = open_engine(settings.database_url, pool_size=THREADS_OF_A_LANE * len(reached) + SPARE)
    sessions = open_sessions(engine)
    wake.nudge_after_commit(sessions, directory=settings.wake_directory, service="partners")
    alarm = wake.Alarm(directory=settings.wake_directory, name=NAME)
    stopping = threading.Event()
    stop_on_signal(partial(_stop, stopping, settings.wake_directory))
    probes.serve({"database": partial(probes.database_answers, sessions.begin)})
    turns = Turns()
    lanes = [
        Lane(
            agreement=agreement,
            url=own.url_of(agreement.virtual_host),
            sessions=sessions,
            stopping=stopping,
            turns=turns,
        )
        for agreement in reached
    ]
    partners = partnership.current().register.agreements
    REGISTRY.register(PartnerCollector(engine, lanes, partners=partners))
    threads = [thread for lane in lanes for thread in lane.start()]
    looked_at = -math.inf
    while not stopping.is_set():
        alarm.wait()
        if time.monotonic() - looked_at > LOOKS_FOR_THE_GONE_EVERY_SECONDS:
            looked_at = time.monotonic()
            _lay_by(sessions, agreements)
        awaited = _awaited(sessions)
        for lane in lanes:
            lane.wake(to_send=(lane.agreement.code, lane.system.name) in awaited)
        if all(_goes_round(lane) for lane in lanes):
            probes.tick()
    for thread in threads:
        thread.join()
    return 0


def _stop(stopping: threading.Event, wake_directory: str) -> None:
    stopping.set()
    wake.nudge(wake_directory, NAME)


def _lay_by(sessions: sessionmaker[Session], agreements: Iterable[Agreement]) -> None:
    """Make tasks of what waits for whom no file names any more; later, if nobody can say now."""
    try:
        with sessions.begin() as session:
            gone.lay_by(agreements, before=clock.now() - GONE_AFTER, session=session)
    except SQLAlchemyError as error:
        if not is_away(error):
            log.warning("not_laid_by", fault=type(error).__name__)


def _awaited(sessions: sessionmaker[Session]) -> set[tuple[str, str]]:
    """Ask once for all lanes to whom something is to be sent; nobody, while nobody can say."""
    try:
        with sessions.begin() as session:
            return OutgoingMessage.awaited(session=session)
    except SQLAlchemyError as error:
        if not is_away(error):  # it passes by itself
            log.warning("not_asked_for_whom", fault=type(error).__name__)
        return set()


def _goes_round(lane: Lane) -> bool:
    """Tell whether both threads of a lane went round lately."""
    return all(time.monotonic() - beat < STALLED_AFTER_SECONDS for beat in lane.beats.values())


if __name__ == "__main__":
    sys.exit(main())
