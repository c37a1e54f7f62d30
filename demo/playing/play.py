"""What every step of a case needs."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from clients.edge import RefusedError
from demo.calling import Caller
from demo.case import Case
from demo.clients import Shops
from demo.ids import CaseIds
from demo.pace import Pace
from demo.partner_systems import MESSAGE, TRUST, Way
from demo.partners import Partners
from demo.progress import Shown, Stage
from demo.staff import CARE_COORDINATOR, Colleague, Holder
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
    partners: Partners
    known: dict[str, str] = field(default_factory=dict)  # referral_id, person_id, budget_id, ...
    pace: Pace = field(default_factory=Pace)
    weeks_later: int = 0  # since the case began, by the suite's clock

    @property
    def holder(self) -> Holder:
        """Return the person themselves, as they sign in."""
        person = self.case.person
        return Holder(
            user=self.ids.text("holder"),
            nhs_number=person["nhs_number"],
            family_name=person["family_name"],
            birth_date=person["birth_date"],
        )

    def tell(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        by: Colleague | Holder,
        about: str = "",
    ) -> Any:
        """Have something done by somebody; ``about`` tells it from others of its kind here."""
        return self.caller.command(
            operation,
            request,
            command_id=self.ids.of(f"command/{operation}/{about}"),
            correlation_id=self.ids.of("story"),
            by=by,
        )

    def be_refused(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        by: Colleague | Holder,
        code: str,
        about: str = "",
    ) -> None:
        """Have somebody try what must be refused for a reason that has this code.

        Raises:
            CaseFailedError: it was done.
            RefusedError: it was refused for another reason.
        """
        with _refused(operation, code):
            self.tell(operation, request, by=by, about=about)

    def send(
        self,
        message_type: str,
        data: Mapping[str, Any],
        *,
        by: str,
        about: str = "",
        way: Way | None = None,
    ) -> Mapping[str, Any]:
        """Have a partner's system send a message, and return the ids of the reply.

        By which id it was sent is kept, so that it can be shown.

        Args:
            message_type: ``referral.submit.v1``.
            data: as the published form of the type has it.
            by: the organisation, as records name it.
            about: tells it from others of its kind in this case.
            way: how it travels; None: as that organisation's messages do in this case.
        """
        name = MESSAGE + "/".join((by, message_type, *filter(None, [about])))
        message_id = self.note_id(name, self.ids.text(name))
        return self.caller.send(
            by,
            message_type,
            data,
            by=way or self.way_of(by),
            message_id=UUID(message_id),
            story_id=self.ids.of("story"),
        )

    def way_of(self, organisation: str) -> Way:
        """Return how a partner's messages travel in this case: half the trust's by MESH."""
        is_odd = sum(self.case.case_ref.encode()) % 2
        return Way.MESH if organisation == TRUST and is_odd else Way.AMQP

    def be_rejected(
        self, message_type: str, data: Mapping[str, Any], *, by: str, code: str, about: str
    ) -> None:
        """Have a partner's system send what must be rejected for a reason that has this code.

        Raises:
            CaseFailedError: it was accepted.
            RefusedError: it was rejected for another reason.
        """
        with _refused(message_type, code):
            self.send(message_type, data, by=by, about=about)

    def today(self) -> str:
        """Return the suite's day, which is not the demo's: so many weeks after the referral's."""
        return self.weeks_from_now(0).isoformat()

    def weeks_from_now(self, weeks: int) -> date:
        received_at = datetime.fromisoformat(self.read_case()["referral"]["received_at"])
        return clock.day_in_london(received_at) + timedelta(weeks=self.weeks_later + weeks)

    def ask(self, operation: str, request: Mapping[str, Any], *, by: Colleague | Holder) -> Any:
        """Return what somebody may know."""
        return self.caller.query(operation, request, by=by)

    def read_case(self) -> Mapping[str, Any]:
        """Return the case as the care coordinator reads it."""
        asked = {"referral_id": self.known["referral_id"]}
        found: Mapping[str, Any] = self.ask("assessment.case", asked, by=CARE_COORDINATOR)
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
        by: Colleague | Holder,
        what: str,
        until: Callable[[Mapping[str, Any]], bool],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Mapping[str, Any]:
        """Let somebody ask, at the pace that ``what`` has lately, and return what fits.

        Raises:
            CaseFailedError: none did in time.
        """
        began_at = time.monotonic()
        waited_seconds = 0.0
        while True:
            self.caller.pause(self.pace.pause_seconds(what, waited_seconds=waited_seconds))
            answer: Mapping[str, Any] = self.ask(operation, request, by=by)
            waited_seconds = time.monotonic() - began_at
            if until(answer):
                self.pace.took(what, waited_seconds)
                return answer
            if waited_seconds > patience_seconds:
                raise CaseFailedError(
                    f"{operation} still says {answer.get('state')!r} after {patience_seconds:.0f} s"
                )


@contextmanager
def _refused(what: str, code: str) -> Iterator[None]:
    """See that what is tried in the block is refused for a reason that has this code."""
    try:
        yield
    except RefusedError as refusal:
        if refusal.code != code:
            raise
    else:
        raise CaseFailedError(f"{what} was done, and should be refused: {code}")
