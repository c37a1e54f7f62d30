"""A council joins by a file alone: it refers, assesses with the trust and disputes as any other."""

import os
import shutil
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from clients.edge import RefusedError
from demo.calling import Caller
from demo.partner_systems import Way
from deploy.local.environments import PARTNERS_FILES
from deploy.local.processes import EDGE, PROCESSES
from deploy.local.stack import Stack
from shared import clock
from simulators.partner.by_amqp import ByAmqp
from simulators.partner.system import PartnerSystem
from tests.e2e.conftest import CHECKOUT
from tests.waiting import eventually

pytestmark = pytest.mark.prove

CODE = "thornby-council"
FILE = Path(__file__).parent / "scenarios" / f"{CODE}.yml"
READERS = {"assessment", "notifications", "partners", EDGE}  # of partners' files
DOMAIN = {
    "domain": "B1",
    "without_present_support": {"typical": 2, "worst": 4},
    "with_present_support": {"typical": 1, "worst": 2},
    "worst_days_per_28": 6,
    "look_back_months": 12,
    "hidden": False,
    "present_support": [],
    "person_words": "On some days I do not get out of bed.",
    "evidence": [],
}
REFERRAL = {
    "basis": "care_act",
    "condition_group": "mental_health",
    "urgency": "routine",
    "received_on": "2026-11-20",
    "consent_to_share": True,
    "person": {
        "given_name": "Robin",
        "family_name": "Example",
        "birth_date": "1980-02-03",
        "address_lines": ["1 Example Street", "ZZ99 3WZ"],
        "ethnic_category": "Z",
        "language": "en",
        "interpreter_required": False,
        "preferred_channel": "letter",
        "safe_to_text": False,
    },
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The demo's files, and one more."""
    directory = tmp_path_factory.mktemp("partners")
    for file in (*PARTNERS_FILES.glob("*.yml"), FILE):
        shutil.copy(file, directory)
    return directory


@pytest.fixture(scope="module")
def stack(files):
    """The whole suite, and the broker, brought to these files."""
    stack = Stack.named("test-new-council")
    reading = {"PARTNERS_DIRECTORY": str(files)}
    readers = [one.name for one in PROCESSES if one.owner in READERS]
    day = clock.next_tuesday_at_ten()
    stack.start(fresh=True, clock_starts_at=day, settings=dict.fromkeys(readers, reading))
    partner_hosts(stack, files, "apply")
    yield stack
    stack.stop(politely=False)


def partner_hosts(stack, directory, *arguments):
    """Have the tool for partners' virtual hosts do something by the files of a folder."""
    ended = subprocess.run(
        [sys.executable, "-m", "operations.partner_hosts", *arguments],
        cwd=CHECKOUT,
        env={
            **os.environ,
            **stack.partner_hosts_environment(),
            "PARTNERS_DIRECTORY": str(directory),
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return ended.stdout.strip()


@pytest.fixture(scope="module")
def caller(stack):
    with closing(Caller(stack.environment(), stop=threading.Event())) as caller:
        yield caller


@pytest.fixture(scope="module")
def thornby(stack, files):
    """Thornby's own system, which knows its virtual host and the published forms."""
    url = partner_hosts(stack, files, "address", CODE)
    system = PartnerSystem(
        post=ByAmqp(broker_url=url), source=f"/org/{CODE}/social-care", clock=clock.system_time
    )
    system.start()
    yield system
    system.stop()


@pytest.fixture(scope="module")
def referred(thornby):
    reply = thornby.ask("referral.submit.v1", REFERRAL)
    return reply["data"]["ids"]


def seen(referred, role):
    return {
        "referral_id": referred["referral_id"],
        "author_role": role,
        "questionnaire": "joint-2026-1",
        "as_of": "2026-11-23T09:00:00+00:00",
        "in_the_room": ["person", role],
        "domains": [DOMAIN],
    }


def sent(caller, organisation, message_type, data, *, by=Way.AMQP):
    return caller.send(
        organisation, message_type, data, by=by, message_id=uuid4(), story_id=uuid4()
    )


@pytest.fixture(scope="module")
def assessed(thornby, referred, caller):
    """Thornby's contribution, which is accepted, and the trust's, by MESH."""
    reply = thornby.ask("assessment.contribute.v1", seen(referred, "social_worker"))
    assert "ids" in reply["data"], reply
    mine = seen(referred, "care_coordinator")
    sent(caller, "nhs-trust", "assessment.contribute.v1", mine, by=Way.MESH)
    return caller.query("assessment.case", {"referral_id": referred["referral_id"]})


def test_it_assesses_whom_it_refers_together_with_the_trust(assessed):
    assert {one["organisation"] for one in assessed["consents"]} == {CODE, "nhs-trust"}
    assert assessed["assessment"]["is_agreed"]
    sides = [one["organisation"] for one in assessed["assessment"]["contributions"]]
    assert sides == [CODE, "nhs-trust"]


def test_it_disputes_as_the_council_that_it_is(thornby, referred, assessed, caller):
    reply = thornby.ask(
        "assessment.dispute.v1",
        {
            "referral_id": referred["referral_id"],
            "domain": DOMAIN["domain"],
            "author_role": "social_worker",
            "reasons": "To our minds this is a health need.",
        },
    )

    assert "dispute_id" in reply["data"]["ids"], reply
    case = caller.query("assessment.case", {"referral_id": referred["referral_id"]})
    (dispute,) = case["disputes"]["disputes"]
    assert dispute["party"] == "council"


def test_the_other_council_takes_no_part_and_hears_of_nobody(referred, assessed, caller, stack):
    """It cannot tell a person who is none of its business from one who is not there."""
    theirs = {**seen(referred, "social_worker"), "as_of": "2026-11-23T10:00:00+00:00"}
    with pytest.raises(RefusedError) as refused:
        sent(caller, "council", "assessment.contribute.v1", theirs)
    assert refused.value.code == "not_known_yet"

    url = stack.environment()["DEMO_COUNCIL_URL"]
    assert requests.get(f"{url}/heard", timeout=10).json()["events"] == []


def test_it_hears_of_its_own_referral(thornby, referred):
    def heard():
        return [one["data"] for one in thornby.heard("assessment.referral_received.v1")]

    eventually(lambda: heard() != [])
    (said,) = heard()
    assert said == {"referral_id": referred["referral_id"], "person_id": referred["person_id"]}
