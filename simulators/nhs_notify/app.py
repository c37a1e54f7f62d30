"""The simulator as a Flask application; one gunicorn worker, because the state is in memory."""

import os
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from simulators import hanging_up
from simulators.clock import Clock
from simulators.control import control_routes
from simulators.faults import Faults
from simulators.log import Log
from simulators.nhs_notify import errors, request_checks
from simulators.nhs_notify.journey import Journey, Store
from simulators.nhs_notify.messages import Channel, Message, new_ksuid
from simulators.nhs_notify.plans import PLANS
from simulators.nhs_notify.settings import Settings
from simulators.nhs_notify.tokens import Tokens

FAULTS = (
    "slow",
    "drop_before_store",
    "drop_after_store",
    "error_500_before_store",
    "error_500_after_store",
    "error_504_then_sent",
    "rate_limit",
    "too_early",
    "channel_failure",
    "duplicate_callback",
    "lose_callback",
    "late_callback",
    "bad_signature",
)


class Api:
    """The routes, with what they need."""

    def __init__(self, settings: Settings) -> None:
        self.clock = Clock()
        self.log = Log()
        self.faults = Faults(known=FAULTS)
        self.tokens = Tokens(settings=settings, clock=self.clock)
        self.store = Store()
        self.journey = Journey(
            settings=settings,
            store=self.store,
            faults=self.faults,
            log=self.log,
            clock=self.clock,
        )

    def give_token(self) -> ResponseReturnValue:
        return jsonify(self.tokens.give(request.form, audience=request.base_url))

    def send(self) -> ResponseReturnValue:
        """Take a message, once for each reference."""
        self.tokens.check(request.headers.get("Authorization"))
        if request.mimetype not in request_checks.CONTENT_TYPES:
            raise errors.of(415, "CM_UNSUPPORTED_MEDIA", "Unsupported media")
        attributes = request_checks.check_message(request.get_json(force=True, silent=True))
        for fault, error in (
            ("rate_limit", errors.too_many()),
            ("too_early", errors.too_early()),
            ("error_500_before_store", errors.of(500, "CM_INTERNAL_SERVER_ERROR", "Error")),
        ):
            if self._takes(fault):
                raise error
        reference = attributes["messageReference"]
        self._claim(reference)
        try:
            return self._take(attributes)
        finally:
            with self.store.lock:
                self.store.in_progress.discard(reference)

    def look(self, message_id: str) -> ResponseReturnValue:
        self.tokens.check(request.headers.get("Authorization"))
        with self.store.lock:
            message = self.store.by_id.get(message_id)
            if message is None:
                raise errors.of(404, "CM_NOT_FOUND", "Resource not found")
            shown = message.as_wire(self_link=request.base_url)
        return _document(shown), 200

    def inbox(self) -> ResponseReturnValue:
        """Answer with what was said to whom, by ``?reference=`` and ``?nhs_number=``."""
        only = request.args.get
        with self.store.lock:
            found = [
                {
                    "message_id": message.message_id,
                    "reference": message.reference,
                    "nhs_number": message.nhs_number,
                    "personalisation": dict(message.personalisation),
                    "status": message.status,
                    "channels": [
                        {"type": one.plan.type, "status": one.status} for one in message.channels
                    ],
                }
                for message in self.store.by_id.values()
                if only("reference") in {None, message.reference}
                and only("nhs_number") in {None, message.nhs_number}
            ]
        return jsonify(found)

    def read_clock(self) -> ResponseReturnValue:
        return jsonify(self.clock.as_wire())

    def move_clock(self) -> ResponseReturnValue:
        try:
            self.clock.obey(request.get_json(force=True, silent=True))
        except ValueError as error:
            return jsonify(message=str(error)), 400
        return jsonify(self.clock.as_wire())

    def end_tokens(self) -> ResponseReturnValue:
        self.tokens.end_all()
        return "", 204

    def _claim(self, reference: str) -> None:
        """Let one request with a reference go on, and only if none did before.

        Raises:
            ApiError: 422, there is such a message; 425, there is about to be one.
        """
        with self.store.lock:
            if reference in self.store.by_reference:
                raise errors.ApiError(
                    422,
                    errors.Problem(
                        code="CM_DUPLICATE_REQUEST",
                        title="Duplicate message request",
                        pointer="/data/attributes/messageReference",
                    ),
                )
            if reference in self.store.in_progress:
                raise errors.too_early()
            self.store.in_progress.add(reference)

    def _take(self, attributes: Mapping[str, Any]) -> ResponseReturnValue:
        if self._takes("drop_before_store"):
            hanging_up.hang_up(request.environ)
            return "", 500
        if slow := self.faults.take("slow"):
            time.sleep(slow.seconds)
        message = _message(attributes, clock=self.clock)
        link = f"{request.base_url}/{message.message_id}"
        with self.store.lock:
            self.store.by_id[message.message_id] = message
            self.store.by_reference[message.reference] = message
            shown = message.as_wire(self_link=link)
        self.log.write("taken", message_id=message.message_id)
        self.journey.begin(message, link=link)
        if self._takes("drop_after_store"):
            hanging_up.hang_up(request.environ)
        if self._takes("error_500_after_store"):
            raise errors.of(500, "CM_INTERNAL_SERVER_ERROR", "Error")
        if self._takes("error_504_then_sent"):
            raise errors.of(504, "CM_TIMEOUT", "Unable to call service")
        return _document(shown), 201

    def _takes(self, fault: str) -> bool:
        return self.faults.take(fault) is not None


def create_app() -> Flask:
    """Build the application from the environment.

    Raises:
        KeyError: a setting is missing.
        ValueError: a setting is malformed.
    """
    api = Api(Settings.from_environment(os.environ))
    app = Flask(__name__)
    errors.register(app)
    app.register_blueprint(control_routes(faults=api.faults, log=api.log))
    for method, rule, view in (
        ("POST", "/oauth2/token", api.give_token),
        ("POST", "/comms/v1/messages", api.send),
        ("GET", "/comms/v1/messages/<message_id>", api.look),
        ("GET", "/_inbox.json", api.inbox),
        ("GET", "/_sim/clock", api.read_clock),
        ("POST", "/_sim/clock", api.move_clock),
        ("DELETE", "/_sim/tokens", api.end_tokens),
    ):
        name = f"{method} {rule}".replace(".", "_")
        app.add_url_rule(rule, endpoint=name, view_func=view, methods=[method])
    return app


def _message(attributes: Mapping[str, Any], *, clock: Clock) -> Message:
    at = clock.utc_now()
    plan_id = attributes["routingPlanId"]
    return Message(
        message_id=new_ksuid(at),
        reference=attributes["messageReference"],
        routing_plan_id=plan_id,
        nhs_number=attributes["recipient"]["nhsNumber"],
        personalisation=attributes.get("personalisation", {}),
        channels=[Channel(plan=plan) for plan in PLANS[plan_id]],
        timestamps={"created": at},
    )


def _document(shown: Mapping[str, Any]) -> Response:
    answer = jsonify(data=shown)
    answer.mimetype = "application/vnd.api+json"
    return answer
