"""One thread's ways in: people's by the gateway, and the suite's own by the services' RPC.

Both are opened when needed, and opened anew when they broke.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event
from typing import Any
from uuid import UUID

import amqp

from clients.edge import CallFailedError, CallTimedOutError, Edge, RefusedError
from demo.front_door import FrontDoor
from demo.partner_systems import PartnerSystems, Way
from demo.staff import Colleague, Holder

ATTEMPTS = 3
PAUSE_SECONDS = 0.5
BROKEN = (OSError, amqp.AMQPError)


class StoppedError(Exception):
    """The demo was told to stop: no further call is made."""


class Caller:
    """Has done and asks what an operation's name says. Belongs to one thread.

    What is done ``by`` somebody goes through the gateway as them; without, straight to a service,
    as the demo itself. A command whose outcome is unknown is repeated with its own id, so that it
    happens once.
    """

    def __init__(
        self, environment: Mapping[str, str], *, stop: Event, attempts: int = ATTEMPTS
    ) -> None:
        self._environment = environment
        self._stop = stop
        self._attempts = attempts
        self._edge: Edge | None = None
        self._front_door: FrontDoor | None = None
        self._partner_systems: PartnerSystems | None = None

    def command(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        command_id: UUID,
        correlation_id: UUID,
        by: Colleague | Holder | None = None,
    ) -> Any:
        """Have something done once.

        Args:
            operation: ``assessment.sign_plan``.
            request: as the service asks for it; where somebody does it, as the client does.
            command_id: of this command alone.
            correlation_id: of the story that it belongs to.
            by: who does it; the demo itself without.

        Raises:
            RefusedError: the service understood and refused.
            CallFailedError, CallTimedOutError or OSError: no attempt came through.
            StoppedError: the demo was told to stop.
        """
        if by is not None:
            return self._with_repeats(
                operation,
                lambda: self._door().tell(
                    by, operation, request, key=command_id, story_id=correlation_id
                ),
            )
        service, _, name = operation.partition(".")
        return self._with_repeats(
            operation,
            lambda: self._opened().command(
                service, name, request, command_id=command_id, correlation_id=correlation_id
            ),
        )

    def query(
        self, operation: str, request: Mapping[str, Any], *, by: Colleague | Holder | None = None
    ) -> Any:
        """Ask what somebody may know, or the demo itself. Raises as ``command`` does."""
        if by is not None:
            return self._with_repeats(operation, lambda: self._door().ask(by, operation, request))
        service, _, name = operation.partition(".")
        return self._with_repeats(operation, lambda: self._opened().query(service, name, request))

    def list(self, operation: str, request: Mapping[str, Any], *, by: Colleague | Holder) -> Any:
        """Return the whole of a list that somebody may know. Raises as ``command`` does."""
        return self._with_repeats(operation, lambda: self._door().list(by, operation, request))

    def send(
        self,
        organisation: str,
        message_type: str,
        data: Mapping[str, Any],
        *,
        by: Way,
        message_id: UUID,
        story_id: UUID,
    ) -> Mapping[str, Any]:
        """Have a partner's own system send a message once, and return the ids of the reply.

        Raises as ``command`` does: a message that is rejected is refused.
        """
        return self._with_repeats(
            f"{organisation} by {by}: {message_type}",
            lambda: self._theirs().send(
                organisation,
                message_type,
                data,
                by=by,
                message_id=message_id,
                story_id=story_id,
            ),
        )

    def pause(self, seconds: float) -> None:
        """Wait, unless the demo is told to stop meanwhile.

        Raises:
            StoppedError: it was.
        """
        if self._stop.wait(seconds):
            raise StoppedError

    def close(self) -> None:
        self._close_edge()
        if self._front_door is not None:
            self._front_door.close()
        if self._partner_systems is not None:
            self._partner_systems.close()

    def _with_repeats(self, operation: str, call: Callable[[], Any]) -> Any:
        for attempts_left in reversed(range(self._attempts)):
            self.pause(0)
            try:
                return call()
            except RefusedError as refusal:
                refusal.add_note(operation)
                raise
            except (CallFailedError, CallTimedOutError, *BROKEN) as error:
                if isinstance(error, BROKEN):
                    self._close_edge()
                if attempts_left == 0:
                    error.add_note(operation)
                    raise
            self.pause(PAUSE_SECONDS)
        raise AssertionError  # the last attempt has returned or raised

    def _opened(self) -> Edge:
        if self._edge is None:
            self._edge = Edge.connect(self._environment, name="demo")
        return self._edge

    def _close_edge(self) -> None:
        edge, self._edge = self._edge, None
        if edge is not None:
            with suppress(*BROKEN):
                edge.__exit__(None, None, None)

    def _door(self) -> FrontDoor:
        if self._front_door is None:
            self._front_door = FrontDoor(self._environment, pause=self.pause)
        return self._front_door

    def _theirs(self) -> PartnerSystems:
        if self._partner_systems is None:
            self._partner_systems = PartnerSystems(self._environment)
        return self._partner_systems
