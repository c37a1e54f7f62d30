"""People whose every detail is an unmistakable word are told things that do not reach them.

Their messages fail, what is about them is published where nobody can read it, and services and
callbacks refuse it. No name, number, address or word of theirs may be in a log, in a name on the
broker, in the list of dead letters or in the text of an error.
"""

import json
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from uuid import uuid4

import amqp
import pytest
import requests

from clients.edge import CallFailedError, RefusedError
from demo.calling import Caller
from demo.schemas import CaseLine
from deploy.local.ports import LOOPBACK
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until
from shared import clock
from shared.messaging.publisher import connect
from tests.chaos.load import nhs_number
from tests.e2e.conftest import CHECKOUT, cases_of, play_on

pytestmark = pytest.mark.prove
STACK = "test-markers"
PATIENCE_SECONDS = 60
WORD = "qvxz"  # in nothing that is ours, in whatever spelling
CASES = ("MP-0003", "MP-0043", "MP-0168")  # a crisis, a declined card, a refund
LANDLINE = "01632 960982"  # to which no text can be sent
NO_POSTCODE = "Q3 3KV"  # looks like one, and no letter goes there
ALWAYS = 1_000
POISON = 3
COORDINATOR = {"role": "care_coordinator"}


@dataclass(frozen=True, kw_only=True)
class Played:
    """What can be read after all that, by where it was found, and whom it must not name."""

    people: list
    written: dict
    inbox: str  # at the provider, which has to know them
    totals: dict

    def marks(self):
        found = {WORD}
        for one in self.people:
            plain = one["mobile"].replace(" ", "")
            found |= {one["nhs_number"], one["postcode"], one["mobile"], plain, plain[1:]}
            found.add(one["postcode"].replace(" ", ""))
        return {mark.lower() for mark in found}


def marked(line, number):
    """Return a case with a mark in every text that is somebody's, and failing addresses."""
    line = with_words_marked(line)
    line["case_ref"] = f"MARKED-{number}"
    line["person"] |= {
        "nhs_number": nhs_number(9_000 + number),
        "council_client_id": f"{WORD.upper()}{number}",
        "given_name": f"{WORD.title()}ada",
        "family_name": f"{WORD.title()}orn{number}",
        "postcode": NO_POSTCODE if number == 3 else f"ZZ99 {number}QX",
        "email": f"{WORD}{number}@example.org",
        "mobile": LANDLINE if number == 2 else f"07700 90098{number}",
        "preferred_channel": "sms",
        "safe_to_text": True,
    }
    return line


def with_words_marked(part):
    """Mark each free text, which is one with a space in it."""
    if isinstance(part, dict):
        return {name: with_words_marked(one) for name, one in part.items()}
    if isinstance(part, list):
        return [with_words_marked(one) for one in part]
    is_free = isinstance(part, str) and " " in part and not re.fullmatch(r"[A-Z0-9 +]+", part)
    return f"{part} {WORD}" if is_free else part


def let_fail(notify_url, person):
    """Let nothing arrive by text or e-mail, each in more than one way."""
    faults = {
        "mobile": ("rate_limit", "error_500_after_store", "permanent_failure"),
        "email": ("cut_answer", "temporary_failure"),
    }
    for address, kinds in faults.items():
        for kind in kinds:
            times = ALWAYS if kind.endswith("_failure") else 1
            rule = {"fault": kind, "times": times, "to": person[address]}
            assert requests.post(f"{notify_url}/_sim/faults", json=rule, timeout=10).ok


def publish_poison(stack, person):
    """Publish what is about somebody where no service can read it."""
    management = stack.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    password = management.split("@")[0].rpartition(":")[2]
    port = stack.environment()["COMMONPURSE_BROKER_URL"].split("@")[1].split("/")[0].split(":")[1]
    connection = connect(f"amqp://deploy:{password}@{LOOPBACK}:{port}/commonpurse", name="markers")
    channel = connection.channel()
    channel.confirm_select()
    envelope = {"type": "uk.commonpurse.assessment.referral_received.v1", "data": person}
    for body in (json.dumps(person), json.dumps(envelope), f"{{ {person['family_name']}"):
        message = amqp.Message(body, content_type="application/json", message_id=str(uuid4()))
        channel.basic_publish_confirm(message, "", "notifications.inbox")
    connection.close()


def errors_of_services(caller, person):
    """Ask for what is refused, with somebody's details in the wrong places; return what is said."""
    asked = {
        "assessment.receive_referral": person,
        "notifications.set_preferences": {"person_id": person["family_name"], **person},
        "notifications.suppress": {"person_id": str(uuid4()), "reason": person["email"]},
        "notifications.hold_for_safeguarding": {"reason": person["given_name"]},
    }
    said = []
    for operation, request in asked.items():
        with pytest.raises((RefusedError, CallFailedError)) as refused:
            caller.command(operation, request, command_id=uuid4(), correlation_id=uuid4())
        said.append(f"{refused.value!r} {vars(refused.value)}")
    return "\n".join(said)


