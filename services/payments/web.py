"""What is called from outside. Run by gunicorn with threads; no broker in the way.

``gunicorn --threads 8 'services.payments.web:create_app()'``
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from uuid import uuid4

import structlog
from flask import Flask, Response, request
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException

from services.payments import addresses, signatures
from services.payments.bank_events import handlers as bank_events
from services.payments.bank_events import wire as bank_wire
from services.payments.decisions import handlers as decisions
from services.payments.decisions import wire as decision_wire
from services.payments.decisions.commands import DecideAuthorisation
from services.payments.issuer_events import wire as issuer_wire
from services.payments.issuers import issuer_of
from services.payments.prepared import prepare_on
from services.payments.receipt_files.store import ReceiptStore
from services.payments.settings import PaymentsSettings
from services.payments.signatures import BadSignatureError
from services.payments.web_receipts import ReceiptFiles
from shared import clock
from shared.contracts import documents
from shared.contracts.documents import UnreadableDocumentError
from shared.database import open_engine, open_sessions
from shared.messaging import wake
from shared.messaging.inbox import Transaction
from shared.observability import logs, probes, spans
from shared.trace import Trace

LARGEST_BODY_BYTES = 64 * 1024
ANSWER_WITHIN_SECONDS = 1.6  # the network gives up after two; a yes that it never saw binds money
CONNECTIONS = 8  # one for each thread
# None of these is ours to mend: the same body again would fail again.
NOT_ACCEPTED = (
    BadSignatureError,
    UnreadableDocumentError,
    ValidationError,
    DataError,
    RecursionError,
    UnicodeEncodeError,  # half a pair of surrogates in an id
    HTTPException,
)

log = structlog.get_logger()


class TooLateError(Exception):
    """The decision took longer than the network waits: it is undone, and the answer is no."""


def create_app() -> Flask:
    settings = PaymentsSettings.from_environment()
    logs.configure(process="payments-web")
    spans.configure(process="payments-web")
    engine = open_engine(settings.service.database_url, pool_size=CONNECTIONS)
    prepare_on(engine)
    sessions = open_sessions(engine)
    wake.nudge_after_commit(sessions, directory=settings.service.wake_directory, service="payments")
    return app_on(sessions.begin, settings=settings)


def app_on(transaction: Transaction, *, settings: PaymentsSettings) -> Flask:
    """Return the web application on a database."""
    webhooks = Webhooks(transaction, settings=settings)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.before_request(structlog.contextvars.clear_contextvars)  # of the request before
    for path, view in (
        (decision_wire.PATH, webhooks.decide),
        (issuer_wire.PATH, webhooks.issuer_event),
        (bank_wire.PATH, webhooks.bank_event),
    ):
        app.add_url_rule(path, view_func=_guarded(view), endpoint=path, methods=["POST"])
    store = ReceiptStore(settings.receipts_directory)
    receipts = ReceiptFiles(transaction, store=store, new_trace=_new_trace)
    path = f"{addresses.PATH}/<token>"
    app.add_url_rule(path, "put receipt", receipts.put, methods=["PUT", "POST"])
    app.add_url_rule(path, "get receipt", receipts.get, methods=["GET"])
    app.add_url_rule("/health/live", view_func=live)
    checks = {"database": partial(probes.database_answers, transaction)}
    app.add_url_rule("/health/ready", endpoint="ready", view_func=partial(probes.ready, checks))
    return app


def live() -> Response:
    return _json(b'{"status":"live"}')


class Webhooks:
    """The three things that are told us from outside."""

    def __init__(self, transaction: Transaction, *, settings: PaymentsSettings) -> None:
        self._transaction = transaction
        self._settings = settings
        self._issuer = issuer_of(settings)

    def decide(self) -> Response:
        """Answer whether a card may pay. Any fault of ours is a no, within the time limit."""
        began_at = time.monotonic()
        command = self._issuer.asked(request.get_data(cache=False), request.headers)
        try:
            answer = self._decided(command, began_at=began_at)
        except Exception:
            log.exception("decision_fault", event_id=command.event_id)
            answer = self._issuer.fault
        return _json(answer, self._issuer.answer_headers)

    def _decided(self, command: DecideAuthorisation, *, began_at: float) -> bytes:
        """Decide; where the connection turns out to be lost, once more on a new one.

        The network asks once, and a question that was decided is answered from the table.
        """
        decide = partial(
            decisions.decide,
            command,
            write=self._issuer.answer,
            elapsed_ms=lambda: (time.monotonic() - began_at) * 1000,
            trace=_new_trace(),
        )
        try:
            return self._in_time(decide, began_at=began_at)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return self._in_time(decide, began_at=began_at)

    def _in_time(self, decide: Callable[..., bytes], *, began_at: float) -> bytes:
        with self._transaction() as session:
            answer = decide(session=session)
            _see_that_it_is_in_time(began_at)
        return answer

    def issuer_event(self) -> Response:
        """Keep what the issuer tells; it is applied from the table."""
        body = request.get_data(cache=False)
        with self._transaction() as session:
            self._issuer.told(body, request.headers, session=session, trace=_new_trace())
        return _json(b"{}")

    def bank_event(self) -> Response:
        """Keep what the bank tells; it is applied from the table."""
        body = request.get_data(cache=False)
        secret = self._settings.bank_webhook_secret
        event_id = signatures.check_standard(body, request.headers, secret=secret)
        with self._transaction() as session:
            bank_events.keep(event_id, _document(body), session=session, trace=_new_trace())
        return _json(b"{}")


def _guarded(view: Callable[[], Response]) -> Callable[[], Response]:
    """Answer 400 to what is not signed or not readable; nothing of it is stored or shown."""

    def guarded() -> Response:
        try:
            return view()
        except NOT_ACCEPTED as error:
            reason = type(error).__name__
            log.warning("webhook_not_accepted", path=request.path, reason=reason)
            return _json(b'{"error":"not accepted"}', status=HTTPStatus.BAD_REQUEST)

    return guarded


def _see_that_it_is_in_time(began_at: float) -> None:
    if time.monotonic() - began_at > ANSWER_WITHIN_SECONDS:
        raise TooLateError


def _document(body: bytes) -> dict[str, object]:
    return documents.read(body, content_type="application/json")


def _json(
    body: bytes, headers: Mapping[str, str] | None = None, *, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    return Response(body, status=status, headers=headers, mimetype="application/json")


def _new_trace() -> Trace:
    """Begin a story; where the message is about a purchase, it joins that one's."""
    trace = Trace(
        correlation_id=uuid4(), causation_id=uuid4(), actor="outside/webhook", at=clock.now()
    )
    logs.bind_story(trace)
    return trace
