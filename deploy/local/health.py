"""Asking the processes whether they are ready."""

import http.client
from collections.abc import Mapping

import amqp

from clients.edge import CallFailedError, CallTimedOutError, Edge, RefusedError
from deploy.local.ports import LOOPBACK

ANSWER_SECONDS = 1.0  # a service that still starts does not answer; it is asked again


def answers_http(port: int) -> bool:
    """Whether the program on this port says that it is live."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def answers_calls(service: str, *, environment: Mapping[str, str]) -> bool:
    """Whether the service answers the edge."""
    try:
        with Edge.connect(environment, name="stack") as edge:
            edge.query(service, "health", {}, timeout_seconds=ANSWER_SECONDS)
    except (CallTimedOutError, CallFailedError, RefusedError, OSError, amqp.AMQPError):
        return False
    return True
