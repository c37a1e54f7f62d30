"""A partner's system behind HTTP, so that the demo and the tests can let it send and look at it."""

import os
from http import HTTPStatus
from typing import Any

import pika.exceptions
from flask import Flask, request
from flask.typing import ResponseReturnValue

from simulators.clock import Clock
from simulators.partner.system import NoReplyError, PartnerSystem


def create_app(source: str) -> Flask:
    """Return the app of one system.

    Args:
        source: as its messages name it: ``/org/<code>/<system>``.
    """
    system = PartnerSystem(
        broker_url=os.environ["PARTNER_BROKER_URL"], source=source, clock=Clock().utc_now
    )
    system.start()
    app = Flask(__name__)

    @app.post("/messages")
    def ask() -> ResponseReturnValue:
        """Let the system send a message, and answer with the reply to it."""
        told: dict[str, Any] = request.get_json()
        try:
            return system.ask(told["type"], told["data"], message_id=told.get("id", ""))
        except NoReplyError:
            return {"error": "no reply in time"}, HTTPStatus.GATEWAY_TIMEOUT
        except pika.exceptions.AMQPError as error:
            return {"error": type(error).__name__}, HTTPStatus.BAD_GATEWAY

    @app.get("/heard")
    def heard() -> ResponseReturnValue:
        """Show which events the system heard, of one type or of all."""
        return {"events": system.heard(request.args.get("type", ""))}

    @app.get("/counts")
    def counts() -> ResponseReturnValue:
        return system.counts()

    @app.get("/health/live")
    def live() -> ResponseReturnValue:
        return {"status": "live"}

    return app
