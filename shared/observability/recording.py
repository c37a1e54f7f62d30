"""Records spans with OpenTelemetry. Imported only where there is a collector (``spans.py``)."""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from threading import Thread
from uuid import UUID

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.trace import Trace

LAST_SECONDS = 2

_W3C = TraceContextTextMapPropagator()
_story: ContextVar[int] = ContextVar("story")


class _StoryIds(RandomIdGenerator):
    """Lets a trace that begins here bear the id of its story."""

    def generate_trace_id(self) -> int:
        return _story.get()

    def is_trace_id_random(self) -> bool:
        return False  # six bits are the same in every UUID


class Recorder:
    """Spans leave in batches by a thread, a green one under eventlet; the last as we end."""

    def __init__(self, process: str) -> None:
        resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", process)})
        self._provider = TracerProvider(
            resource=resource, id_generator=_StoryIds(), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("commonpurse")
        atexit.register(self._send_the_last)

    def _send_the_last(self) -> None:
        """Send what is left, unless the collector is away: that must not keep us from ending."""
        sending = Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(LAST_SECONDS)

    @contextmanager
    def span(
        self, kind: str, name: str, place: str, message_id: UUID, trace: Trace
    ) -> Iterator[Trace]:
        """Record names and ids, and of a fault its type: its text can name a person."""
        about = {
            "messaging.system": "rabbitmq",
            "messaging.operation": name.split(maxsplit=1)[0],
            "messaging.destination.name": place,
            "messaging.message.id": str(message_id),
        }
        # What no collector has is nobody's parent: the trace begins here, with the story's id.
        is_recorded = int(trace.traceparent[-2:], 16) & 1
        parent = {"traceparent": trace.traceparent} if is_recorded else {}
        _story.set(trace.correlation_id.int)
        span = self._tracer.start_span(name, _W3C.extract(parent, Context()), SpanKind[kind], about)
        own: dict[str, str] = {}
        _W3C.inject(own, set_span_in_context(span))
        try:
            yield replace(trace, traceparent=own.get("traceparent", ""))
        except BaseException as error:
            span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            span.end()
