"""Partners' own systems in a benchmark: they join by files, send messages and hear the replies."""

import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp
import yaml
from mesh_client import MeshClient

from deploy.local.environments import MESH_MAILBOX, MESH_PASSWORD, PARTNERS_FILES
from deploy.local.stack import Stack
from operations.partner_hosts import PartnerHosts
from operations.topology import Broker
from services.partners.agreements.rules import Agreement
from services.partners.register import Register
from shared.messaging.publisher import Outgoing, Publisher, connect

Message = tuple[str, str, bytes]
FAST, SLOW, POSTED = "fast-trust", "slow-trust", "posted-trust"
MAILBOX, TO_US, TO_THEM = "X26ABC3", "BENCH_IN", "BENCH_OUT"
_MODEL = PARTNERS_FILES / "aldermoor-trust.yml"
_BY_AMQP = [{"name": "records", "transport": "amqp"}]
_BY_MESH = [
    {
        "name": "records",
        "transport": "mesh",
        "mailbox": MAILBOX,
        "workflow_in": TO_US,
        "workflow_out": TO_THEM,
    }
]
_SYSTEMS = {FAST: _BY_AMQP, SLOW: _BY_AMQP, POSTED: _BY_MESH}
PATIENCE_SECONDS = 120
LISTENS_FOR_SECONDS = 0.2
FEWEST_LISTED = 10  # MESH lists no fewer


def write_files(directory: Path) -> Register:
    """Write a file for each of these partners; nobody else's system takes what is theirs."""
    directory.mkdir(parents=True, exist_ok=True)
    model = yaml.safe_load(_MODEL.read_text())
    for number, (code, systems) in enumerate(_SYSTEMS.items()):
        changed = {
            "code": code,
            "name": f"Trust {number}",
            "organisation": code,
            "is_local": False,
            "identifier": f"RZ{number}",
            "funder_id": str(UUID(int=number + 1, version=4)),
            "systems": systems,
            "events_to": "records",
            "receives": [],
        }
        (directory / f"{code}.yml").write_text(yaml.safe_dump({**model, **changed}))
    return Register.read(directory)


def open_hosts(stack: Stack, register: Register) -> None:
    """Bring the broker to the files, beside what it has."""
    environment = stack.partner_hosts_environment()
    PartnerHosts(Broker(environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]), register).apply(
        seed=environment["PARTNERS_PASSWORDS_SEED"],
        bridge_password=environment["COMMONPURSE_BROKER_PASSWORD_PARTNERS_BRIDGE"],
    )


class Writer:
    """Writes the messages of one partner; each is its id, its type, and the bytes that travel."""

    def __init__(self, agreement: Agreement) -> None:
        self._source = agreement.source(agreement.systems[0])
        self._organisation = agreement.organisation
        self._random = random.Random(agreement.code)  # noqa: S311  # nosec B311  # invented people
        self._people: list[str] = []
        self._written = 0

    def hear(self, reply: Mapping[str, Any]) -> None:
        """Know from now on whoever a reply tells of."""
        if "person_id" in reply["data"].get("ids", ()):
            self._people.append(reply["data"]["ids"]["person_id"])

    def referral(self) -> Message:
        """Refer somebody new."""
        number = self._random.randrange(10**12)
        person = {
            "given_name": f"Given{number}",
            "family_name": f"Family{number}",
            "birth_date": f"19{30 + number % 60}-0{1 + number % 9}-1{number % 10}",
            "address_lines": [f"{number} High Street", "ZZ99 3WZ"],
            "ethnic_category": "Z",
            "language": "en",
            "interpreter_required": False,
            "preferred_channel": "letter",
            "safe_to_text": False,
        }
        data = {
            "basis": "local_offer",
            "condition_group": "mental_health",
            "urgency": "routine",
            "received_on": "2026-11-23",
            "consent_to_share": True,
            "person": person,
        }
        return self._message("referral.submit.v1", data)

    def consent(self) -> Message:
        """Report what one after the other of those who were referred agreed to."""
        self._written += 1
        data = {
            "person_id": self._people[self._written % len(self._people)],
            "purpose": "assessment",
            "organisation": self._organisation,
            "given_on": "2026-11-23",
            "evidence": "They said so to their care coordinator.",
        }
        return self._message("consent.record.v1", data)

    def _message(self, message_type: str, data: Mapping[str, Any]) -> Message:
        message_id = str(UUID(int=self._random.getrandbits(128), version=4))
        envelope = {
            "specversion": "1.0",
            "id": message_id,
            "source": self._source,
            "type": f"uk.commonpurse.{message_type}",
            "time": "2026-11-24T10:00:00Z",
            "data": data,
        }
        return message_id, message_type, json.dumps(envelope).encode()


