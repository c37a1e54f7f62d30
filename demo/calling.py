"""One thread's way to the services: opened when needed, opened anew when it broke."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event
from typing import Any
from uuid import UUID

import amqp

from clients.edge import CallFailedError, CallTimedOutError, Edge, RefusedError

ATTEMPTS = 3
PAUSE_SECONDS = 0.5
BROKEN = (OSError, amqp.AMQPError)


class StoppedError(Exception):
    """The demo was told to stop: no further call is made."""


class Caller:
    """Calls services by name: ``assessment.receive_referral``. Belongs to one thread.

    A command whose outcome is unknown is repeated with its own id, so it happens once.
    """

    def __init__(self, broker_url: str, *, stop: Event, attempts: int = ATTEMPTS) -> None:
        self._broker_url = broker_url
        self._stop = stop
        self._attempts = attempts
        self._edge: Edge | None = None

    def command(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        command_id: UUID,
        correlation_id: UUID,
    ) -> Any:
        """Have something done once.

        Raises:
            RefusedError: the service understood and refused.
            CallFailedError, CallTimedOutError or OSError: no attempt came through.
            StoppedError: the demo was told to stop.
        """
        service, _, name = operation.partition(".")

        def call(edge: Edge) -> Any:
            return edge.command(
                service, name, request, command_id=command_id, correlation_id=correlation_id
            )

        return self._with_repeats(operation, call)

    def query(self, operation: str, request: Mapping[str, Any]) -> Any:
        """Ask a service what it knows. Raises as ``command`` does."""
        service, _, name = operation.partition(".")
        return self._with_repeats(operation, lambda edge: edge.query(service, name, request))

    def pause(self, seconds: float) -> None:
        """Wait, unless the demo is told to stop meanwhile.

        Raises:
            StoppedError: it was.
        """
        if self._stop.wait(seconds):
            raise StoppedError

    def close(self) -> None:
        edge, self._edge = self._edge, None
        if edge is not None:
            with suppress(*BROKEN):
                edge.__exit__(None, None, None)

    def _with_repeats(self, operation: str, call: Callable[[Edge], Any]) -> Any:
        for attempts_left in reversed(range(self._attempts)):
            self.pause(0)
            try:
                return call(self._opened())
            except RefusedError as refusal:
                refusal.add_note(operation)
                raise
            except (CallFailedError, CallTimedOutError, *BROKEN) as error:
                if isinstance(error, BROKEN):
                    self.close()
                if attempts_left == 0:
                    error.add_note(operation)
                    raise
            self.pause(PAUSE_SECONDS)
        raise AssertionError  # the last attempt has returned or raised

    def _opened(self) -> Edge:
        if self._edge is None:
            self._edge = Edge.connect(self._broker_url, name="demo", actor="demo/system")
        return self._edge
