"""What every step of a case needs."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from clients.edge import RefusedError
from demo.calling import Caller
from demo.case import Case
from demo.clients import Shops
from demo.ids import CaseIds
from demo.pace import Pace
from demo.progress import Shown, Stage
from shared import clock

PATIENCE_SECONDS = 60.0


class CaseFailedError(Exception):
    """A case cannot go on. The reason names codes and ids, and nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One case in one thread: who to call, and what is known so far."""

    case: Case
    ids: CaseIds
    caller: Caller
    shops: Shops
    shown: Shown
    known: dict[str, str] = field(default_factory=dict)  # referral_id, person_id, budget_id, ...
    pace: Pace = field(default_factory=Pace)
    weeks_later: int = 0  # since the case began, by the suite's clock

    def tell(self, operation: str, request: Mapping[str, Any], *, about: str = "") -> Any:
        """Send a command; ``about`` tells it from others of its kind in this case."""
        return self.caller.command(
            operation,
            request,
            command_id=self.ids.of(f"command/{operation}/{about}"),
            correlation_id=self.ids.of("story"),
        )

    def be_refused(
        self, operation: str, request: Mapping[str, Any], *, code: str, about: str = ""
    ) -> None:
        """Send a command that must be refused for a reason that has this code.

        Raises:
            CaseFailedError: it was done.
            RefusedError: it was refused for another reason.
        """
        try:
            self.tell(operation, request, about=about)
        except RefusedError as refusal:
            if refusal.code != code:
                raise
        else:
            raise CaseFailedError(f"{operation} was done, and should be refused: {code}")

    def today(self) -> str:
        """Return the suite's day, which is not the demo's: so many weeks after the referral's."""
        return self.weeks_from_now(0).isoformat()

    def weeks_from_now(self, weeks: int) -> date:
        received_at = datetime.fromisoformat(self.read_case()["referral"]["received_at"])
        return clock.day_in_london(received_at) + timedelta(weeks=self.weeks_later + weeks)

    def read_case(self) -> Mapping[str, Any]:
        """Return the case as anybody on it may read it."""
        asked = {"referral_id": self.known["referral_id"]}
        found: Mapping[str, Any] = self.caller.query("assessment.case", asked)
        return found

    def note_id(self, name: str, value: str) -> str:
        """Keep an id by which the case can be found again."""
        self.known[name] = value
        return value

    def advance(self, stage: Stage) -> None:
        self.shown.advance(stage)

    def wait_for(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        what: str,
        until: Callable[[Mapping[str, Any]], bool],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Mapping[str, Any]:
        """Ask now and then, at the pace that ``what`` has lately, and return what fits.

        Raises:
            CaseFailedError: none did in time.
        """
        began_at = time.monotonic()
        waited_seconds = 0.0
        while True:
            self.caller.pause(self.pace.pause_seconds(what, waited_seconds=waited_seconds))
            answer: Mapping[str, Any] = self.caller.query(operation, request)
            waited_seconds = time.monotonic() - began_at
            if until(answer):
                self.pace.took(what, waited_seconds)
                return answer
            if waited_seconds > patience_seconds:
                raise CaseFailedError(
                    f"{operation} still says {answer.get('state')!r} after {patience_seconds:.0f} s"
                )
