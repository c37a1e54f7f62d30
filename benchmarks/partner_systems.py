"""Partners' own systems in a benchmark: they join by files, send referrals and hear the replies."""

import json
import random
import threading
import time
from collections.abc import Sequence
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

REFERRAL = "referral.submit.v1"
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


class Sender:
    """Makes referrals of one partner, each of somebody new."""

    def __init__(self, agreement: Agreement) -> None:
        self._source = agreement.source(agreement.systems[0])
        self._random = random.Random(agreement.code)  # noqa: S311  # nosec B311  # invented people
        self._number = 0

    def referral(self) -> tuple[str, bytes]:
        """Return the id of a message, and the message as it travels."""
        self._number += 1
        number = self._number
        message_id = str(UUID(int=self._random.getrandbits(128), version=4))
        person = {
            "given_name": f"Given{number}",
            "family_name": f"Family{self._random.randrange(10**12)}",
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
        envelope = {
            "specversion": "1.0",
            "id": message_id,
            "source": self._source,
            "type": f"uk.commonpurse.{REFERRAL}",
            "time": "2026-11-24T10:00:00Z",
            "data": data,
        }
        return message_id, json.dumps(envelope).encode()


class ByAmqp:
    """One partner's system: it publishes from whichever thread asks, and hears in its own."""

    def __init__(self, stack: Stack, agreement: Agreement) -> None:
        self._url = stack.partner_environment(agreement)["PARTNER_BROKER_URL"]
        self._sender = Sender(agreement)
        self._publisher = Publisher(connect(self._url, name="a partner", heartbeat_seconds=0))
        self._is_over = threading.Event()
        self._came = threading.Condition()
        self.sent_at: dict[str, float] = {}  # by message, on the monotonic clock
        self.came_at: dict[str, float] = {}  # the reply to it
        self.codes: set[str] = set()  # of replies that reject
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def send(self, how_many: int = 1, *, scheduled_at: float | None = None) -> None:
        """Publish referrals, and wait until the broker has them."""
        made = [self._sender.referral() for _ in range(how_many)]
        now = time.monotonic() if scheduled_at is None else scheduled_at
        self.sent_at |= dict.fromkeys((message_id for message_id, _ in made), now)
        outgoing = [
            Outgoing(message_id=message_id, exchange="in", routing_key=REFERRAL, body=body)
            for message_id, body in made
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
                self.came_at.setdefault(reply["causationid"], time.monotonic())
                self.codes |= {reply["data"]["code"]} if "code" in reply["data"] else set()
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
        environment = stack.environment()
        url, key = environment["DEMO_MESH_URL"], environment["DEMO_MESH_SHARED_KEY"].encode()
        self._own = MeshClient(url, MAILBOX, MESH_PASSWORD, shared_key=key)
        self._ours = MeshClient(url, MESH_MAILBOX, MESH_PASSWORD, shared_key=key)
        self._sender = Sender(agreement)

    def send(self, how_many: int) -> Sequence[str]:
        """Put so many referrals into our mailbox, and return the ids of the messages."""
        made = [self._sender.referral() for _ in range(how_many)]
        for _, body in made:
            self._own.send_message(MESH_MAILBOX, body, workflow_id=TO_US)
        return [message_id for message_id, _ in made]

    def is_drained(self) -> bool:
        """Tell whether each of them is acknowledged."""
        return not self._ours.list_messages(max_results=FEWEST_LISTED)

    def close(self) -> None:
        self._own.close()
        self._ours.close()
