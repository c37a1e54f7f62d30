"""Spans across publish and consume, where the environment names a collector for them.

OpenTelemetry's own variables do: ``OTEL_EXPORTER_OTLP_ENDPOINT`` and the others. Where it is not
set nothing of OpenTelemetry is imported, and ``shared.trace`` makes the traceparents.
"""

import os
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any
from uuid import UUID

from shared.trace import Trace

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_recorder: Any = None


def configure(*, process: str) -> None:
    """Send the spans of this process to the collector that the environment names, if any."""
    global _recorder  # noqa: PLW0603 - one for the process, as with the logs
    if any(map(os.environ.get, _ENDPOINTS)):
        _recorder = import_module("shared.observability.recording").Recorder(process)


def span(
    kind: str, name: str, *, place: str, message_id: UUID, trace: Trace
) -> AbstractContextManager[Trace]:
    """Work in a span of its own, and get the trace for whatever the work causes.

    Args:
        kind: PRODUCER, CONSUMER, SERVER or CLIENT.
        name: what is done to which event, operation or errand: ``publish budget.hold_placed.v1``.
        place: the exchange or the queue.
        message_id: of the event, the command or the errand.
        trace: what caused the work; its span is the parent.
    """
    if _recorder is None:
        return nullcontext(trace)
    recorded: AbstractContextManager[Trace] = _recorder.span(kind, name, place, message_id, trace)
    return recorded
