"""The bank's routes. Run by gunicorn with one worker: what it knows is in memory."""

import hmac
from http import HTTPStatus
from threading import Timer
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from simulators.bank.orders import Orders
from simulators.bank.problems import ProblemError
from simulators.bank.settings import Settings, settings_from_environment
from simulators.bank.validation import check_order
from simulators.bank.webhooks import settled_webhook
from simulators.control import control_routes
from simulators.delivery import Sender
from simulators.faults import DELIVERY_FAULTS, Faults
from simulators.log import Log

KNOWN_FAULTS = DELIVERY_FAULTS | {"accept_then_time_out", "refuse_503"}


class Bank:
    """One bank: its orders, and what it does with them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = Log()
        self.faults = Faults(known=KNOWN_FAULTS)
        self.orders = Orders()
        self.sender = Sender(faults=self.faults, log=self.log, attempts=settings.delivery_attempts)

    def place_order(self) -> ResponseReturnValue:
        self._check_key()
        idempotency_key = request.headers.get("Idempotency-Key", "")
        if not idempotency_key:
            raise ProblemError(
                HTTPStatus.BAD_REQUEST,
                "The header Idempotency-Key is missing.",
                fields={"Idempotency-Key": "Missing."},
            )
        if self.faults.take("refuse_503"):
            self.log.write("order_refused_503")
            raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "Try again later.")
        wanted = check_order(request.get_json(force=True, silent=True))
        order, is_new = self.orders.place(wanted, idempotency_key=idempotency_key)
        if is_new:
            self._settle_later(order)
        if self.faults.take("accept_then_time_out"):
            self.log.write("answer_lost", payment_order_id=order["payment_order_id"])
            raise ProblemError(HTTPStatus.GATEWAY_TIMEOUT, "The answer took too long.")
        return order, HTTPStatus.CREATED if is_new else HTTPStatus.OK

    def read_order(self, payment_order_id: str) -> ResponseReturnValue:
        self._check_key()
        return self.orders.find(payment_order_id)

    def find_orders(self) -> ResponseReturnValue:
        self._check_key()
        reference = request.args.get("reference")
        if not reference:
            raise ProblemError(
                HTTPStatus.BAD_REQUEST,
                "Ask for one reference.",
                fields={"reference": "Missing."},
            )
        return {"payment_orders": self.orders.with_reference(reference)}

    def _check_key(self) -> None:
        expected = f"Bearer {self.settings.api_key}"
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise ProblemError(HTTPStatus.UNAUTHORIZED, "The key is wrong or missing.")

    def _settle_later(self, order: dict[str, Any]) -> None:
        order_id = order["payment_order_id"]
        self.log.write("order_accepted", payment_order_id=order_id)
        timer = Timer(self.settings.settles_after_seconds, self._settle, args=(order_id,))
        timer.daemon = True
        timer.start()

    def _settle(self, order_id: str) -> None:
        order = self.orders.settle(order_id)
        self.log.write("order_settled", payment_order_id=order_id, status=order["status"])
        self.sender.send(settled_webhook(order, settings=self.settings))


def problem(error: ProblemError) -> ResponseReturnValue:
    return error.as_json(), error.status, {"Content-Type": "application/problem+json"}


def create_app(settings: Settings | None = None) -> Flask:
    bank = Bank(settings or settings_from_environment())
    app = Flask(__name__)
    app.extensions["sender"] = bank.sender
    app.add_url_rule("/payment-orders", view_func=bank.place_order, methods=["POST"])
    app.add_url_rule("/payment-orders", view_func=bank.find_orders, methods=["GET"])
    app.add_url_rule("/payment-orders/<payment_order_id>", view_func=bank.read_order)
    app.register_error_handler(ProblemError, problem)
    app.register_blueprint(control_routes(faults=bank.faults, log=bank.log))
    return app