def answers_of_callbacks(stack, person):
    """Bring receipts that are none, with and without the right token; return what is answered."""
    settings = stack.process_environment("notify")
    said = []
    for token in (settings["NOTIFY_CALLBACK_TOKEN"], person["family_name"]):
        for receipt in ({"id": person["email"], "to": person["mobile"]}, person["family_name"]):
            answer = requests.post(
                settings["NOTIFY_CALLBACK_URL"],
                json=receipt,
                headers={"Authorization": f"Bearer {token}"},
                timeout=10,
            )
            assert 400 <= answer.status_code < 500
            said.append(f"{answer.text} {answer.headers}")
    return "\n".join(said)


def names_on_the_broker(management_url):
    return "\n".join(
        requests.get(f"{management_url}/api/{kind}", timeout=10).text
        for kind in ("queues", "exchanges", "bindings", "connections", "channels", "consumers")
    )


def listed_as_dead():
    """Return what the tool for dead letters lists, and shows of each kind; its errors as well."""
    listed = tool_for_dead_letters()
    of_ours = ("--service", "notifications")
    shown = [
        tool_for_dead_letters("show", *of_ours, fingerprint)
        for fingerprint in sorted(set(re.findall(r"\b[0-9a-f]{8}\b", listed)))
    ]
    return "\n".join([listed, *shown])


def tool_for_dead_letters(*words):
    command = (sys.executable, "-m", "deploy.local", "--stack", STACK, "dead-letters", *words)
    ended = subprocess.run(command, cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=True)
    return ended.stdout + ended.stderr


def logs_of(stack):
    return {
        str(path.relative_to(stack.paths.logs)): path.read_text("utf-8", "replace")
        for path in stack.paths.logs.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def played():
    lines = {case["case_ref"]: case for case in cases_of("small.jsonl")}
    lines = [marked(lines[ref], number) for number, ref in enumerate(CASES, start=1)]
    people = [line["person"] for line in lines]
    stack = Stack.named(STACK)
    try:
        stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
        environment = stack.environment()
        for person in people:
            let_fail(environment["DEMO_NOTIFY_URL"], person)
        play_on(stack, [CaseLine().load(line) for line in lines])
        publish_poison(stack, people[0])
        caller = Caller(environment, stop=threading.Event())
        assert wait_until(
            lambda: caller.query("notifications.health", {})["dead_letters"] == POISON,
            patience_seconds=PATIENCE_SECONDS,
        )
        written = {
            "errors of services": errors_of_services(caller, people[0]),
            "answers of callbacks": answers_of_callbacks(stack, people[0]),
            "names on the broker": names_on_the_broker(
                environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]
            ),
            "dead letters": listed_as_dead(),
            "tasks": json.dumps(caller.query("notifications.open_tasks", COORDINATOR)),
            **logs_of(stack),
        }
        yield Played(
            people=people,
            written=written,
            inbox=requests.get(f"{environment['DEMO_NOTIFY_URL']}/_inbox.json", timeout=10).text,
            totals=caller.query("notifications.totals", {}),
        )
        caller.close()
    finally:
        stack.stop(politely=False)
        stack.remove()


def test_the_marks_are_in_what_was_sent(played):
    assert WORD in played.inbox.lower()
    assert all(person["email"] in played.inbox for person in played.people)


def test_texts_and_emails_failed_and_some_letters_were_sent(played):
    there = {(one["channel"], one["status"]) for one in json.loads(played.inbox)}

    assert ("sms", "permanent-failure") in there
    assert ("email", "temporary-failure") in there
    assert ("letter", "received") in there
    assert {"sms": played.totals["sms"], "email": played.totals["email"]} == {"sms": 0, "email": 0}
    assert LANDLINE not in played.inbox
    assert played.totals["failed"] > 0
    assert "message_undeliverable" in played.written["tasks"]


def test_the_places_that_were_looked_at_are_not_empty(played):
    assert [
        place for place in ("dead letters", "errors of services") if not played.written[place]
    ] == []
    assert "notifications.inbox" in played.written["names on the broker"]
    assert played.written["dead letters"].count("notifications.inbox") > 0


def test_no_mark_is_written_anywhere(played):
    found = {
        place: sorted(mark for mark in played.marks() if mark in text.lower())
        for place, text in played.written.items()
    }

    assert {place: marks for place, marks in found.items() if marks} == {}
