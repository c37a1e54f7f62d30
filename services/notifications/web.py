"""Where providers bring receipts and replies, and people say no. Run by gunicorn, without eventlet.

A receipt that is answered with 4xx never comes again, so only a wrong token, a body that is
too large and one that is no receipt get that; whatever goes wrong on our side is a 503.
"""

import hmac
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from uuid import uuid4

import structlog
from flask import Flask, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from services.notifications import start
from services.notifications.delivery.handlers import keep_receipt
from services.notifications.delivery.rules import NHS_NOTIFY
from services.notifications.delivery.wire import CREDENTIALS_HEADER, NotifyReceipt
from services.notifications.delivery.wire import PROVIDER as NOTIFY
from services.notifications.nhs_receipts import wire as nhs_receipts
from services.notifications.provider_settings import NhsCallbackSettings
from services.notifications.replies.handlers import take_reply
from services.notifications.replies.wire import NotifyReceivedText
from services.notifications.settings import CallbackSettings
from services.notifications.web_unsubscribe import UnsubscribePage
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
        nhs: NhsCallbackSettings | None,
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._nhs = nhs

    def govuk(self) -> ResponseReturnValue:
        """Take a receipt from GOV.UK Notify."""
        return self._take_from_notify(NotifyReceipt(), keep_receipt, token=self._settings.token)

    def govuk_inbound(self) -> ResponseReturnValue:
        """Take a text that somebody sent us, from GOV.UK Notify."""
        token = self._settings.inbound_token
        return self._take_from_notify(NotifyReceivedText(), take_reply, token=token)

    def nhs(self) -> ResponseReturnValue:
        """Take what NHS Notify says of messages, in the statuses that it asks for."""
        try:
            body, headers = request.get_data(), request.headers
            receipts = nhs_receipts.receipts(body, headers, settings=self._nhs)
        except nhs_receipts.UnwelcomeError as error:
            log.warning("callback_refused", status=error.status)
            return "", error.status
        return self._keep(*(partial(keep_receipt, one) for one in receipts), actor=NHS_NOTIFY)

    def live(self) -> ResponseReturnValue:
        return {"status": "live"}

    def _take_from_notify(
        self, schema: Schema, handler: Callable[..., None], *, token: str
    ) -> ResponseReturnValue:
        """Take a callback with the token that we gave to Notify for it; empty: there is none."""
        given = request.headers.get(CREDENTIALS_HEADER, "").encode()
        if not token or not hmac.compare_digest(given, f"Bearer {token}".encode()):
            log.warning("callback_with_wrong_token")
            return "", HTTPStatus.UNAUTHORIZED
        body = request.get_json(force=True, silent=True)
        if not isinstance(body, Mapping):
            return "", HTTPStatus.BAD_REQUEST
        try:
            told = schema.load(body)
        except ValidationError as error:
            log.warning("callback_unreadable", fields=sorted(map(str, error.messages_dict)))
            return "", HTTPStatus.UNPROCESSABLE_ENTITY
        return self._keep(partial(handler, told), actor=NOTIFY)

    def _keep(self, *works: Callable[..., None], actor: str) -> ResponseReturnValue:
        """Do all that a callback asks for in one transaction; what fails is to come again."""
        story = uuid4()
        trace = Trace(
            correlation_id=story, causation_id=story, actor=f"{actor}/provider", at=clock.now()
        )
        logs.bind_story(trace)
        try:
            with self._sessions.begin() as session:
                for work in works:
                    work(session=session, trace=trace)
        except SQLAlchemyError:
            log.exception("callback_not_kept")
            return "", HTTPStatus.SERVICE_UNAVAILABLE
        log.info("callback_kept", of=actor, count=len(works))
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
    app.add_url_rule(
        "/callbacks/govuk/inbound", view_func=callbacks.govuk_inbound, methods=["POST"]
    )
    app.add_url_rule("/callbacks/nhs", view_func=callbacks.nhs, methods=["POST"])
    UnsubscribePage(sessions=sessions).add_to(app)
    app.add_url_rule("/health/live", view_func=callbacks.live, methods=["GET"])
    checks = {"database": partial(probes.database_answers, sessions.begin)}
    app.add_url_rule("/health/ready", endpoint="ready", view_func=partial(probes.ready, checks))
    return app


def create_app() -> Flask:
    """Return the application for gunicorn, or refuse to start without its settings."""
    logs.configure(process="notifications-web")
    spans.configure(process="notifications-web")
    start.check()
    settings = ServiceSettings.from_environment()
    engine = open_engine(settings.database_url, pool_size=THREADS, asks_first=True)
    sessions = open_sessions(engine)
    wake.nudge_after_commit(sessions, directory=settings.wake_directory, service="notifications")
    return application(
        sessions=sessions,
        settings=CallbackSettings.from_environment(),
        nhs=NhsCallbackSettings.from_environment(),
    )
