"""Taking a message: the store, the delivery, and the faults that come between."""

import socket
import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from simulators.notify import sending
from simulators.notify.errors import ApiError
from simulators.notify.faults import (
    ANSWER_FAULTS,
    CALLBACK_FAULTS,
    OUTCOME_FAULTS,
    FaultKind,
    PlannedFault,
)
from simulators.notify.messages import Message, Status
from simulators.notify.simulation import Simulation
from simulators.notify.templates import Channel

DAILY_LIMITS = {Channel.SMS: 250_000, Channel.EMAIL: 250_000, Channel.LETTER: 20_000}
OUTCOMES = {
    FaultKind.PERMANENT_FAILURE: Status.PERMANENT_FAILURE,
    FaultKind.TEMPORARY_FAILURE: Status.TEMPORARY_FAILURE,
}
CALLBACK_COUNTS = {FaultKind.LOSE_CALLBACK: 0, FaultKind.DUPLICATE_CALLBACK: 2}
RATE_LIMIT_MESSAGE = "Exceeded rate limit for key type {key_type} of 3000 requests per 60 seconds"


class ConnectionDropped(Exception):  # noqa: N818 - not an error here: the caller is to see one
    """The connection is to end without an answer."""


def accept(message: Message, *, simulation: Simulation) -> None:
    """Store a message and start its delivery, unless a planned fault says otherwise.

    Smoke tests are neither stored nor hit by faults.

    Raises:
        ApiError: 429 or 500, a planned fault.
        ConnectionDropped: a planned fault.
    """
    if simulation.settings.keeps_smoke_recipients and sending.is_smoke_test(message):
        return
    fault = _take(ANSWER_FAULTS, message=message, simulation=simulation)
    _fail_before_store(fault, message=message)
    message = _with_planned_fate(message, simulation=simulation)
    simulation.store.add(message)
    simulation.delivery.begin(message)
    _fail_after_store(fault)


def hang_up(environment: dict[str, Any]) -> None:
    """Close the connection of a request, under gunicorn or werkzeug's own server."""
    connection = environment.get("gunicorn.socket") or environment.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)


def _take(
    kinds: Collection[FaultKind], *, message: Message, simulation: Simulation
) -> PlannedFault | None:
    fault = simulation.faults.take(kinds)
    if fault is not None:
        message_id = str(message.message_id)
        simulation.log.add("fault", fault=fault.kind.value, notification_id=message_id)
    return fault


def _fail_before_store(fault: PlannedFault | None, *, message: Message) -> None:
    match fault and fault.kind:
        case FaultKind.RATE_LIMIT:
            text = RATE_LIMIT_MESSAGE.format(key_type=message.key_type.upper())
            raise ApiError.of(429, "RateLimitError", text)
        case FaultKind.DAILY_LIMIT:
            channel = message.channel
            text = f"Exceeded send limits ({channel}: {DAILY_LIMITS[channel]}) for today"
            raise ApiError.of(429, "TooManyRequestsError", text)
        case FaultKind.ERROR_500_BEFORE_STORE:
            raise _internal_error()
        case FaultKind.DROP_BEFORE_STORE:
            raise ConnectionDropped


def _with_planned_fate(message: Message, *, simulation: Simulation) -> Message:
    if message.channel is Channel.LETTER:
        return message
    if fault := _take(OUTCOME_FAULTS, message=message, simulation=simulation):
        message = replace(message, outcome=OUTCOMES[fault.kind])
    if fault := _take(CALLBACK_FAULTS, message=message, simulation=simulation):
        message = replace(message, callback_count=CALLBACK_COUNTS[fault.kind])
    return message


def _fail_after_store(fault: PlannedFault | None) -> None:
    if fault is None:
        return
    if fault.kind is FaultKind.ERROR_500_AFTER_STORE:
        raise _internal_error()
    if fault.kind is FaultKind.DROP_AFTER_STORE:
        raise ConnectionDropped
    if fault.kind is FaultKind.SLOW:
        time.sleep(fault.seconds)


def _internal_error() -> ApiError:
    return ApiError.of(500, "Exception", "Internal server error")
