"""What a message passes, from assessment to the provider and back, with a door before it."""

import os
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID, uuid4

import requests

from deploy.local.ports import LOOPBACK
from deploy.local.waiting import wait_until
from services.notifications.people import digests
from services.notifications.tables import KEYS_SETTING
from shared import clock
from shared.contracts import sealing
from shared.contracts.assessment.people import ContactDetailsChanged
from shared.contracts.assessment.referrals import ReferralReceived
from shared.database import open_engine, open_sessions
from shared.messaging import outbox, wake
from tests.chaos.house import House
from tests.chaos.proxy import Proxy
from tests.factories import a_trace

PROGRAMS = (
    "assessment-relay",
    "notifications",
    "notifications-relay",
    "notifications-errands",
    "notifications-web",
    "notify",
)
ERRANDS = "notifications-errands"
TRUST_ABSENCE_AFTER_SECONDS = 2
PATIENCE_SECONDS = 90
HURRY_AFTER_SECONDS = 2
TABLE_OF_DELIVERIES = """
    SELECT m.person_id, m.message_id, m.state AS message_state, m.reason AS message_reason,
           d.delivery_id, d.ordinal, d.channel, d.state, d.reason, d.provider_id,
           (SELECT count(*) FROM attempts a WHERE a.delivery_id = d.delivery_id) AS attempts
    FROM messages m LEFT JOIN deliveries d USING (message_id)
    WHERE m.audience = 'holder'  -- what failed is told to colleagues, too, once one is known
    ORDER BY m.created_at, m.message_id, d.ordinal
"""
OPEN_ERRANDS = "SELECT count(*) AS n FROM errands WHERE state IN ('waiting', 'calling', 'unknown')"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody invented who can be texted and written to."""

    number: int
    person_id: UUID = field(default_factory=uuid4)

    @property
    def mobile(self):
        return f"07700 900{self.number:03}"

    @property
    def email(self):
        return f"somebody{self.number}@example.org"


class MessageHouse(House):
    """Those programs alone, with a calling process that does many things at once."""

    def __init__(self, name, *, errand_workers, **environment):
        super().__init__(name)
        self.programs = {name: self.programs[name] for name in PROGRAMS}
        self._workers = errand_workers
        self._more = environment

    @cached_property
    def door(self):
        """The only way from the errands to the provider."""
        return Proxy(self.ports["notify"])

    def environment(self, name):
        variables = {**super().environment(name), "NOTIFY_CALLBACK_RETRY_SECONDS": "1"}
        if name == ERRANDS:
            variables |= {
                "COMMONPURSE_ERRAND_WORKERS": str(self._workers),
                "NOTIFICATIONS_NOTIFY_URL": f"http://{LOOPBACK}:{self.door.port}",
                "NOTIFICATIONS_NOTIFY_TRUST_ABSENCE_AFTER_SECONDS": str(
                    TRUST_ABSENCE_AFTER_SECONDS
                ),
            }
        return variables | self._more


class World:
    """Tells people things, and looks at what the provider has and what we think it has."""

    def __init__(self, house):
        self.house = house
        self.errands = house.programs[ERRANDS]
        settings = house.stack.process_environment("assessment")
        theirs = house.stack.process_environment("notifications")
        for name in (sealing.SETTING, KEYS_SETTING, digests.SETTING):
            os.environ[name] = theirs[name]
        self._engine = open_engine(settings["COMMONPURSE_DATABASE_URL"], pool_size=1)
        self._sessions = open_sessions(self._engine)
        wake.nudge_after_commit(
            self._sessions, directory=settings["COMMONPURSE_WAKE_DIR"], service="assessment"
        )
        self._notify_url = house.stack.environment()["DEMO_NOTIFY_URL"]

    def close(self):
        self._engine.dispose()

    # What happens

    def commit(self, events):
        """Have assessment tell these, in one transaction."""
        with self._sessions.begin() as session:
            for event in events:
                outbox.add(session, event, trace=a_trace(at=clock.now()))

    def introduce(self, recipients):
        """Let it be known how they are reached."""
        self.commit(contact_details(one) for one in recipients)
        assert wait_until(
            lambda: self._number_of_people() >= len(recipients), patience_seconds=PATIENCE_SECONDS
        )

    def tell(self, recipients):
        self.commit(request_received(one.person_id) for one in recipients)

    def _number_of_people(self):
        return self.house.rows("notifications", "SELECT count(*) AS n FROM people")[0].n

    # The provider

    def fault(self, **rule):
        answer = requests.post(f"{self._notify_url}/_sim/faults", json=rule, timeout=30)
        assert answer.ok, answer.text

    def calls_met_by_faults(self):
        """Count the calls for a message that met a fault: one that is not stored has an id, too."""
        log = requests.get(f"{self._notify_url}/_sim/log", timeout=30).json()
        return len({entry["notification_id"] for entry in log if entry["event"] == "fault"})

    def accepted(self):
        """Return what the provider has, by our reference."""
        found = {}
        for message in requests.get(f"{self._notify_url}/_inbox.json", timeout=60).json():
            found.setdefault(message["reference"], []).append(message)
        return found

    # What we think

    def deliveries(self):
        return self.house.rows("notifications", TABLE_OF_DELIVERIES)

    def come_to_rest(self, is_over=lambda: True):
        """Wait until nothing is to be sent any more, letting the waits pass."""

        def rests():
            return self.house.rows("notifications", OPEN_ERRANDS)[0].n == 0 and is_over()

        waited = 0
        while not wait_until(rests, patience_seconds=HURRY_AFTER_SECONDS):
            self.house.hurry()
            waited += HURRY_AFTER_SECONDS
            assert waited < PATIENCE_SECONDS, self.open_errands()

    def open_errands(self):
        return self.house.rows(
            "notifications",
            "SELECT kind, state, attempts, last_error FROM errands WHERE state NOT IN ('done')",
        )


def contact_details(one):
    return ContactDetailsChanged(
        occurred_at=clock.now(),
        person_id=one.person_id,
        version=1,
        given_name="Alex",
        family_name=f"Sample {one.number}",
        language="en",
        is_interpreter_required=False,
        accessible_format=None,
        mobile=one.mobile,
        email=one.email,
        address_lines=["1 Example Street", "Exampleton", "ZZ99 3WZ"],
        preferred_channel="sms",
        is_safe_to_text=True,
    )


def request_received(person_id):
    return ReferralReceived(
        occurred_at=clock.now(),
        referral_id=uuid4(),
        person_id=person_id,
        source="nhs",
        organisation="nhs-trust",
        answer_due_on=date(2027, 1, 12),
    )
