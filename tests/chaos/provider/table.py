"""The table of crashes and faults: each fault is met by somebody while the process ends.

The errands process ends once for each point with ten messages at that very place, each of which
meets a fault of its own at the provider; and once more with one message before a shut door.
"""

import signal
from dataclasses import dataclass

from deploy.local.waiting import wait_until
from tests.chaos.crashes import KILLED
from tests.chaos.provider.world import PATIENCE_SECONDS, Recipient

# Of the provider, each met by the first call for its recipient that gets so far. Where it is the
# answer that goes wrong no receipt comes to the rescue: what we know we must have asked for.
UNTOLD = {"fault": "lose_callback"}
FAULTS = {
    "slow": ({"fault": "slow", "seconds": 1.5}, UNTOLD),
    "reset": ({"fault": "cut_answer"}, UNTOLD),
    "error_before_stored": ({"fault": "error_500_before_store"}, UNTOLD),
    "error_after_stored": ({"fault": "error_500_after_store"}, UNTOLD),
    "late_after_504": ({"fault": "error_504_then_sent", "seconds": 1.5}, UNTOLD),
    "duplicate_receipt": ({"fault": "duplicate_callback"},),
    "reordered_receipt": ({"fault": "reorder_callback"},),
    "early_receipt": ({"fault": "early_callback"},),
    "silent_failure": ({"fault": "technical_failure"},),
    "rate_limit": ({"fault": "rate_limit"},),
}
REFUSED = "connection_refused"
SILENT = "silent_failure"
IN_THE_CALL = "in_the_call"
# Where the process ends, and the crash point for it; in the call it is killed from outside.
POINTS = {
    "before_the_attempt": "errand.claimed",
    "after_the_attempt": "delivery.claimed",
    IN_THE_CALL: None,
    "before_the_outcome": "errand.recorded",
    "after_the_outcome": "errand.settled",
}
LOOK_BACK = "UPDATE deliveries SET accepted_at = accepted_at - INTERVAL '15 minutes'"
TRIES = "SELECT coalesce(max(attempts), 0) AS n FROM errands WHERE state IN ('waiting', 'unknown')"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What became of one message."""

    deliveries: list  # rows, the first channel first
    accepted: list  # for each of them, what the provider has of it
    events: dict  # how often each was told


class Table:
    """Plays the whole table, one point after another."""

    def __init__(self, world):
        self._world = world
        self._house = world.house
        cells = [(point, fault) for point in POINTS for fault in (*FAULTS, REFUSED)]
        self._people = {cell: Recipient(number=100 + n) for n, cell in enumerate(cells)}

    def play(self):
        """Return each cell, by point and fault."""
        self._world.introduce(list(self._people.values()))
        for point in POINTS:
            self._play_faults(point)
            self._play_refusal(point)
        self._hear_of_the_silent()
        return self._cells()

    def _play_faults(self, point):
        people = [self._people[point, fault] for fault in FAULTS]
        for one, rules in zip(people, FAULTS.values(), strict=True):
            for rule in rules:
                self._world.fault(**rule, to=one.mobile)
        before = self._world.calls_met_by_faults()
        crash = Crash(self._world, point=point, at_once=len(people))
        if point == IN_THE_CALL:
            self._house.door.swallow_answers()
        self._world.tell(people)
        crash.strike_when(lambda: self._world.calls_met_by_faults() == before + len(people))
        self._house.door.heal()
        self._world.come_to_rest(lambda: self._are_told(people))

    def _play_refusal(self, point):
        person, door = self._people[point, REFUSED], self._house.door
        crash, before = Crash(self._world, point=point, at_once=1), door.connections
        if point == IN_THE_CALL:
            door.swallow()  # it calls, and nothing of that arrives
        else:
            door.shut()
        self._world.tell([person])
        crash.strike_when(lambda: door.connections > before)
        door.shut()
        self._house.hurry()
        assert wait_until(self._is_tried_again, patience_seconds=PATIENCE_SECONDS)
        door.heal()
        self._world.come_to_rest(lambda: self._are_told([person]))

    def _is_tried_again(self):
        return self._house.rows("notifications", TRIES)[0].n >= 2

    def _are_told(self, people):
        """Whether the provider has each of their messages, as far as we know."""
        wanted = {one.person_id for one in people}
        found = [row for row in self._world.deliveries() if row.person_id in wanted]
        is_with_provider = {row.state in {"accepted", "delivered"} for row in found}
        return {row.person_id for row in found} == wanted and is_with_provider == {True}

    def _hear_of_the_silent(self):
        """Have the provider asked by the next look, which comes when the service starts."""
        self._house.execute("notifications", LOOK_BACK)
        self._house.programs["notifications"].restart()
        people = list(self._people.values())
        self._world.come_to_rest(lambda: len(self._told_of(people)) == len(people))

    def _told_of(self, people):
        wanted = {one.person_id for one in people}
        return {
            row.person_id
            for row in self._world.deliveries()
            if row.person_id in wanted and row.message_state == "delivered"
        }

    def _cells(self):
        accepted, rows = self._world.accepted(), self._world.deliveries()
        told = self._house.rows(
            "notifications",
            "SELECT body #>> '{data,message_id}' AS message_id, event_type, count(*) AS n"
            " FROM outbox GROUP BY 1, 2",
        )
        cells = {}
        for cell, one in self._people.items():
            own = [row for row in rows if row.person_id == one.person_id]
            ids = {str(row.message_id) for row in own}
            cells[cell] = Cell(
                deliveries=own,
                accepted=[accepted.get(str(row.delivery_id), []) for row in own],
                events={row.event_type: row.n for row in told if row.message_id in ids},
            )
        return cells


class Crash:
    """The errands process ends once, where it is wanted, and is started anew by its keeper."""

    def __init__(self, world, *, point, at_once):
        self._program = world.errands
        self._point = POINTS[point]
        self._status = -signal.SIGKILL if self._point is None else KILLED
        self._before = self._program.statuses[self._status]
        if self._point is not None:
            self._program.arm(f"{self._point}:{at_once}")

    def strike_when(self, is_time):
        """Kill it when it is time; one that is armed ends by itself."""
        if self._point is None:
            assert wait_until(is_time, patience_seconds=PATIENCE_SECONDS)
            self._program.end(signal.SIGKILL)
        assert wait_until(self._has_ended, patience_seconds=PATIENCE_SECONDS), self._point

    def _has_ended(self):
        return self._program.statuses[self._status] > self._before