class ByAmqp:
    """One partner's system: it publishes from whichever thread asks, and hears in its own."""

    def __init__(self, stack: Stack, agreement: Agreement) -> None:
        self._url = stack.partner_environment(agreement)["PARTNER_BROKER_URL"]
        self._writer = Writer(agreement)
        # Nobody answers heartbeats for it between two messages.
        self._publisher = Publisher(connect(self._url, name="a partner", heartbeat_seconds=0))
        self._is_over = threading.Event()
        self._came = threading.Condition()
        self.sent_at: dict[str, float] = {}  # by message, on the monotonic clock
        self.came_at: dict[str, float] = {}  # the reply to it
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def refer(self, how_many: int) -> None:
        """Refer people of whom the other messages speak."""
        self.send([self._writer.referral() for _ in range(how_many)])
        self.wait()

    def report(self, how_many: int = 1, *, scheduled_at: float | None = None) -> None:
        """Report so many consents, and wait until the broker has them."""
        made = [self._writer.consent() for _ in range(how_many)]
        self.send(made, scheduled_at=scheduled_at)

    def send(self, made: Sequence[Message], *, scheduled_at: float | None = None) -> None:
        now = time.monotonic() if scheduled_at is None else scheduled_at
        self.sent_at |= {message_id: now for message_id, _, _ in made}
        outgoing = [
            Outgoing(message_id=message_id, exchange="in", routing_key=message_type, body=body)
            for message_id, message_type, body in made
        ]
        refused = self._publisher.publish(outgoing, timeout_seconds=PATIENCE_SECONDS)
        for message_id in refused:  # its virtual host is full: that is the flooder's own trouble
            del self.sent_at[message_id]

    def wait(self) -> None:
        """Return when each message has its reply.

        Raises:
            TimeoutError: one has none.
        """
        with self._came:
            if not self._came.wait_for(
                lambda: self.sent_at.keys() <= self.came_at.keys(), PATIENCE_SECONDS
            ):
                raise TimeoutError("A message was not answered.")

    def took_ms(self) -> list[float]:
        """Return how long each reply took, in the order in which they were asked for."""
        return [(self.came_at[one] - at) * 1_000 for one, at in self.sent_at.items()]

    def forget(self) -> None:
        """Count anew from here on."""
        self.sent_at, self.came_at = {}, {}

    def close(self) -> None:
        self._is_over.set()
        self._listening.join()
        self._publisher.close()

    def _listen(self) -> None:
        connection = connect(self._url, name="a partner")
        channel = connection.channel()
        channel.basic_qos(0, 100, a_global=False)

        def keep(message: amqp.Message) -> None:
            reply: dict[str, Any] = json.loads(message.body)
            with self._came:
                self._writer.hear(reply)
                if reply["type"].endswith("reply.accepted.v1"):
                    self.came_at.setdefault(reply["causationid"], time.monotonic())
                self._came.notify_all()
            channel.basic_ack(message.delivery_tag)

        channel.basic_consume("out", callback=keep)
        while not self._is_over.is_set():
            try:
                connection.drain_events(timeout=LISTENS_FOR_SECONDS)
            except TimeoutError:
                connection.heartbeat_tick()
        connection.close()


class ByMesh:
    """The partner's mailbox, and ours as its owner sees it."""

    def __init__(self, stack: Stack, agreement: Agreement) -> None:
        ours = stack.process_environment("partners")
        url, key = ours["PARTNERS_MESH_URL"], ours["PARTNERS_MESH_SHARED_KEY"].encode()
        self._own = MeshClient(url, MAILBOX, MESH_PASSWORD, shared_key=key)
        self._ours = MeshClient(url, MESH_MAILBOX, MESH_PASSWORD, shared_key=key)
        self._writer = Writer(agreement)

    def refer(self, how_many: int) -> None:
        """Refer people of whom the other messages speak, and wait for the replies.

        Raises:
            TimeoutError: they did not come.
        """
        self._send([self._writer.referral() for _ in range(how_many)])
        came = 0
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while came < how_many:
            for mesh_id in self._own.list_messages():
                with self._own.retrieve_message(mesh_id) as letter:
                    self._writer.hear(json.loads(letter.read()))
                self._own.acknowledge_message(mesh_id)
                came += 1
            if time.monotonic() > give_up_at:
                raise TimeoutError("A letter was not answered.")

    def report(self, how_many: int) -> None:
        """Put so many consents into our mailbox."""
        self._send([self._writer.consent() for _ in range(how_many)])

    def _send(self, made: Sequence[Message]) -> None:
        for _, _, body in made:
            self._own.send_message(MESH_MAILBOX, body, workflow_id=TO_US)

    def is_drained(self) -> bool:
        """Tell whether each of them is acknowledged."""
        return not self._ours.list_messages(max_results=FEWEST_LISTED)

    def close(self) -> None:
        self._own.close()  # type: ignore[no-untyped-call]
        self._ours.close()  # type: ignore[no-untyped-call]
