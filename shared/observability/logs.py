"""Logs: one line of JSON for each request or message, with ids and units.

Never a name, a number that identifies a person, an address, free text or a message's body.
"""

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared import clock

Entry = MutableMapping[str, Any]

STORY = ("correlation_id", "causation_id", "actor", "traceparent")
OURS = {"services", "shared", "clients", "operations", "simulators", "demo"}
_QUIET = ("amqp", "kombu", "sqlalchemy", "urllib3", "werkzeug", "stripe")


def _suite_time(_logger: object, _method: str, entry: Entry) -> Entry:
    entry["at"] = clock.now().isoformat(timespec="milliseconds")
    return entry


def configure(*, process: str) -> None:
    """Send every log line of this process, libraries' included, to standard output as JSON."""
    steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _suite_time,
    ]
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )

    def name_process(_logger: object, _method: str, entry: Entry) -> Entry:
        entry["process"] = process
        return entry

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*steps],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                name_process,
                _fault_without_its_text,
                structlog.processors.JSONRenderer(sort_keys=True),
            ],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(os.environ.get("COMMONPURSE_LOG_LEVEL", "info").upper())
    logging.getLogger("nameko").setLevel(logging.CRITICAL)  # its error lines carry exception texts
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _fault_without_its_text(_logger: object, _method: str, entry: Entry) -> Entry:
    """Show where a fault happened and of what type, not its text: that can name a person."""
    exc_info = entry.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info if isinstance(exc_info, BaseException) else (exc_info or (None, None))[1]
    if error is not None:
        entry["fault"] = type(error).__name__
        entry["where"] = where(error)
    return entry


def where(error: BaseException) -> str:
    """Return the innermost line of ours that ``error`` passed, as ``module:line``."""
    place = "unknown"
    step = error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.split(".")[0] in OURS:
            place = f"{module}:{step.tb_lineno}"
        step = step.tb_next
    return place


def story(told: Any) -> dict[str, str]:
    """Return what tells the story of a ``Trace``, or of a row that keeps one."""
    return {name: str(getattr(told, name)) for name in STORY}


def bind_story(told: Any) -> None:
    """Put the story, the cause, the actor and the span of the work on every line it logs."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**story(told))
