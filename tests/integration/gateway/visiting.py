"""Visitors at the gateway's door, with the real services behind it and no broker in between.

Whatever a service answers must be shown whole: each answer is compared with what comes out.
"""

import inspect
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from uuid import uuid4

from services.budget.service import BudgetService
from services.gateway import problems
from services.gateway.problems import ProblemError
from services.gateway.visitors import Visitor
from services.notifications.service import NotificationsService
from services.payments.service import PaymentsService
from shared.messaging.answering import Call
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.gateway.one_app import OneApp

SERVICES = {
    service.name: service for service in (BudgetService, PaymentsService, NotificationsService)
}
PAGE = 50


class Direct:
    """Asks the services as ``services.gateway.calling.Callers`` does, in the same process."""

    def __init__(self, transactions):
        """Take the transactions of the services by their names; the others are away."""
        self._transactions = transactions
        self.answers = []  # as the services gave them

    def ask(self, operation, request, *, actor):
        return self._answered(operation, request, actor)

    def tell(self, operation, request, *, actor, command_id, story_id=None):
        return self._answered(operation, request, actor, command_id=command_id)

    def ask_until(self, operation, request, *, actor, is_settled, seconds):
        return self._answered(operation, request, actor)

    def _answered(self, operation, request, actor, *, command_id=None):
        name, _, line = operation.partition(".")
        if name not in self._transactions:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE, "away", "Away.", next_step="Ask again."
            )
        service = SERVICES[name]
        call = Call(operation=line, request=request, actor=actor, command_id=command_id)
        answer = _as_service(service, line)(
            call,
            transaction=self._transactions[name],
            access=service.access,
            trace=a_trace(at=TUESDAY_AT_TEN, actor=actor.place),
        )
        if "refusal" in answer:
            raise problems.refused(answer["refusal"])
        self.answers.append(answer["result"])
        return answer["result"]


def _as_service(service, line):
    """Return what answers, in the thread of whoever asks."""
    answer = inspect.getclosurevars(getattr(service, line)).nonlocals["answer"]
    finish = answer.keywords.get("finish")
    return partial(answer, finish=finish.args[0]) if finish else answer


class Door:
    """Lets people in, each as whom they are."""

    def __init__(self, transactions):
        self.services = Direct(transactions)
        self._who = SimpleNamespace(asks=None)
        self.app = OneApp(self.services, who_asks=lambda: self._who.asks)
        self._http = self.app.test_client()

    def enter(self, role, *, actor_id=None, organisation="voluntary-broker"):
        """Return somebody who came through the door."""
        actor_id = str(actor_id or uuid4())
        visitor = Visitor(
            client=actor_id,
            actor_id=actor_id,
            roles=(role,),
            organisation=organisation,
            purpose="direct_care",
        )
        return Guest(self, visitor)

    def let_in(self, guest):
        """Take whoever comes from now on for this guest."""
        self._who.asks = guest.visitor

    def ask(self, visitor, method, path, **how):
        self._who.asks = visitor
        return self._http.open(f"/v1{path}", method=method, **how)


class Guest:
    """What somebody does here."""

    def __init__(self, door, visitor):
        self._door = door
        self.visitor = visitor
        self.id = visitor.actor_id

    def get(self, path, **query):
        """Read, and see that nothing of the service's answer is missing."""
        answer = self._door.ask(self.visitor, "GET", path, query_string=query)
        is_file = "Content-Disposition" in answer.headers
        if answer.status_code == 200 and not is_file:
            self._compare(answer.json)
        return answer

    def merged(self, path, **query):
        """Read what several services answer."""
        return self._door.ask(self.visitor, "GET", path, query_string=query)

    def post(self, path, *, key=None, method="POST", headers=None, **body):
        """Have something done, and see that the whole answer is shown."""
        how = {"headers": {"Idempotency-Key": key or uuid4().hex, **(headers or {})}, "json": body}
        answer = self._door.ask(self.visitor, method, path, **how)
        if answer.status_code == 202:
            said = self._door.services.answers[-1] or {}
            shown = answer.json
            assert {name: shown.get(name) for name in said} == said
        return answer

    def put(self, path, **how):
        return self.post(path, method="PUT", **how)

    def _compare(self, shown):
        said = self._door.services.answers[-1]
        if isinstance(said, list):
            assert shown["items"] == said[:PAGE], (shown["items"], said)
        else:
            assert shown == said, (shown, said)


def done(answer, status=202):
    """Return what was answered; whatever else it was is shown."""
    assert answer.status_code == status, answer.json
    return answer.json
