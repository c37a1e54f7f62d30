"""What a partner's message passes, from its virtual host to a service's tables and back."""

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import yaml

from deploy.local.waiting import wait_until
from operations.partner_hosts import PartnerHosts
from operations.topology import Broker
from services.partners.register import Register
from services.partners.tables import KEYS_SETTING
from shared.messaging.publisher import Outgoing, Publisher, connect
from tests.chaos.house import House
from tests.chaos.partners.messages import Sent

BRIDGE, ERRANDS, SERVICE = "partners-bridge", "partners-errands", "assessment"
POSTMAN = "partners-mesh"
PROGRAMS = (SERVICE, ERRANDS, BRIDGE)
TRUST, COUNCIL = "aldermoor-trust", "aldermoor-council"
STRANGER, POSTED = "thornby-council", "marlham-trust"
AS_STRANGER = {
    "code": STRANGER,
    "name": "Thornby Council",
    "organisation": "other-council",
    "is_local": False,
    "identifier": "E09999998",
    "funder_id": "6f2c4df1-0b59-4a4a-9a3e-2f0f0d7b7a11",
}
MAILBOX, TO_US, TO_THEM = "X26ABC3", "COMMONPURSE_IN", "COMMONPURSE_OUT"
AS_POSTED = {
    "code": POSTED,
    "name": "Marlham NHS Trust",
    "organisation": "other-trust",
    "is_local": False,
    "identifier": "RZY",
    "funder_id": "0d1f3bd8-9a35-4a5e-8a2e-51b7a1a0c1f4",
    "systems": [
        {
            "name": "records",
            "transport": "mesh",
            "mailbox": MAILBOX,
            "workflow_in": TO_US,
            "workflow_out": TO_THEM,
        }
    ],
    "events_to": "records",
}
AT_ONCE = 200
PATIENCE_SECONDS = 120
STARTS_WITHIN_SECONDS = 180
HURRY_EVERY_SECONDS = 2  # who ended has to start meanwhile: tries are counted
WAITING = """
    SELECT (SELECT count(*) FROM received_messages WHERE state = 'waiting')
         + (SELECT count(*) FROM outgoing_messages WHERE state = 'pending') AS n
"""
TAKEN_IN = """
    SELECT (SELECT coalesce(sum(1 + copies), 0) FROM received_messages)
         + (SELECT count(*) FROM unreadable_messages) AS n
"""
EVERY_TABLE = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


class DoorHouse(House):
    """Those programs alone, and two partners more, who join by a file and stand to nobody."""

    def __init__(self, name, *, programs=PROGRAMS):
        super().__init__(name)
        self.programs = {name: self.programs[name] for name in programs}
        self.partners = self.stack.paths.stack / "partners"

    def prepare(self):
        """Write the files and bring the broker to them."""
        environment = self.stack.partner_hosts_environment()
        self.partners.mkdir(exist_ok=True)
        for file in Path(environment["PARTNERS_DIRECTORY"]).glob("*.yml"):
            (self.partners / file.name).write_text(file.read_text())
        for model, changed in ((COUNCIL, AS_STRANGER), (TRUST, AS_POSTED)):
            document = yaml.safe_load((self.partners / f"{model}.yml").read_text()) | changed
            (self.partners / f"{changed['code']}.yml").write_text(yaml.safe_dump(document))
        broker = Broker(environment["COMMONPURSE_BROKER_MANAGEMENT_URL"])
        PartnerHosts(broker, Register.read(self.partners)).apply(
            seed=environment["PARTNERS_PASSWORDS_SEED"],
            bridge_password=environment["COMMONPURSE_BROKER_PASSWORD_PARTNERS_BRIDGE"],
        )

    def environment(self, name):
        variables = super().environment(name)
        if "PARTNERS_DIRECTORY" in variables:
            variables |= {"PARTNERS_DIRECTORY": str(self.partners)}
        return variables


class World:
    """Sends as the partners' systems do, and looks at what came of it."""

    def __init__(self, house):
        self.house = house
        settings = house.stack.process_environment("partners")
        os.environ[KEYS_SETTING] = settings[KEYS_SETTING]
        self.register = Register.read(house.partners)
        self.agreements = self.register.agreements
        self._urls = {
            code: house.stack.partner_environment(agreement)["PARTNER_BROKER_URL"]
            for code, agreement in self.agreements.items()
            if agreement.has_amqp
        }

    def send(self, messages: Iterable[Sent]) -> None:
        """Publish, and wait until the broker has all of it."""
        by_partner = defaultdict(list)
        for number, one in enumerate(messages):
            outgoing = Outgoing(
                message_id=str(number), exchange="in", routing_key=one.key, body=one.body
            )
            by_partner[one.partner].append(outgoing)
        for code, waiting in by_partner.items():
            with closing(Publisher(connect(self._urls[code], name="a partner"))) as publisher:
                for start in range(0, len(waiting), AT_ONCE):
                    batch = waiting[start : start + AT_ONCE]
                    assert publisher.publish(batch, timeout_seconds=30) == {}

    def fetch(self) -> dict[str, list[Mapping]]:
        """Fetch what waits for the partners, by partner, and acknowledge it."""
        return {code: list(self._fetch(url)) for code, url in self._urls.items()}

    def _fetch(self, url):
        with closing(connect(url, name="a partner")) as connection:
            channel = connection.channel()
            while (message := channel.basic_get("out")) is not None:
                channel.basic_ack(message.delivery_tag)
                yield json.loads(message.body)

    def taken_in(self) -> int:
        """Count what was taken in; a copy counts, too."""
        return self.house.rows("partners", TAKEN_IN)[0].n

    def come_to_rest(
        self, sent: int, *, patience_seconds: float = PATIENCE_SECONDS, in_a_hurry: bool = False
    ) -> None:
        """Wait until so many messages in all are taken in, answered, and their answers sent.

        In a hurry the time for which something would wait is let pass.
        """

        hurried_at = time.monotonic()

        def rests() -> bool:
            nonlocal hurried_at
            if in_a_hurry and time.monotonic() - hurried_at > HURRY_EVERY_SECONDS:
                self.house.hurry()
                hurried_at = time.monotonic()
            return self.taken_in() >= sent and not self.house.rows("partners", WAITING)[0].n

        assert wait_until(rests, patience_seconds=patience_seconds), (
            f"{self.taken_in()} of {sent} taken in",
            self.house.rows("partners", "SELECT state, count(*) FROM received_messages GROUP BY 1"),
        )

    def counts(self, service: str) -> dict[str, int]:
        """Count the rows of every table of a service."""
        tables = [row.tablename for row in self.house.rows(service, EVERY_TABLE)]
        every = " UNION ALL ".join(
            f"SELECT '{table}' AS name, count(*) AS n FROM {table}"  # noqa: S608 - our tables
            for table in sorted(tables)
        )
        return {row.name: row.n for row in self.house.rows(service, every)}
