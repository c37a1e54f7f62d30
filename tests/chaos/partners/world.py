"""What a partner's message passes, from its virtual host to a service's tables and back."""

import json
import os
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
PROGRAMS = (SERVICE, "budget", ERRANDS, BRIDGE)
TRUST, COUNCIL, STRANGER = "aldermoor-trust", "aldermoor-council", "thornby-council"
AS_STRANGER = {
    "code": STRANGER,
    "name": "Thornby Council",
    "organisation": "other-council",
    "identifier": "E09999998",
    "funder_id": "6f2c4df1-0b59-4a4a-9a3e-2f0f0d7b7a11",
}
AT_ONCE = 200
PATIENCE_SECONDS = 120
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
    """Those programs alone, and a partner more, who joins by a file and stands to nobody."""

    def __init__(self, name, *, programs=PROGRAMS):
        super().__init__(name)
        self.programs = {name: self.programs[name] for name in programs}
        self.partners = self.stack.paths.stack / "partners"

    def prepare(self):
        """Write the file and bring the broker to it."""
        environment = self.stack.partner_hosts_environment()
        self.partners.mkdir(exist_ok=True)
        for file in Path(environment["PARTNERS_DIRECTORY"]).glob("*.yml"):
            (self.partners / file.name).write_text(file.read_text())
        document = yaml.safe_load((self.partners / f"{COUNCIL}.yml").read_text())
        (self.partners / f"{STRANGER}.yml").write_text(yaml.safe_dump(document | AS_STRANGER))
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
        self.bridge, self.errands = house.programs[BRIDGE], house.programs[ERRANDS]
        settings = house.stack.process_environment("partners")
        os.environ[KEYS_SETTING] = settings[KEYS_SETTING]
        self.register = Register.read(house.partners)
        self.agreements = self.register.agreements
        self._urls = {
            code: house.stack.partner_environment(agreement)["PARTNER_BROKER_URL"]
            for code, agreement in self.agreements.items()
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

    def come_to_rest(self, sent: int, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until so many messages in all are taken in, answered, and their answers sent."""

        def rests() -> bool:
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
