"""A partner's systems behind HTTP, so that the demo and the tests can let them send and look."""

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue

from simulators.clock import Clock
from simulators.partner.system import NoReplyError, NotSentError, PartnerSystem, Post


def create_app(posts: Mapping[str, tuple[str, Post]]) -> Flask:
    """Return the app of one partner.

    Args:
        posts: by how its messages travel, ``amqp`` or ``mesh``: as what they name their source,
            ``/org/<code>/<system>``, and what carries them.
    """
    systems = {
        way: PartnerSystem(post=post, source=source, clock=Clock().utc_now)
        for way, (source, post) in posts.items()
    }
    for system in systems.values():
        system.start()
    app = Flask(__name__)

    @app.post("/messages")
    def ask() -> ResponseReturnValue:
        """Let the partner send a message one way, and answer with the reply to it."""
        told: dict[str, Any] = request.get_json()
        if (way := told.get("by", "amqp")) not in systems:
            return {"error": "it has no such way"}, HTTPStatus.BAD_REQUEST
        return _asked(systems[way], told)

    @app.get("/heard")
    def heard() -> ResponseReturnValue:
        """Show which events the partner heard, of one type or of all."""
        of_type = request.args.get("type", "")
        return {"events": [one for system in systems.values() for one in system.heard(of_type)]}

    @app.get("/counts")
    def counts() -> ResponseReturnValue:
        return dict(sum((Counter(system.counts()) for system in systems.values()), Counter()))

    @app.get("/health/live")
    def live() -> ResponseReturnValue:
        return {"status": "live"}

    return app


def _asked(system: PartnerSystem, told: dict[str, Any]) -> ResponseReturnValue:
    try:
        return system.ask(
            told["type"],
            told["data"],
            message_id=told.get("id", ""),
            story_id=told.get("story", ""),
        )
    except NoReplyError:
        return {"error": "no reply in time"}, HTTPStatus.GATEWAY_TIMEOUT
    except NotSentError as error:
        return {"error": str(error)}, HTTPStatus.BAD_GATEWAY
