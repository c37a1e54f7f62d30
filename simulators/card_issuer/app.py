"""The card issuer's routes. Run by gunicorn with one worker: what it knows is in memory."""

import hmac
import json
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from simulators.card_issuer import authorisations, cards, transactions
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer, new_issuer
from simulators.card_issuer.objects import API_VERSION, new_id
from simulators.card_issuer.settings import Settings, settings_from_environment
from simulators.card_issuer.store import Wire
from simulators.control import control_routes

Operation = Callable[..., Wire]

AUTHORISATION = "/v1/test_helpers/issuing/authorizations/<authorisation_id>"
TRANSACTIONS = "/v1/test_helpers/issuing/transactions"

CHANGES: tuple[tuple[str, Operation], ...] = (
    ("/v1/issuing/cardholders", cards.create_cardholder),
    ("/v1/issuing/cards", cards.create_card),
    ("/v1/issuing/cards/<card_id>", cards.update_card),
    ("/v1/test_helpers/issuing/authorizations", authorisations.create),
    (f"{AUTHORISATION}/capture", authorisations.capture),
    (f"{AUTHORISATION}/expire", authorisations.expire),
    (f"{AUTHORISATION}/increment", authorisations.increment),
    (f"{AUTHORISATION}/reverse", authorisations.reverse),
    (f"{TRANSACTIONS}/create_force_capture", transactions.create_force_capture),
    (f"{TRANSACTIONS}/create_unlinked_refund", transactions.create_unlinked_refund),
    (f"{TRANSACTIONS}/<transaction_id>/refund", transactions.refund),
)
READS: tuple[tuple[str, Operation], ...] = (
    ("/v1/issuing/cardholders/<cardholder_id>", cards.retrieve_cardholder),
    ("/v1/issuing/cards/<card_id>", cards.retrieve_card),
    ("/v1/issuing/authorizations/<authorisation_id>", authorisations.retrieve),
    ("/v1/issuing/authorizations", authorisations.find),
    ("/v1/issuing/transactions/<transaction_id>", transactions.retrieve),
    ("/v1/issuing/transactions", transactions.find),
    ("/v1/events", lambda form, issuer: issuer.events.find(form)),
)


def check_key(issuer: Issuer) -> None:
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {issuer.settings.api_key}".encode()):
        raise StripeError("Invalid API Key provided.", status=HTTPStatus.UNAUTHORIZED)


def change(issuer: Issuer, operation: Operation) -> Callable[..., ResponseReturnValue]:
    """Serve an operation that changes something: once for each idempotency key."""

    def view(**ids: str) -> ResponseReturnValue:
        check_key(issuer)
        fields = list(request.form.items(multi=True))
        answer, is_stored = issuer.idempotency.answer(
            request.headers.get("Idempotency-Key"),
            asked=json.dumps([request.path, sorted(fields)]),
            carry_out=lambda: operation(form=Form(fields), issuer=issuer, **ids),
        )
        issuer.log.write("served", path=request.path, id=answer["id"], is_repeat=is_stored)
        return answer, {"Idempotent-Replayed": "true"} if is_stored else {}

    return view


def read(issuer: Issuer, operation: Operation) -> Callable[..., ResponseReturnValue]:
    def view(**ids: str) -> ResponseReturnValue:
        check_key(issuer)
        return operation(form=Form(request.args.items(multi=True)), issuer=issuer, **ids)

    return view


def stripe_error(error: StripeError) -> ResponseReturnValue:
    return error.as_json(), error.status


def unknown_path(error: HTTPException) -> ResponseReturnValue:
    message = f"Unrecognized request URL ({request.method}: {request.path})."
    return StripeError(message).as_json(), error.code or HTTPStatus.NOT_FOUND


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

    @app.after_request
    def with_stripes_headers(response: Response) -> Response:
        response.headers["Request-Id"] = new_id("req")
        response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
        return response

    return app
