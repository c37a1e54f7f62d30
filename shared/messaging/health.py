"""What a service says of its messages: whether any is waiting, stuck or dead."""

from collections.abc import Iterable, Iterator
from typing import Any

import structlog
from marshmallow import Schema
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shared.messaging.tables import DUE

_FIGURES = text(f"""
    SELECT (SELECT count(*) FROM outbox WHERE state = 'pending') AS outbox_pending,
           (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)
            FROM outbox WHERE state = 'pending') AS outbox_oldest_seconds,
           (SELECT count(*) FROM outbox WHERE state = 'parked') AS outbox_parked,
           (SELECT count(*) FROM inbox WHERE state = 'retry') AS inbox_retries_waiting,
           (SELECT count(*) FROM inbox WHERE state = 'dead') AS inbox_dead,
           (SELECT count(*) FROM dead_letters WHERE state = 'dead') AS dead_letters,
           (SELECT count(*) FROM errands WHERE {DUE}) AS errands_open,
           (SELECT count(*) FROM errands WHERE state = 'failed') AS errands_failed
""")  # noqa: S608  # nosec B608  # words of our own

log = structlog.get_logger()


class HealthForm(Schema):
    """Nothing is asked but how it goes."""


def health(_asked: Any, *, session: Session) -> dict[str, int]:
    """Return figures; all of them are 0 when the service is quiet and nothing is stuck."""
    figures = session.execute(_FIGURES).mappings().one()
    return {name: int(figure) for name, figure in figures.items()}


class MessageCollector(Collector):
    """The same figures for Prometheus, asked of the database whenever it asks."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> Iterable[Metric]:
        return ()  # to be registered, it asks nothing

    def collect(self) -> Iterator[Metric]:
        try:
            with Session(self._engine) as session:
                figures = health(None, session=session)
        except SQLAlchemyError:
            log.warning("figures_not_counted", exc_info=True)
            return
        for name, figure in figures.items():
            counted = "Counted in the service's own tables."
            yield GaugeMetricFamily(f"commonpurse_{name}", counted, value=figure)
