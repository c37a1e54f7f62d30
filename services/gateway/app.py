"""The web application: what answers which address, and what surrounds every answer.

Run by gunicorn with threads: ``gunicorn --threads 16 'services.gateway.app:create_app()'``
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from flask import Blueprint as PlainBlueprint
from flask import Flask, Response, g, request
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, Schema
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from services.gateway import bodies, metrics, policy, problems, ways_in
from services.gateway.api import DESCRIPTION, SUBJECTS
from services.gateway.calling import Callers
from services.gateway.documentation import routes as documentation
from services.gateway.door import Door, TakeLook
from services.gateway.limits.limiter import Limiter
from services.gateway.problems import ProblemError
from services.gateway.routes import Route
from services.gateway.schemas import ListSchema, MergedListSchema, PageForm, ProblemSchema
from services.gateway.sessions.who import Who
from services.gateway.settings import GatewaySettings
from services.gateway.stories import Stories
from services.gateway.subjects import Subject
from services.gateway.visitors import Visitor
from shared import clock
from shared.contracts import organisations
from shared.database import is_passing, open_engine, open_sessions
from shared.observability import logs, probes

THREADS = 16
LARGEST_BODY_BYTES = 1024 * 1024
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

NOBODYS = Stories()

log = structlog.get_logger()

WhoAsks = Callable[[], Visitor]


def create_app() -> Flask:
    """Return the application for gunicorn, or refuse to start without its settings."""
    logs.configure(process="gateway")
    settings = GatewaySettings.from_environment()
    organisations.check()
    engine = open_engine(settings.database_url, pool_size=THREADS, asks_first=True)
    transactions = open_sessions(engine)
    # On a port of its own, if one is named: what is counted here is not for everybody outside.
    probes.serve({"database": partial(probes.database_answers, transactions.begin)})
    return signed_in_app(
        settings, Callers(os.environ), transactions=transactions, now=clock.system_time
    )


def signed_in_app(
    settings: GatewaySettings,
    callers: Callers,
    *,
    transactions: sessionmaker[Session],
    now: Callable[[], datetime],
    subjects: Sequence[Subject] = SUBJECTS,
) -> Flask:
    """Return the application with its ways in.

    Args:
        settings: who may sign in, and where.
        callers: by whom the services are asked.
        transactions: of the gateway's own database.
        now: the time by which tokens and sessions end: the real one, whatever the suite's clock
            says, since others sign by it.
        subjects: what it offers; fewer where it is not about these.
    """
    limiter = Limiter(transactions=transactions, now=now, limits=settings.limits)
    who = Who(transactions=transactions, now=now, limiter=limiter)
    ways = ways_in.blueprints(settings, callers, who)
    app = app_on(
        callers,
        who_asks=who.visitor,
        ways=ways,
        take_look=limiter.take_look,
        stories=settings.stories,
        subjects=subjects,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0
        )
    return app


def app_on(
    callers: Callers,
    *,
    who_asks: WhoAsks,
    ways: Sequence[PlainBlueprint] = (),
    take_look: TakeLook | None = None,
    stories: Stories = NOBODYS,
    subjects: Sequence[Subject] = SUBJECTS,
) -> Flask:
    """Return the web application.

    Args:
        callers: by whom the services are asked.
        who_asks: returns who a request is from, or raises ProblemError.
        ways: routes that no service stands behind: signing in, and whether we live.
        take_look: counts whose record is read; None: nobody's is.
        stories: from where a caller's traceparent is taken over.
        subjects: what it offers; fewer where it is not about these.
    """
    rules = policy.load()
    # All that there are, not only ``subjects``: the policy speaks of every one, and its check takes
    # what is not among these operations for something that is gone.
    offered = {one for subject in SUBJECTS for route in subject.routes for one in route.operations}
    rules.check(offered)
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY_BYTES,
        API_TITLE="Common Purse",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    api = Api(app, spec_kwargs={"info": {"description": DESCRIPTION}})
    door = Door(callers, rules, stories=stories, take_look=take_look)
    for subject in subjects:
        api.register_blueprint(_blueprint(subject, door, who_asks=who_asks))
    for way in ways:
        (api if isinstance(way, Blueprint) else app).register_blueprint(way)
    app.register_blueprint(documentation.blueprint(app))
    _surround(app)
    return app


def _blueprint(subject: Subject, door: Door, *, who_asks: WhoAsks) -> Blueprint:
    """Return a subject's routes, each with its forms, as flask-smorest reads them."""
    blueprint = Blueprint(subject.name, __name__, url_prefix="/v1", description=subject.says)

    @blueprint.before_request
    def know_who_asks() -> None:
        g.visitor = who_asks()

    for route in subject.routes:
        view = _view(route, door)
        view = blueprint.alt_response(422, schema=ProblemSchema)(view)
        view = blueprint.response(202 if route.is_command else 200, _answer(route))(view)
        if route.settling:
            view = blueprint.alt_response(200, schema=route.settling.gives)(view)
        where = "query" if route.method == "GET" else "json"
        takes = route.takes if not route.is_list else PageForm.of(route.takes)
        view = blueprint.arguments(takes, location=where, unknown=RAISE)(view)
        view = blueprint.doc(summary=route.says, operationId=route.operation)(view)
        blueprint.route(route.path, methods=[route.method])(view)
    return blueprint


def _answer(route: Route) -> type[Schema] | dict[str, str]:
    """Return the form of an answer, as its description tells it."""
    if route.is_file:
        return {"type": "string", "format": "binary"}
    if route.merge:
        return MergedListSchema.of(route.gives)
    return ListSchema.of(route.gives) if route.is_list else route.gives


def _view(route: Route, door: Door) -> Callable[..., Response]:
    def view(told: Mapping[str, Any], **ids: Any) -> Response:
        return door.do(route, told, ids) if route.is_command else door.read(route, told, ids)

    view.__name__ = route.operation.replace(".", "_")
    return view


def _surround(app: Flask) -> None:
    """Give every request an id and every answer its headers; no error says what went wrong."""

    @app.before_request
    def begin() -> None:
        structlog.contextvars.clear_contextvars()
        g.request_id = str(uuid4())
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
        g.began_at = time.monotonic()
        bodies.check(request)

    @app.after_request
    def end(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers["X-Request-Id"] = g.request_id
        took = time.monotonic() - g.began_at
        visitor: Visitor | None = g.get("visitor")
        metrics.count_request(
            route=request.url_rule.rule if request.url_rule else None,
            method=request.method,
            role=visitor.roles[0] if visitor else None,
            status=answer.status_code,
            code=g.get("code"),
            took=took,
        )
        log.info(
            "request_answered",
            endpoint=request.endpoint,
            status=answer.status_code,
            code=g.get("code"),
            duration_ms=round(took * 1000),
        )
        return answer

    @app.errorhandler(ProblemError)
    def problem(error: ProblemError) -> Response:
        g.code = error.code
        return error.response()

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return problem(problems.of_http(error))

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        if is_passing(error):  # of our own database
            log.warning("request_busy", failure=logs.where(error))
            return problem(problems.busy())
        log.error("request_failed", failure=logs.where(error))
        return problem(problems.fault())
