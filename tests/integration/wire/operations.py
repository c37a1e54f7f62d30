"""What can be asked of the budget service, as it says itself."""

import inspect
from collections.abc import Iterator
from typing import NamedTuple

from marshmallow import Schema

from services.budget.service import BudgetService
from shared.messaging import answering
from shared.messaging.entrypoints import Operation


class Offered(NamedTuple):
    """One line of the service's table of contents that the edge may call."""

    name: str
    form: Schema
    is_command: bool

    @property
    def required(self) -> set[str]:
        return {name for name, field in self.form.fields.items() if field.required}


def offered() -> Iterator[Offered]:
    for name, line in inspect.getmembers(BudgetService):
        entrypoints = getattr(line, "nameko_entrypoints", ())
        if any(isinstance(one, Operation) for one in entrypoints):
            answer = inspect.getclosurevars(line).nonlocals["answer"]
            is_command = answer.func is answering.answer_command
            yield Offered(name, answer.keywords["schema"], is_command)


OPERATIONS = tuple(offered())
COMMANDS = {one.name for one in OPERATIONS if one.is_command}
