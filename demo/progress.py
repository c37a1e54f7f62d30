"""How far the demo is: a bar for each stage, or a plain line now and then without a terminal."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.case import Afterwards, Case

SECONDS_BETWEEN_LINES = 10


class Stage(StrEnum):
    """The stages of a case's way."""

    REFERRAL = "referral and assessment"
    PLAN = "plan and sign-off"
    FUNDING = "funding"
    PURCHASES = "purchases"
    AFTERWARDS = "afterwards"


class Shown(Protocol):
    """Somewhere to show progress; called from several threads."""

    def advance(self, stage: Stage) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...


def expected(cases: Iterable[Case]) -> dict[Stage, int]:
    """Count the steps of each stage before the first is taken."""
    steps: Counter[Stage] = Counter(dict.fromkeys(Stage, 0))
    for case in cases:
        steps[Stage.REFERRAL] += 1
        if case.support_plan is not None:
            steps[Stage.PLAN] += 1
            steps[Stage.FUNDING] += 1
            steps[Stage.PURCHASES] += case.support_plan.purchases
        steps[Stage.AFTERWARDS] += sum(case.happens(event) for event in Afterwards)
    return dict(steps)


def shown_on(console: Console, steps: Mapping[Stage, int]) -> Shown:
    """Show bars on a terminal that can draw them, lines anywhere else."""
    if console.is_terminal and not console.is_dumb_terminal:
        return Bars(console, steps)
    return Lines(console, steps)


class Bars:
    """A bar for each stage."""

    def __init__(self, console: Console, steps: Mapping[Stage, int]) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks = {
            stage: self._progress.add_task(stage, total=total) for stage, total in steps.items()
        }

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def advance(self, stage: Stage) -> None:
        self._progress.advance(self._tasks[stage])


class Lines:
    """A line every few seconds, without a control character."""

    def __init__(self, console: Console, steps: Mapping[Stage, int]) -> None:
        self._console = console
        self._steps = steps
        self._done = Counter[Stage]()
        self._lock = threading.Lock()
        self._began_at = self._said_at = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._say()

    def advance(self, stage: Stage) -> None:
        with self._lock:
            self._done[stage] += 1
            if time.monotonic() - self._said_at >= SECONDS_BETWEEN_LINES:
                self._say()

    def _say(self) -> None:
        self._said_at = time.monotonic()
        parts = (f"{stage} {self._done[stage]}/{total}" for stage, total in self._steps.items())
        line = f"{self._said_at - self._began_at:4.0f} s  {' · '.join(parts)}"
        self._console.print(line, soft_wrap=True, highlight=False, markup=False)
