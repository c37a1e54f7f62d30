"""A collector of spans, as OpenTelemetry's exporters see one."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


class Seen(NamedTuple):
    """One span, with ids as the wire writes them."""

    process: str
    kind: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    failed_with: str
    attributes: dict[str, str]

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"


class Collector:
    """Keeps every span that it is sent, and what it was sent, byte for byte."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.heard = b""
        collector = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                collector.take(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *words) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self._server.server_port}",
            # So that nothing but the end of a process sends its spans.
            "OTEL_BSP_SCHEDULE_DELAY": "600000",
        }

    def take(self, body: bytes) -> None:
        self.heard += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_seen(named["service.name"], span) for span in scope.spans]

    def span(self, name: str, **attributes: str) -> Seen:
        """Return the one span of this name with these attributes."""
        (found,) = (
            one
            for one in self.spans
            if one.name == name and attributes.items() <= one.attributes.items()
        )
        return found

    @contextmanager
    def listening(self) -> Iterator["Collector"]:
        Thread(target=self._server.serve_forever, daemon=True).start()
        yield self
        self._server.shutdown()
        self._server.server_close()


def _seen(process: str, span: Span) -> Seen:
    failed = span.status.code == Status.STATUS_CODE_ERROR
    return Seen(
        process=process,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"),
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        failed_with=span.status.message if failed else "",
        attributes={one.key: one.value.string_value for one in span.attributes},
    )
