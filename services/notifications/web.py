"""Where providers bring their receipts. Run by gunicorn, without eventlet.

A receipt that is answered with 4xx never comes again, so only a wrong token, a body that is
too large and one that is no receipt get that; whatever goes wrong on our side is a 503.
"""

import hmac
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from uuid import uuid4

import structlog
from flask import Flask, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.notifications.delivery.commands import KeepReceipt
from services.notifications.delivery.handlers import keep_receipt
from services.notifications.delivery.wire import CREDENTIALS_HEADER, NotifyReceipt
from services.notifications.nhs_receipts import wire as nhs_receipts
from services.notifications.provider_settings import NhsCallbackSettings
from services.notifications.settings import CallbackSettings
from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging import wake
from shared.observability import logs, probes, spans
from shared.settings import ServiceSettings
from shared.trace import Trace

LARGEST_BODY_BYTES = 64 * 1024
THREADS = 8

log = structlog.get_logger()


class Callbacks:
    """The routes, with what they need."""

    def __init__(
        self,
        *,
        sessions: sessionmaker[Session],
        settings: CallbackSettings,
        nhs: NhsCallbackSettings | None = None,
    ) -> None:
        self._sessions = sessions
        self._nhs = nhs
        self._expected = f"Bearer {settings.token}".encode()

    def govuk(self) -> ResponseReturnValue:
        """Take a receipt from GOV.UK Notify."""
        given = request.headers.get(CREDENTIALS_HEADER, "").encode()
        if not hmac.compare_digest(given, self._expected):
            log.warning("receipt_with_wrong_token")
            return "", HTTPStatus.UNAUTHORIZED
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, Mapping):
            return "", HTTPStatus.BAD_REQUEST
        try:
            receipt = NotifyReceipt().load(body)
        except ValidationError as error:
            log.warning("receipt_unreadable", fields=sorted(map(str, error.messages_dict)))
            return "", HTTPStatus.UNPROCESSABLE_ENTITY
        return self._keep([receipt])

    def nhs(self) -> ResponseReturnValue:
        """Take what NHS Notify says of messages, in the statuses that it asks for."""
        try:
            receipts = nhs_receipts.receipts(
                request.get_data(), request.headers, settings=self._nhs
            )
        except nhs_receipts.UnwelcomeError as error:
            log.warning("receipt_refused", status=error.status)
            return "", error.status
        return self._keep(receipts)

    def live(self) -> ResponseReturnValue:
        return {"status": "live"}

    def _keep(self, receipts: Sequence[KeepReceipt]) -> ResponseReturnValue:
        told = uuid4()
        actor = f"{receipts[0].provider if receipts else 'nobody'}/provider"
        trace = Trace(correlation_id=told, causation_id=told, actor=actor, at=clock.now())
        logs.bind_story(trace)
        try:
            with self._sessions.begin() as session:
                for receipt in receipts:
                    keep_receipt(receipt, session=session, trace=trace)
        except SQLAlchemyError:
            log.exception("receipts_not_kept", ids=[one.provider_id for one in receipts])
            return "", HTTPStatus.SERVICE_UNAVAILABLE
        for receipt in receipts:
            log.info("receipt_kept", provider_id=receipt.provider_id, status=receipt.status)
        return "", HTTPStatus.NO_CONTENT


def application(
    *,
    sessions: sessionmaker[Session],
    settings: CallbackSettings,
    nhs: NhsCallbackSettings | None = None,
) -> Flask:
    """Return the application on these sessions."""
    callbacks = Callbacks(sessions=sessions, settings=settings, nhs=nhs)
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY_BYTES
    app.before_request(structlog.contextvars.clear_contextvars)  # of the request before
    app.add_url_rule("/callbacks/govuk", view_func=callbacks.govuk, methods=["POST"])
    app.add_url_rule("/callbacks/nhs", view_func=callbacks.nhs, methods=["POST"])
    app.add_url_rule("/health/live", view_func=callbacks.live, methods=["GET"])
    checks = {"database": partial(probes.database_answers, sessions.begin)}
    app.add_url_rule("/health/ready", endpoint="ready", view_func=partial(probes.ready, checks))
    return app


def create_app() -> Flask:
    """Return the application for gunicorn, or refuse to start without its settings."""
    logs.configure(process="notifications-web")
    spans.configure(process="notifications-web")
    settings = ServiceSettings.from_environment()
    engine = open_engine(settings.database_url, pool_size=THREADS, asks_first=True)
    sessions = open_sessions(engine)
    wake.nudge_after_commit(sessions, directory=settings.wake_directory, service="notifications")
    return application(
        sessions=sessions,
        settings=CallbackSettings.from_environment(),
        nhs=NhsCallbackSettings.from_environment(),
    )
