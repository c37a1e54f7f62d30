"""Faults, each with how it is put right; chosen at random from a seed."""

import json
import signal
import threading
from collections import Counter
from collections.abc import Callable
from random import Random
from uuid import uuid4

import amqp

from deploy.local.processes import SERVICES
from tests.chaos.house import OURS, House, pause

# Seconds for which a process is frozen; the longest is past every heartbeat.
FREEZES = (2, 5, 12, 75)
OUTAGES = (1, 3, 6)


class Faults:
    """Injects one fault after the other and counts them by kind."""

    def __init__(self, house: House, *, random: Random) -> None:
        self.counts: Counter[str] = Counter()
        self.poison: Counter[str] = Counter()  # by the service that was sent it
        self._house = house
        self._random = random
        common: tuple[Callable[[], str], ...] = (
            *(self._kill,) * 8,
            *(self._terminate,) * 4,
            *(self._freeze,) * 2,
            *(self._cut,) * 3,
            self._delay,
            self._swallow,
            *(self._end_sessions,) * 3,
            *(self._send_again,) * 5,
            *(self._send_poison,) * 4,
        )
        rare = (self._kill_broker, self._stop_broker, self._fill_memory, self._stop_postgres)
        self._kinds = (*common, *rare)

    def inject(self) -> str:
        """Do the next one, and return its name."""
        name = self._random.choice(self._kinds)()
        self.counts[name] += 1
        return name

    def heal(self) -> None:
        """Let everything go on that this has stopped."""
        for name in OURS:
            self._house.programs[name].send(signal.SIGCONT)
        for proxy in self._house.proxies.values():
            proxy.heal()

    def _anybody(self) -> str:
        return self._random.choice(OURS)

    def _anywhere(self) -> str:
        return self._random.choice(sorted(self._house.proxies))

    def _kill(self) -> str:
        self._house.programs[self._anybody()].send(signal.SIGKILL)
        return "kill"

    def _terminate(self) -> str:
        self._house.programs[self._anybody()].send(signal.SIGTERM)
        return "terminate"

    def _freeze(self) -> str:
        program = self._house.programs[self._anybody()]
        program.send(signal.SIGSTOP)
        seconds = self._random.choice(FREEZES)
        thaw = threading.Timer(seconds, program.send, args=(signal.SIGCONT,))
        thaw.daemon = True
        thaw.start()
        return "freeze"

    def _cut(self) -> str:
        where = self._anywhere()
        self._house.proxies[where].cut()
        return f"cut {where}"

    def _delay(self) -> str:
        where = self._anywhere()
        self._house.proxies[where].delay(0.1)
        pause(self._random.choice(OUTAGES))
        self._house.proxies[where].heal()
        return f"delay {where}"

    def _swallow(self) -> str:
        where = self._anywhere()
        self._house.proxies[where].swallow()
        pause(self._random.choice(OUTAGES))
        self._house.proxies[where].heal()
        return f"swallow {where}"

    def _end_sessions(self) -> str:
        self._house.execute(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = ANY(:roles) AND random() < 0.5",
            roles=list(SERVICES),
        )
        return "end database sessions"

    def _send_again(self) -> str:
        """Tell events a second time that were told before."""
        service = self._random.choice(SERVICES)
        told = self._house.rows(
            service,
            "SELECT event_type, body::text AS body FROM outbox WHERE state = 'published'"
            " ORDER BY random() LIMIT 5",
        )
        for row in told:
            message = amqp.Message(row.body.encode(), content_type="application/json")
            self._house.publish(f"{service}.events", row.event_type, message)
        return "send again"

    def _send_poison(self) -> str:
        service = self._random.choice(SERVICES)
        body, properties = self._random.choice(POISON)
        unique = body.replace(b"<unique>", str(uuid4()).encode())
        message = amqp.Message(unique, delivery_mode=2, **properties)
        self._house.publish("", f"{service}.inbox", message)
        self.poison[service] += 1
        return "poison"

    def _kill_broker(self) -> str:
        self._house.kill_broker()
        pause(self._random.choice(OUTAGES))
        self._house.start_broker()
        return "kill the broker"

    def _stop_broker(self) -> str:
        self._house.control_broker("stop_app")
        pause(self._random.choice(OUTAGES))
        self._house.control_broker("start_app")
        return "stop the broker"

    def _fill_memory(self) -> str:
        self._house.control_broker("set_vm_memory_high_watermark", "0")
        pause(self._random.choice(OUTAGES))
        self._house.control_broker("set_vm_memory_high_watermark", "absolute", "2GB")
        return "memory alarm"

    def _stop_postgres(self) -> str:
        self._house.stop_postgres()
        pause(self._random.choice(OUTAGES))
        self._house.start_postgres()
        return "stop PostgreSQL at once"


JSON = {"content_type": "application/json"}
POISON: tuple[tuple[bytes, dict], ...] = (
    (b"{<unique>", JSON),
    (b"<unique>", {}),
    (b"<unique>", {"content_type": "application/x-python-serialize"}),
    (b'["<unique>"]', JSON),
    (b'{"text": "<unique>"}', {**JSON, "application_headers": {"compression": "gzip"}}),
    (json.dumps({"type": "uk.commonpurse.nobody.knows_this.v1", "id": "<unique>"}).encode(), JSON),
    (b'{"type": "uk.commonpurse.budget.hold_placed.v99", "id": "<unique>"}', JSON),
)
