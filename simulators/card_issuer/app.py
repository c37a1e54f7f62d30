"""The card issuer's web application. Run by gunicorn with one worker: it keeps all in memory."""

import hmac
import json
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from simulators.card_issuer import scenarios
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer, new_issuer
from simulators.card_issuer.objects import API_VERSION
from simulators.card_issuer.operations import CHANGES, READS, SHOPS, Operation
from simulators.card_issuer.settings import Settings, settings_from_environment
from simulators.card_issuer.sim_routes import sim_routes
from simulators.control import control_routes
from simulators.faults import Rule

TOO_MANY = StripeError("Too many requests.", code="rate_limit", status=HTTPStatus.TOO_MANY_REQUESTS)
OUR_FAULT = StripeError(
    "An error occurred.", type="api_error", status=HTTPStatus.INTERNAL_SERVER_ERROR
)
OUT = StripeError("Not available.", type="api_error", status=HTTPStatus.SERVICE_UNAVAILABLE)


def check_key(issuer: Issuer) -> None:
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {issuer.settings.api_key}".encode()):
        raise StripeError("Invalid API Key provided.", status=HTTPStatus.UNAUTHORIZED)


def api_fault(issuer: Issuer) -> Rule | None:
    """Be out, busy or broken for the programme, where a rule says so; the shops go on.

    Raises:
        StripeError: nothing was done.
    """
    if request.path.startswith(SHOPS):
        return None
    if issuer.programme.is_out():
        raise OUT
    rule = issuer.faults.take("api_error", type=request.path)
    if rule and rule.variant == "too_many":
        raise TOO_MANY
    if rule and rule.variant == "server_error":
        raise OUR_FAULT
    return rule


def as_the_rule_says(rule: Rule | None) -> None:
    """Lose an answer, or give it late: what was asked for has been done.

    Raises:
        StripeError: the answer is lost.
    """
    if rule and rule.variant == "lost_answer":
        raise OUR_FAULT
    if rule and rule.variant == "slow":
        time.sleep(rule.seconds)


def change(issuer: Issuer, operation: Operation) -> Callable[..., ResponseReturnValue]:
    """Serve an operation that changes something: once for each idempotency key."""

    def view(**ids: str) -> ResponseReturnValue:
        check_key(issuer)
        rule = api_fault(issuer)
        fields = list(request.form.items(multi=True))
        answer, is_stored = issuer.idempotency.answer(
            request.headers.get("Idempotency-Key"),
            asked=json.dumps([request.path, sorted(fields)]),
            carry_out=lambda: operation(form=Form(fields), issuer=issuer, **ids),
        )
        issuer.log.write("served", path=request.path, id=answer["id"], is_repeat=is_stored)
        as_the_rule_says(rule)
        return answer, {"Idempotent-Replayed": "true"} if is_stored else {}

    return view


def read(issuer: Issuer, operation: Operation) -> Callable[..., ResponseReturnValue]:
    def view(**ids: str) -> ResponseReturnValue:
        check_key(issuer)
        as_the_rule_says(api_fault(issuer))
        return operation(form=Form(request.args.items(multi=True)), issuer=issuer, **ids)

    return view


def stripe_error(error: StripeError) -> ResponseReturnValue:
    return error.as_json(), error.status


def unknown_path(error: HTTPException) -> ResponseReturnValue:
    message = f"Unrecognized request URL ({request.method}: {request.path})."
    return StripeError(message).as_json(), error.code or HTTPStatus.NOT_FOUND


class AlsoWithoutUnderscore:
    """Serve ``/sim/...`` as ``/_sim/...``, which is what all simulators have."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if path.startswith("/sim/"):
            environ = {**environ, "PATH_INFO": f"/_{path.removeprefix('/')}"}
        return self._application(environ, start_response)


def create_app(settings: Settings | None = None) -> Flask:
    issuer = new_issuer(settings or settings_from_environment())
    app = Flask(__name__)
    app.extensions["sender"] = issuer.sender
    for path, operation in CHANGES:
        app.add_url_rule(path, f"POST {path}", change(issuer, operation), methods=["POST"])
    for path, operation in READS:
        app.add_url_rule(path, f"GET {path}", read(issuer, operation), methods=["GET"])
    app.register_error_handler(StripeError, stripe_error)
    app.register_error_handler(HTTPStatus.NOT_FOUND, unknown_path)
    app.register_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, unknown_path)
    app.register_blueprint(control_routes(faults=issuer.faults, log=issuer.log))
    app.register_blueprint(sim_routes(issuer))
    app.wsgi_app = AlsoWithoutUnderscore(app.wsgi_app)  # type: ignore[method-assign]

    @app.after_request
    def with_stripes_headers(response: Response) -> Response:
        response.headers["Request-Id"] = issuer.mint.new_id("req")
        response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
        return response

    if issuer.settings.scenario:
        text = Path(issuer.settings.scenario).read_text("utf-8")
        scenarios.read(text)  # a wrong one is said at the start
        Thread(target=scenarios.play, args=(text,), kwargs={"issuer": issuer}, daemon=True).start()
    return app
