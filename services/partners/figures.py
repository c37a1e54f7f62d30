"""What the bridge tells Prometheus of each partner, by its code, whenever it asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import structlog
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from services.partners.inbound.models import ReceivedMessage, ReceivedState, UnreadableMessage
from services.partners.lanes import Lane
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from shared import clock

log = structlog.get_logger()

_WAITING = (
    select(ReceivedMessage.partner, func.min(ReceivedMessage.received_at))
    .where(ReceivedMessage.state == ReceivedState.WAITING)
    .group_by(ReceivedMessage.partner)
)
_PENDING = (
    select(OutgoingMessage.partner, func.min(OutgoingMessage.created_at))
    .where(OutgoingMessage.state == OutgoingState.PENDING)
    .group_by(OutgoingMessage.partner)
)
_UNDELIVERED = (
    select(OutgoingMessage.partner, func.count())
    .where(OutgoingMessage.state == OutgoingState.UNDELIVERED)
    .group_by(OutgoingMessage.partner)
)
_UNREADABLE = (
    select(UnreadableMessage.partner, func.count())
    .where(UnreadableMessage.seen_to_at.is_(None))
    .group_by(UnreadableMessage.partner)
)


class PartnerCollector(Collector):
    """Counted in our own tables, but for what waits in a partner's queue: the broker knows that."""

    def __init__(self, engine: Engine, lanes: Sequence[Lane], *, partners: Iterable[str]) -> None:
        self._engine = engine
        self._lanes = lanes
        self._partners = sorted(partners)

    def describe(self) -> Iterable[Metric]:
        return ()  # to be registered, it asks nothing

    def collect(self) -> Iterator[Metric]:
        unfetched = {
            lane.agreement.code: lane.unfetched
            for lane in self._lanes
            if lane.unfetched is not None
        }
        yield _gauge("unfetched", "Messages that wait in the partner's own queue.", unfetched)
        try:
            with Session(self._engine) as session:
                yield from self._counted(session)
        except SQLAlchemyError:
            log.warning("figures_not_counted", exc_info=True)

    def _counted(self, session: Session) -> Iterator[Metric]:
        now, none = clock.now(), dict.fromkeys(self._partners, 0)
        for name, says, oldest in (
            ("answering_oldest_seconds", "Age of the oldest that is not answered.", _WAITING),
            ("sending_oldest_seconds", "Age of the oldest that is not sent.", _PENDING),
        ):
            ages = {
                partner: (now - since).total_seconds() for partner, since in session.execute(oldest)
            }
            yield _gauge(name, says, {**none, **ages})
        for name, says, count in (
            ("undelivered", "Messages that the partner did not fetch in time.", _UNDELIVERED),
            ("unreadable", "Messages that nobody could be answered about.", _UNREADABLE),
        ):
            yield _gauge(name, says, {**none, **dict(session.execute(count).all())})


def _gauge(name: str, says: str, values: Mapping[str, float]) -> Metric:
    gauge = GaugeMetricFamily(f"commonpurse_partner_{name}", says, labels=["partner"])
    for partner, value in values.items():
        gauge.add_metric([partner], value)
    return gauge
