"""Crash points: which process ends where, while which flow is under way.

A round plays one flow while several processes are armed, each with a point that the flow makes
it pass. Each must have ended there with status 137; afterwards nothing may be lost or doubled.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from demo.calling import Caller
from deploy.local.waiting import wait_until
from tests.chaos import invariants, planted
from tests.chaos.house import House
from tests.chaos.load import PatientPlay, Players, pilot_lines, shortened

KILLED = 137
HURRY_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 90
# The points that a program of each kind passes, in the order in which it does.
INBOX = (
    "message.received",
    "inbox.claimed",
    "inbox.handled",
    "inbox.committed",
    "message.acknowledged",
)
FAILURE = ("failure.noted", "failure.kept", "retry.claimed", "retry.handled", "retry.committed")
COMMAND = ("command.claimed", "command.handled", "command.committed", "command.replied")
RELAY = (
    "relay.claimed",
    "publisher.sent",
    "relay.confirmed",
    "relay.marked",
    "relay.committed",
)
ERRAND = ("errand.claimed", "errand.called", "errand.recorded", "errand.settled")
POINTS = (*INBOX, *FAILURE, *COMMAND, *RELAY, *ERRAND)
# What a service's own role must be able to do to work on an event: taken away, its work fails.
NEEDED = {
    "budget": "INSERT ON holds",
    "payments": "UPDATE ON purchases",
    "notifications": "INSERT ON messages",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One flow, and where each armed program is to end."""

    flow: str
    points: Mapping[str, str]  # by the program


def flows() -> dict[str, dict]:
    """One short case of each kind, by what is special about it."""
    cases = [shortened(line) for line in pilot_lines() if line["wants_budget"]]

    def first(is_it) -> dict:
        return next(case for case in cases if is_it(case))

    def rails(case) -> set[str]:
        return {item["rail"] for item in case["support_plan"]["items"]}

    return {
        "card": first(lambda case: rails(case) == {"card"} and not case["afterwards"]),
        "refund": first(lambda case: "refund_first_card_item" in case["afterwards"]),
        "decline": first(lambda case: "card_declined_wrong_merchant" in case["afterwards"]),
        "crisis": first(lambda case: "crisis_activated" in case["afterwards"]),
        "transfer": first(lambda case: {"bacs", "card"} <= rails(case)),
        "contribution": first(
            lambda case: (
                case["referral"]["basis"] == "care_act"
                and case["budget"]["person_contribution_weekly_pence"] > 0
            )
        ),
    }


def every_round() -> Iterator[Round]:
    """Every point in every flow, as few rounds as that takes."""
    for flow in flows():
        for number in range(5):
            yield Round(flow=flow, points=_points_of_round(number))


def sampled_rounds() -> list[Round]:
    """Return a fixed sample: forty pairs of a point and a flow."""
    rounds = list(every_round())
    return [rounds[number] for number in (1, 8, 14, 20)]


def _points_of_round(number: int) -> dict[str, str]:
    """Spread the points over the programs that pass them, so that five rounds reach all."""
    return {
        "assessment": COMMAND[number % len(COMMAND)],
        "budget": INBOX[number],
        "payments": COMMAND[(number + 1) % len(COMMAND)],
        "notifications": FAILURE[number],
        "assessment-relay": RELAY[number],
        "budget-relay": RELAY[(number + 1) % len(RELAY)],
        "payments-relay": RELAY[(number + 2) % len(RELAY)],
        "notifications-relay": RELAY[(number + 3) % len(RELAY)],
        "payments-errands": ERRAND[number % len(ERRAND)],
        "notifications-errands": ERRAND[(number + 2) % len(ERRAND)],
    }


class Crashes:
    """Plays rounds in one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._environment = house.stack.environment()
        self.players = Players(self._environment, seed=7, patience_seconds=PATIENCE_SECONDS)
        house.wait_until_ready()
        self.players.open_pool()
        self._flows = flows()

    def play(self, one: Round) -> list[str]:
        """Play a round, and return what it found wrong; also a point that nobody passed."""
        before = {name: self._crashes(name) for name in one.points}
        with ThreadPoolExecutor(len(one.points)) as arming:
            programs = self.house.programs
            list(arming.map(lambda name: programs[name].arm(one.points[name]), one.points))
        self.house.wait_until_ready()
        failing = [name for name, point in one.points.items() if point in FAILURE]
        playing = threading.Thread(target=self.players.play, args=(self._flows[one.flow],))
        with self._failing(failing):
            playing.start()
            for name in failing:
                wait_until(lambda name=name: self._has_failed(name), patience_seconds=30)
        self.hurry_until_over(playing)
        found = self.come_to_rest()
        found += [
            f"{name} never passed {point} in {one.flow}"
            for name, point in one.points.items()
            if self._crashes(name) == before[name]
        ]
        return found

    @contextmanager
    def planted(self, which: str) -> Iterator[None]:
        """Let a program that breaks its promise stand in for the real one; nobody waits long."""
        program = planted.plant(self.house, which)
        patience_seconds, PatientPlay.patience_seconds = PatientPlay.patience_seconds, 10
        try:
            yield
        finally:
            PatientPlay.patience_seconds = patience_seconds
            program.module = None

    def hurry_until_over(self, playing: threading.Thread) -> None:
        """Let the time pass for which the flows would wait."""
        while playing.is_alive():
            playing.join(HURRY_EVERY_SECONDS)
            self.house.hurry()

    def come_to_rest(self) -> list[str]:
        """Wait until all is quiet, and return what is wrong then."""
        caller = Caller(self._environment, stop=threading.Event())
        found = [f"I2 a case failed: {failure}" for failure in self.players.failed]
        found += invariants.come_to_rest(self.house, caller)
        found += invariants.violations(self.house, caller, played=self.players.played, poison={})
        caller.close()
        return found

    def _crashes(self, name: str) -> int:
        return self.house.programs[name].statuses[KILLED]

    @contextmanager
    def _failing(self, services: Sequence[str]) -> Iterator[None]:
        """Let the work of some services fail, by taking from them what they need for it."""
        for service in services:
            self.house.execute(service, f"REVOKE {NEEDED[service]} FROM {service}")
        try:
            yield
        finally:
            for service in services:
                self.house.execute(service, f"GRANT {NEEDED[service]} TO {service}")

    def _has_failed(self, service: str) -> bool:
        """Whether a message of it waits for its next try."""
        return bool(self.house.rows(service, "SELECT 1 FROM inbox WHERE state = 'retry'"))
