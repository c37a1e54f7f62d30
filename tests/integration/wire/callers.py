"""Who asks the commands of the story: once and undisturbed, or of a service that is killed."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from clients.edge import Edge
from deploy.local.stack import Stack
from services.budget.service import BudgetService
from shared import clock
from shared.contracts import documents
from shared.messaging.answering import Call
from shared.trace import Trace
from tests.factories import TUESDAY_AT_TEN, a_system
from tests.integration.budget.budgets import do_what_is_due, everything, rows
from tests.integration.budget.operations import TIMETABLE
from tests.probe.fixtures import Program
from tests.waiting import PATIENCE_SECONDS, eventually

CRASH = "command.committed:1"
KILLED = 137
COUNTED = ("journals", "postings", "outbox", "answered_commands")
# What the service adds up by itself every few seconds, whoever asks.
BY_ITSELF = ("day_totals", "month_totals", "totals_reach")
Answer = Mapping[str, Any]


class Undisturbed:
    """Asks by the service's own entrypoints, with neither a broker nor a process between."""

    def __init__(self, transaction: Callable[[], Any]) -> None:
        self.transaction = transaction
        self.at = TUESDAY_AT_TEN  # which time it is in the story
        self.counts: list[tuple[str, Mapping[str, int]]] = []  # after each command

    def __call__(self, operation: str, *, actor: str = "tests/system", **request: Any) -> Answer:
        """Have a command carried out, and return its answer."""
        self._do_what_is_due()
        answer = self._ask(operation, documents.plain(request), actor=actor)
        self._do_what_is_due()
        self.counts.append((operation, self._count()))
        return answer

    def _ask(self, operation: str, request: Mapping[str, Any], *, actor: str) -> Answer:
        command_id = uuid4()
        trace = Trace(correlation_id=command_id, causation_id=command_id, actor=actor, at=self.at)
        worker = SimpleNamespace(
            name="budget",
            transaction=self.transaction,
            access=BudgetService.access,
            trace=trace,
        )
        call = Call(
            operation=operation, request=request, actor=a_system(actor), command_id=command_id
        )
        answer = getattr(BudgetService, operation)(worker, call)
        assert "result" in answer, (operation, answer)
        return answer["result"]

    def _do_what_is_due(self) -> None:
        """Do what a service does by the clock at its start, so that it finds nothing to do there.

        What it does between two commands would otherwise be counted with one or the other.
        """
        for name in TIMETABLE:
            do_what_is_due(self.transaction, name, at=self.at)

    def _count(self) -> dict[str, int]:
        counted = "SELECT " + ", ".join(f"(SELECT count(*) FROM {one})" for one in COUNTED)  # noqa: S608
        return dict(zip(COUNTED, rows(self.transaction, counted)[0], strict=True))


class KilledEachTime(Undisturbed):
    """Asks over the broker; the first time of each, the service ends between commit and reply.

    What was asked in that way before is asked undisturbed: it only leads to what comes next.
    """

    def __init__(
        self, transaction: Callable[[], Any], *, servers: Stack, start: Callable[..., Program]
    ) -> None:
        super().__init__(transaction)
        self.killed_in: list[str] = []
        self._start = start
        self._environment = servers.process_environment("budget")
        self._edge = servers.environment()
        self._service: Program | None = None
        self._set_to: datetime | None = None  # the service's clock

    def _ask(self, operation: str, request: Mapping[str, Any], *, actor: str) -> Answer:
        if operation in self.killed_in:
            return super()._ask(operation, request, actor=actor)
        self.killed_in.append(operation)
        service, command_id = self._ready(), uuid4()
        before = self._count()["answered_commands"]

        def ask() -> Answer:
            with Edge.connect(self._edge, name="tests", actor=a_system(actor)) as edge:
                return edge.command(
                    "budget",
                    operation,
                    request,
                    command_id=command_id,
                    timeout_seconds=PATIENCE_SECONDS,
                )

        with ThreadPoolExecutor(1) as callers:
            waiting = callers.submit(ask)
            _see_it_end(service, waiting, operation)
            assert self._count()["answered_commands"] == before + 1
            self._do_what_is_due()
            committed = self._everything()
            self._service = again = self._begin()
            eventually(lambda: again.has_ended() or waiting.done())
            assert not again.has_ended(), (operation, "was carried out once more")
            answer = waiting.result()  # the same caller, who waited, is answered after all
        assert (operation, answer) == (operation, self._stored(command_id))
        assert (operation, ask()) == (operation, answer)
        assert self._everything() == committed, operation
        assert not again.has_ended(), again.output()
        return answer

    def _everything(self) -> Mapping[str, list[str]]:
        return everything(self.transaction, apart_from=BY_ITSELF)

    def _stored(self, command_id: UUID) -> Answer:
        asked = "SELECT answer->'result' FROM answered_commands WHERE command_id = :command_id"
        ((answer,),) = rows(self.transaction, asked, command_id=command_id)
        return answer

    def _ready(self) -> Program:
        """Return a service that will end, with its clock set; the one that runs if that is it."""
        if self._service is not None and self._set_to == self.at:
            return self._service
        if self._service is not None:
            self._service.kill()
        return self._begin()

    def _begin(self) -> Program:
        self._set_to = self.at
        environment = self._environment | {
            "COMMONPURSE_CRASH": CRASH,
            "COMMONPURSE_CLOCK_OFFSET_SECONDS": str(clock.offset_seconds_to(self.at)),
        }
        return self._start("operations.runner", "budget", environment=environment)


def _see_it_end(service: Program, waiting: Future[Answer], operation: str) -> None:
    """Wait until the service has ended at its crash point, with a caller left without answer."""
    eventually(lambda: service.has_ended() or waiting.done())
    assert not waiting.done(), (operation, waiting.exception() or waiting.result())
    assert service.status(within_seconds=PATIENCE_SECONDS) == KILLED, service.output()
