"""One run: start the servers, play the cases, wait for quiet, read the figures, stop."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from rich.console import Console

from demo import interruption, progress, quiet, undelivered
from demo import summary as figures
from demo.calling import Caller
from demo.case import Case
from demo.crew import Crew, Outcome
from demo.playing.later import WEEKS_LATER, goes_on
from demo.quiet import Look
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
        starts_at = clock.next_tuesday_at_ten()
        stack.start(fresh=True, processes=True, clock_starts_at=starts_at)
        try:
            return self._play(stack, starts_at=starts_at, setup_seconds=time.monotonic() - began_at)
        finally:
            interruption.ignore()
            if self.keeps_running:
                self._say(f"The stack {self.stack_name!r} goes on running.")
            else:
                stack.stop(politely=False)  # nothing waits in the broker any more

    def _play(self, stack: Stack, *, starts_at: datetime, setup_seconds: float) -> int:
        began_at = time.monotonic()
        record = Record(stack.paths.stack)
        outcomes = self._play_cases(stack, record, starts_at=starts_at)
        found = _wait_for_quiet(stack)
        caller = Caller(stack.environment(), stop=threading.Event())
        failed = [outcome for outcome in outcomes if outcome.reason is not None]
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

    def _play_cases(self, stack: Stack, record: Record, *, starts_at: datetime) -> list[Outcome]:
        """Play all cases; where each is found is kept even when the run is broken off."""
        shown = progress.shown_on(self.console, progress.expected(self.cases))
        run_id = uuid4()
        crew = Crew(self.cases, run_id=run_id, shown=shown)
        outcomes: dict[str, Outcome] = {}
        with shown:
            self._let_play(crew, stack, record, outcomes)
        for weeks in WEEKS_LATER:
            going_on = [
                case
                for case in self.cases
                if goes_on(case, weeks_later=weeks) and outcomes[case.case_ref].reason is None
            ]
            if going_on:
                self._let_time_pass(stack, until=starts_at + timedelta(weeks=weeks))
                self._say(f"{weeks} weeks later: {len(going_on)} cases go on.")
                known = {one.case_ref: outcomes[one.case_ref].known for one in going_on}
                crew = Crew(going_on, run_id=run_id, shown=shown, weeks_later=weeks, known=known)
                self._let_play(crew, stack, record, outcomes)
        return list(outcomes.values())

    def _let_play(
        self, crew: Crew, stack: Stack, record: Record, outcomes: dict[str, Outcome]
    ) -> None:
        """Let a crew play, and keep how each of its cases went in place of what was before."""
        try:
            with crew:
                crew.play(stack.environment(), at_once=self.at_once)
        finally:
            outcomes.update({one.case_ref: one for one in crew.outcomes})
            record.write_cases(outcomes.values())

    def _let_time_pass(self, stack: Stack, *, until: datetime) -> None:
        """Start the servers anew on a later day, once nothing is under way any more."""
        _wait_for_quiet(stack)
        stack.stop(politely=False)
        stack.start(processes=True, clock_starts_at=until)

    def _say(self, line: str) -> None:
        self.console.print(line, highlight=False, markup=False, soft_wrap=True)


def _wait_for_quiet(stack: Stack) -> Look:
    """Return the last look: a quiet one, or what was left when patience ended."""
    environment = stack.environment()
    caller = Caller(environment, stop=threading.Event())
    try:
        return quiet.wait_for_quiet(
            caller, management_url=environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]
        )
    finally:
        caller.close()
