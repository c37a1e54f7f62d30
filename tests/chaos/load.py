"""Cases played through the front door by people who do not give up."""

import itertools
import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import uuid4

from demo import partners
from demo.calling import Caller
from demo.case import Case
from demo.clients import BETTING_SHOP_CODE, PAWN_SHOP_CODE, Authorisation, Shops
from demo.crew import reason_of
from demo.ids import CaseIds
from demo.pace import Pace
from demo.partners import Partners
from demo.playing.play import Play
from demo.playing.story import play_case
from demo.schemas import CaseLine
from deploy.local.paths import CHECKOUT

CASES = CHECKOUT / "demo" / "cases" / "cases.jsonl"
MOST_ITEMS, MOST_OCCURRENCES = 3, 2
PATIENCE_SECONDS = 600


class PatientShops(Shops):
    """Whoever is declined because nobody answered the issuer tries the card again."""

    def authorise(self, **asked: Any) -> Authorisation:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = super().authorise(**asked)
            is_forbidden = asked["merchant_category_code"] in {BETTING_SHOP_CODE, PAWN_SHOP_CODE}
            if answer.is_approved or is_forbidden or time.monotonic() > give_up_at:
                return answer
            time.sleep(0.5)


class PatientPlay(Play):
    """Waits for as long as an outage may last."""

    patience_seconds: ClassVar[float] = PATIENCE_SECONDS

    def wait_for(self, operation: str, request: Mapping[str, Any], **how: Any) -> Any:
        how = {**how, "patience_seconds": self.patience_seconds}
        return super().wait_for(operation, request, **how)


class Unseen:
    """Progress that nobody watches."""

    def advance(self, stage: object) -> None:
        pass


def pilot_lines() -> list[dict]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


class Players:
    """Plays cases, each as somebody who never was here before."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        seed: int,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        PatientPlay.patience_seconds = patience_seconds
        self.played: list[dict] = []  # the lines of those that ended well
        self.failed: list[str] = []
        self._environment = environment
        self._numbers = itertools.count(seed % 1000 * 9_000)
        self._lock = threading.Lock()
        self._pace = Pace()
        self._partners: Partners  # once they work together

    def open_pool(self) -> None:
        """Have the funders work together, as every case needs."""
        caller = self._caller()
        self._partners = partners.open_pool(caller)
        caller.close()

    def _caller(self) -> Caller:
        return Caller(
            self._environment,
            stop=threading.Event(),
            attempts=PATIENCE_SECONDS,  # a second or more each
        )

    def play(self, line: dict) -> None:
        """Play one case to its end, in this thread."""
        caller = self._caller()
        shops = PatientShops(
            issuer_url=self._environment["DEMO_CARD_ISSUER_URL"],
            api_key=self._environment["DEMO_CARD_ISSUER_API_KEY"],
        )
        with self._lock:
            line = as_somebody_else(line, number=next(self._numbers))
        case: Case = CaseLine().load(line)
        play = PatientPlay(
            case=case,
            ids=CaseIds(run_id=uuid4(), case_ref=case.case_ref),
            caller=caller,
            shops=shops,
            shown=Unseen(),
            partners=self._partners,
            pace=self._pace,
        )
        try:
            play_case(play)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
            self.failed.append(f"{case.case_ref}: {reason_of(error)}")
        else:
            self.played.append(line)
        finally:
            caller.close()

    def play_all(self, lines: Sequence[dict], *, at_once: int, until: float | None = None) -> None:
        """Play all of them; with ``until`` over and over, and begin none after that time."""
        waiting = iter(lines) if until is None else itertools.cycle(lines)

        def work() -> None:
            while until is None or time.monotonic() < until:
                with self._lock:
                    line = next(waiting, None)
                if line is None:
                    return
                self.play(line)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def shortened(line: dict) -> dict:
    """A case with fewer purchases, so that many cases fit into a minute."""
    if not line["wants_budget"]:
        return line
    items = line["support_plan"]["items"]
    rails = {item["rail"]: item for item in reversed(items)}  # one of each kind, if it has them
    kept = [item for item in items if item in rails.values()][:MOST_ITEMS]
    kept = [{**item, "occurrences": min(item["occurrences"], MOST_OCCURRENCES)} for item in kept]
    return {**line, "support_plan": {**line["support_plan"], "items": kept}}


def as_somebody_else(line: dict, *, number: int) -> dict:
    """The same case of another person: other numbers, and an address of their own."""
    person = {
        **line["person"],
        "nhs_number": nhs_number(number),
        "council_client_id": f"LAS{number}",
        "family_name": f"{line['person']['family_name']} {number}",  # or they would be alike
        "email": f"case{number}@example.org",
    }
    return {**line, "case_ref": f"{line['case_ref']}-{number}", "person": person}


def nhs_number(number: int) -> str:
    """A number of the range kept for tests, with its check digit."""
    for digits in itertools.count(number * 11):
        nine = f"9{digits:08}"
        check = -sum(int(one) * (10 - place) for place, one in enumerate(nine)) % 11
        if check != 10:
            return f"{nine}{check}"
    raise AssertionError
