"""What can be asked of the budget service and told to it, as its table of contents says itself."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from marshmallow import Schema

from services.budget.service import BudgetService
from shared.messaging import answering
from shared.messaging.answering import Answer, Call
from shared.messaging.entrypoints import Operation, Timetable
from shared.trace import Trace
from tests.architecture.entrypoints import subscriptions


class Offered(NamedTuple):
    """One line of the service's table of contents that the edge may call."""

    name: str
    form: Schema
    is_command: bool
    handler: Callable[..., Any]  # of a command, or what answers the query
    finish: Callable[[Any], Any] | None  # what a query does after its transaction

    @property
    def required(self) -> set[str]:
        return {name for name, field in self.form.fields.items() if field.required}

    def answer(self, call: Call, *, transaction: Callable[[], Any], trace: Trace) -> Answer:
        """Answer as the service does, in the thread of whoever asks."""
        if self.is_command:
            return answering.answer_command(
                call,
                schema=self.form,
                handler=self.handler,
                transaction=transaction,
                access=BudgetService.access,
                trace=trace,
            )
        return answering.answer_query(
            call,
            schema=self.form,
            query=self.handler,
            transaction=transaction,
            access=BudgetService.access,
            trace=trace,
            finish=self.finish,
        )


def offered() -> Iterator[Offered]:
    for name, line in inspect.getmembers(BudgetService):
        entrypoints = getattr(line, "nameko_entrypoints", ())
        if any(isinstance(one, Operation) for one in entrypoints):
            answer = inspect.getclosurevars(line).nonlocals["answer"]
            yield _offered(name, answer.keywords, is_command="handler" in answer.keywords)


def _offered(name: str, given: Mapping[str, Any], *, is_command: bool) -> Offered:
    apart = given.get("finish")  # to be called in a thread apart
    return Offered(
        name=name,
        form=given["schema"],
        is_command=is_command,
        handler=given["handler" if is_command else "query"],
        finish=apart.args[0] if apart else None,
    )


OPERATIONS = {one.name: one for one in offered()}
TIMETABLE = {
    name: entrypoint
    for name, line in inspect.getmembers(BudgetService)
    for entrypoint in getattr(line, "nameko_entrypoints", ())
    if isinstance(entrypoint, Timetable)
}
COMMANDS = {one.name for one in OPERATIONS.values() if one.is_command}
SUBSCRIBERS = {one.event_class: one.subscriber for one in subscriptions("budget")}
