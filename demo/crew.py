"""Several cases at a time: each thread with connections of its own, one case after the other."""

import queue
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self
from uuid import UUID

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from demo import partners
from demo.calling import Caller, StoppedError
from demo.case import Case
from demo.clients import Shops
from demo.ids import CaseIds
from demo.pace import Pace
from demo.partners import Partners
from demo.playing.later import go_on
from demo.playing.play import CaseFailedError, Play
from demo.playing.story import play_case
from demo.progress import Shown

ANSWERS = (CaseFailedError, RefusedError, CallFailedError, CallTimedOutError)
LEAVING_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a case went: the ids by which it can be found, and why it failed if it did."""

    case_ref: str
    known: Mapping[str, str]
    reason: str | None = None


class Crew:
    """Threads that play cases until there are no more, or until the block is left."""

    def __init__(
        self,
        cases: Sequence[Case],
        *,
        run_id: UUID,
        shown: Shown,
        weeks_later: int = 0,
        known: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        """Take cases on.

        Args:
            cases: which.
            run_id: of which run; their ids follow from it.
            shown: where progress is shown.
            weeks_later: after how many weeks they go on; 0 at their beginning.
            known: the ids by which a case that goes on is found, by its name.
        """
        self.outcomes: list[Outcome] = []
        self._run_id = run_id
        self._weeks_later = weeks_later
        self._known = known
        self._pace = Pace()
        self._shown = shown
        self._number_of_cases = len(cases)
        self._waiting: queue.SimpleQueue[Case] = queue.SimpleQueue()
        self._played: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._partners: Partners  # once they work together
        self._threads: list[threading.Thread] = []
        self._stop = threading.Event()
        # The longest first: a case of a year's weekly purchases must not begin when others end.
        for case in sorted(cases, key=_purchases, reverse=True):
            self._waiting.put(case)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Tell the threads to stop. They are daemons: one that hangs does not hold up the end."""
        self._stop.set()
        give_up_at = time.monotonic() + LEAVING_SECONDS
        for thread in self._threads:
            thread.join(timeout=max(0.0, give_up_at - time.monotonic()))

    def play(self, environment: Mapping[str, str], *, at_once: int) -> list[Outcome]:
        """Play every case, and return how each went, in the order in which they ended.

        Raises:
            RefusedError, CallFailedError, CallTimedOutError or OSError: the funders' pool, which
                every case needs, could not be opened.
        """
        caller = Caller(environment, stop=self._stop)
        self._partners = partners.open_pool(caller)
        caller.close()
        for number in range(min(at_once, self._number_of_cases)):
            thread = threading.Thread(
                target=self._work, args=(environment,), name=f"crew-{number}", daemon=True
            )
            thread.start()
            self._threads.append(thread)  # begun, so that whoever leaves can wait for it
        working = len(self._threads)
        while working:
            outcome = self._played.get()
            if outcome is None:
                working -= 1
            else:
                self.outcomes.append(outcome)
        return self.outcomes

    def _work(self, environment: Mapping[str, str]) -> None:
        caller = Caller(environment, stop=self._stop)
        try:
            shops = Shops(
                issuer_url=environment["DEMO_CARD_ISSUER_URL"],
                api_key=environment["DEMO_CARD_ISSUER_API_KEY"],
            )
            while not self._stop.is_set():
                self._played.put(self._outcome(self._waiting.get_nowait(), caller, shops))
        except (queue.Empty, StoppedError):
            pass
        finally:
            caller.close()
            self._played.put(None)

    def _outcome(self, case: Case, caller: Caller, shops: Shops) -> Outcome:
        play = Play(
            case=case,
            ids=CaseIds(run_id=self._run_id, case_ref=case.case_ref),
            caller=caller,
            shops=shops,
            shown=self._shown,
            partners=self._partners,
            pace=self._pace,
            known=dict(self._known.get(case.case_ref, {})),
            weeks_later=self._weeks_later,
        )
        reason = None
        play.note_id("story_id", play.ids.text("story"))
        try:
            if self._weeks_later:
                go_on(play)
            else:
                play_case(play)
        except StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever ends one case, the others go on
            reason = reason_of(error)
        return Outcome(case_ref=case.case_ref, known=play.known, reason=reason)


def _purchases(case: Case) -> int:
    return 0 if case.support_plan is None else case.support_plan.purchases


def reason_of(error: Exception) -> str:
    """Say why a case failed, and, if nobody answered so, where in the demo it did."""
    called = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
    if isinstance(error, ANSWERS):
        return f"{called}{error}"
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{called}{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
