"""Asking the services, each thread by a connection of its own."""

import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

import amqp

from clients.edge import CallBusyError, CallFailedError, CallTimedOutError, Edge, RefusedError
from services.gateway import metrics
from services.gateway.problems import ProblemError, busy, refused
from shared.contracts.actor import Actor

QUERY_SECONDS = 5.0
COMMAND_SECONDS = 10.0
FIRST_LOOK_SECONDS = 0.06  # before that nothing has come to rest that passes several services
LOOK_EVERY_SECONDS = 0.03
PART_OF_THE_WAIT = 4
_BROKEN = (OSError, amqp.AMQPError)


class Callers:
    """Gives each thread its own edge, and opens it anew when it broke."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._own = threading.local()

    def ask(self, operation: str, request: Mapping[str, Any], *, actor: Actor) -> Any:
        """Return what a service knows. A question may be asked twice.

        Raises:
            ProblemError: it refuses, or cannot be reached.
        """
        return self._answered(operation, actor, _asking(operation, request), again=True)

    def tell(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        actor: Actor,
        command_id: UUID,
        story_id: UUID | None = None,
    ) -> Any:
        """Have something done once, and return the answer; without a story it begins one.

        Raises:
            ProblemError: it refuses, or nobody knows whether it was done: whoever repeats it with
                the same key finds out.
        """
        return self._answered(
            operation, actor, _telling(operation, request, command_id, story_id), again=True
        )

    def ask_until(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        actor: Actor,
        is_settled: Callable[[Any], bool],
        seconds: float,
    ) -> Any:
        """Ask until what was begun has come to rest, and return what was answered last."""
        began_at = time.monotonic()
        waited = 0.0
        while True:
            time.sleep(min(pause_seconds(waited), max(0.0, seconds - waited)))
            found = self.ask(operation, request, actor=actor)
            waited = time.monotonic() - began_at
            if is_settled(found) or waited >= seconds:
                return found

    def _answered(
        self, operation: str, actor: Actor, call: Callable[[Edge], Any], *, again: bool
    ) -> Any:
        began_at = time.monotonic()
        outcome = "done"
        try:
            edge = self._edge()
            edge.actor = actor
            return call(edge)
        except RefusedError as refusal:
            outcome = "refused"
            raise refused(vars(refusal)) from None
        except CallTimedOutError:
            outcome = "no_answer"
            raise _no_answer(operation) from None
        except CallBusyError:
            outcome = "busy"
            raise busy() from None
        except CallFailedError as fault:
            outcome = "fault"
            raise _fault(operation) from fault
        except _BROKEN as error:
            outcome = "away"
            self._own.edge = None
            if not again:
                raise _away() from error
        finally:
            service = operation.partition(".")[0]
            metrics.count_call(service, outcome, took=time.monotonic() - began_at)
        return self._answered(operation, actor, call, again=False)

    def _edge(self) -> Edge:
        if getattr(self._own, "edge", None) is None:
            self._own.edge = Edge.connect(self._environment, name="gateway")
        return self._own.edge


def pause_seconds(waited: float) -> float:
    """Return for how long to look away after so many seconds of waiting.

    Each look is a question to a service, read in its database and written down there. So who
    waits for long looks ever less often, and learns of it a quarter of the time late at most.
    """
    return max(LOOK_EVERY_SECONDS, waited / PART_OF_THE_WAIT) if waited else FIRST_LOOK_SECONDS


def _asking(operation: str, request: Mapping[str, Any]) -> Callable[[Edge], Any]:
    service, _, name = operation.partition(".")
    return lambda edge: edge.query(service, name, request, timeout_seconds=QUERY_SECONDS)


def _telling(
    operation: str, request: Mapping[str, Any], command_id: UUID, story_id: UUID | None
) -> Callable[[Edge], Any]:
    service, _, name = operation.partition(".")
    return lambda edge: edge.command(
        service,
        name,
        request,
        command_id=command_id,
        correlation_id=story_id,
        timeout_seconds=COMMAND_SECONDS,
        is_patient=False,
    )


def _no_answer(operation: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no_answer",
        f"{operation} has not answered in time; whether it was carried out is not known.",
        next_step="Send the same request again with the same Idempotency-Key.",
        headers={"Retry-After": "5"},
    )


def _fault(operation: str) -> ProblemError:
    return ProblemError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "fault",
        f"{operation} went wrong. Somebody is told, and mends it.",
        next_step="Send it again later with the same Idempotency-Key.",
    )


def _away() -> ProblemError:
    return ProblemError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "away",
        "The services cannot be reached just now.",
        next_step="Send the same request again in a moment, with the same Idempotency-Key.",
        headers={"Retry-After": "5"},
    )
