"""One run: start the servers, play the cases, wait for quiet, read the figures, stop."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from rich.console import Console

from demo import interruption, progress, quiet, undelivered
from demo import summary as figures
from demo.calling import Caller
from demo.case import Case
from demo.crew import Crew, Outcome
from demo.record import Record
from deploy.local import tools
from deploy.local.stack import Stack
from shared import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the demo was asked to do."""

    cases: Sequence[Case]
    stack_name: str
    at_once: int
    keeps_running: bool
    console: Console

    def carry_out(self) -> int:
        """Do it, and return the exit code.

        Raises:
            StackError: the servers would not start.
            Interrupted: somebody wants to end it; all that was started is stopped.
        """
        began_at = time.monotonic()
        stack = Stack.named(self.stack_name, say=self._say)
        Record(stack.paths.stack).clear()  # before its data goes: nothing is shown of half a run
        stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
        try:
            return self._play(stack, setup_seconds=time.monotonic() - began_at)
        finally:
            interruption.ignore()
            if self.keeps_running:
                self._say(f"The stack {self.stack_name!r} goes on running.")
            else:
                stack.stop(politely=False)  # nothing waits in the broker any more

    def _play(self, stack: Stack, *, setup_seconds: float) -> int:
        began_at = time.monotonic()
        record = Record(stack.paths.stack)
        environment = stack.environment()
        outcomes = self._play_cases(environment, record)
        caller = Caller(environment["COMMONPURSE_BROKER_URL"], stop=threading.Event())
        failed = [outcome for outcome in outcomes if outcome.reason is not None]
        found = quiet.wait_for_quiet(
            caller, management_url=environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]
        )
        summary = figures.summarise(
            caller,
            found=found,
            failed=[*failed, *undelivered.told_nobody(caller, outcomes)],
            setup_seconds=setup_seconds,
            cases_seconds=time.monotonic() - began_at,
        )
        caller.command("budget.seal_journals", {}, command_id=uuid4(), correlation_id=uuid4())
        caller.close()
        record.write_summary(summary)
        figures.show(summary, console=self.console)
        self._say(f"The figures are in {record.summary_path}.")
        complaints = figures.complaints(summary, left=found.left())
        if tools.verify(stack, []) != 0:
            complaints = [*complaints, "The ledger breaks a rule of its own."]
        for complaint in complaints:
            self._say(complaint)
        return 1 if complaints else 0

    def _play_cases(self, environment: Mapping[str, str], record: Record) -> list[Outcome]:
        """Play all cases; where each is found is kept even when the run is broken off."""
        shown = progress.shown_on(self.console, progress.expected(self.cases))
        crew = Crew(self.cases, run_id=uuid4(), shown=shown)
        try:
            with shown, crew:
                return crew.play(environment, at_once=self.at_once)
        finally:
            record.write_cases(crew.outcomes)

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)
