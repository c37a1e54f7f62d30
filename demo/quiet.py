"""Wait until nothing is under way any more: no message, no errand, no letter unsent."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from demo.calling import Caller

SERVICES = ("assessment", "budget", "payments", "notifications", "partners")
UNDER_WAY = ("outbox_pending", "inbox_retries_waiting", "errands_open")
DEAD = ("inbox_dead", "outbox_parked", "dead_letters", "errands_failed")
# The broker's own figures are up to five seconds old, and a send whose outcome is unknown is asked
# about five times in up to 190 seconds before its absence is believed and it is sent again.
PATIENCE_SECONDS = 240.0
PAUSE_SECONDS = 0.5
LOOKS_IN_A_ROW = 2  # between two services a message is for a moment in neither's tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was under way at one moment."""

    health: Mapping[str, Mapping[str, int]]  # by service
    open_messages: int
    untold: int  # messages that wait for a partner's queue or mailbox
    ready: int
    unacknowledged: int
    undrained: int  # dead letters on their way from the broker into a table

    @property
    def dead(self) -> int:
        """Count what can go no further and waits for a person."""
        stuck = sum(figures[name] for figures in self.health.values() for name in DEAD)
        return stuck + self.undrained

    @property
    def outbox_pending(self) -> int:
        return sum(figures["outbox_pending"] for figures in self.health.values())

    def left(self) -> list[str]:
        """Name what is still under way."""
        figures = {
            f"{service}.{name}": figures[name]
            for service, figures in self.health.items()
            for name in UNDER_WAY
        }
        figures["notifications: messages not yet delivered"] = self.open_messages
        figures["partners: messages not yet sent"] = self.untold
        figures["queues: messages ready"] = self.ready
        figures["queues: messages unacknowledged"] = self.unacknowledged
        figures["queues: dead letters not yet stored"] = self.undrained
        return [f"{name}: {number}" for name, number in figures.items() if number]


def wait_for_quiet(
    caller: Caller, *, management_url: str, patience_seconds: float = PATIENCE_SECONDS
) -> Look:
    """Return the last look: a quiet one, or what was left when patience ended."""
    give_up_at = time.monotonic() + patience_seconds
    quiet_looks = 0
    while True:
        found = look(caller, management_url=management_url)
        quiet_looks = 0 if found.left() else quiet_looks + 1
        if quiet_looks == LOOKS_IN_A_ROW or time.monotonic() > give_up_at:
            return found
        caller.pause(PAUSE_SECONDS)


def look(caller: Caller, *, management_url: str) -> Look:
    """Ask every service and the broker once."""
    queues = _queues(management_url)
    dead = {name: figures for name, figures in queues.items() if name.endswith(".dead")}
    others = [figures for name, figures in queues.items() if name not in dead]
    return Look(
        health={service: caller.query(f"{service}.health", {}) for service in SERVICES},
        open_messages=caller.query("notifications.totals", {})["open"],
        untold=_untold(caller.query("partners.totals", {})),
        ready=sum(ready for ready, _ in others),
        unacknowledged=sum(unacknowledged for _, unacknowledged in others),
        undrained=sum(map(sum, dead.values())),
    )


def _untold(totals: Mapping[str, Any]) -> int:
    return sum(one["count"] for one in totals["outgoing"] if one["state"] == "pending")


def _queues(management_url: str) -> dict[str, tuple[int, int]]:
    """Return ready and unacknowledged messages of each queue."""
    response = requests.get(
        f"{management_url}/api/queues/commonpurse",
        params={"columns": "name,messages_ready,messages_unacknowledged"},
        timeout=10,
    )
    response.raise_for_status()
    return {
        queue["name"]: (queue.get("messages_ready", 0), queue.get("messages_unacknowledged", 0))
        for queue in response.json()
    }
