"""What people do goes in by the front door: over HTTP, each as who they are.

The name of an operation is the client's method: ``payments.request_purchase`` is
``client.payments.request_purchase(...)``, and what is asked are its arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from uuid import UUID

import requests

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from clients.python.commonpurse_client import Client, NotReachedError, ProblemError
from clients.python.commonpurse_client.repeating import Clock
from demo.signing_in import WaysIn
from demo.staff import Colleague, Holder
from shared.trace import traceparent_of

STORY = "traceparent"
IN_PROGRESS = "in_progress"  # of a command that is being carried out: nobody knows yet how it ends


class FrontDoor:
    """Lets each person in once, and takes what they do to the gateway. Belongs to one thread."""

    def __init__(self, environment: Mapping[str, str], *, pause: Callable[[float], None]) -> None:
        """Take where the gateway and the identity simulator are, and how to wait."""
        self._ways_in = WaysIn(
            gateway_url=environment["DEMO_GATEWAY_URL"],
            identity_url=environment["DEMO_IDENTITY_URL"],
        )
        self._clock = Clock(sleep=pause)
        self._clients: dict[Colleague | Holder, Client] = {}
        self._http: dict[Colleague | Holder, requests.Session] = {}

    def tell(
        self,
        who: Colleague | Holder,
        operation: str,
        request: Mapping[str, Any],
        *,
        key: UUID,
        story_id: UUID,
    ) -> Any:
        """Have something done once; said again with the same key, it is still done once.

        Args:
            who: does it.
            operation: the client's method: ``assessment.sign_plan``.
            request: its arguments.
            key: of this command alone.
            story_id: of all that happens in one case.

        Raises:
            RefusedError: the gateway or the service behind it understood and refused.
            CallFailedError or CallTimedOutError: nobody knows whether it was done.
            SignInFailedError: they were not let in.
        """
        story = {STORY: traceparent_of(story_id, key)}
        return self._called(who, operation, {**request, "key": str(key)}, headers=story)

    def ask(self, who: Colleague | Holder, operation: str, request: Mapping[str, Any]) -> Any:
        """Return what somebody may know; of a list its first page. Raises as ``tell`` does."""
        return self._called(who, operation, request)

    def list(
        self, who: Colleague | Holder, operation: str, request: Mapping[str, Any]
    ) -> Sequence[Any]:
        """Return every item of a list that somebody may know. Raises as ``tell`` does."""
        page = self._called(who, operation, request)
        found = [*page["items"]]
        while page["next_cursor"] is not None:
            page = self._called(who, operation, {**request, "cursor": page["next_cursor"]})
            found += page["items"]
        return found

    def close(self) -> None:
        for who in [*self._clients]:
            self._let_go(who)

    def _called(
        self,
        who: Colleague | Holder,
        operation: str,
        arguments: Mapping[str, Any],
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Any:
        is_let_in = who in self._clients
        try:
            return self._method(who, operation, headers)(**arguments)
        except NotReachedError as error:
            raise CallTimedOutError(str(error)) from error
        except ProblemError as problem:
            if problem.status != HTTPStatus.UNAUTHORIZED or not is_let_in:
                raise _as_services_say(problem) from problem
        self._let_go(who)  # they did nothing for long, and were signed out
        return self._called(who, operation, arguments, headers=headers)

    def _method(
        self, who: Colleague | Holder, operation: str, headers: Mapping[str, str]
    ) -> Callable[..., Any]:
        if who not in self._clients:
            self._let_in(who)
        http = self._http[who]
        http.headers.pop(STORY, None)  # of what they did before
        http.headers.update(headers)
        service, _, name = operation.partition(".")
        method: Callable[..., Any] = getattr(getattr(self._clients[who], service), name)
        return method

    def _let_in(self, who: Colleague | Holder) -> None:
        """Sign somebody in; a thread plays one case after the other, so the last person is gone."""
        if isinstance(who, Holder):
            for former in [one for one in self._clients if isinstance(one, Holder)]:
                self._let_go(former)
        self._http[who] = requests.Session()
        self._clients[who] = self._ways_in.sign_in(who, http=self._http[who], clock=self._clock)

    def _let_go(self, who: Colleague | Holder) -> None:
        del self._http[who]
        self._clients.pop(who).close()


def _as_services_say(problem: ProblemError) -> RefusedError | CallFailedError:
    """Return a problem as those who call services know it: a refusal, or a fault."""
    is_fault = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if is_fault or problem.status == HTTPStatus.TOO_MANY_REQUESTS or problem.code == IN_PROGRESS:
        return CallFailedError(f"{problem} (request {problem.request_id})")
    return RefusedError(
        {
            "code": problem.code,
            "message": problem.detail,
            "next_step": problem.next_step,
            "details": problem.details,
        }
    )
