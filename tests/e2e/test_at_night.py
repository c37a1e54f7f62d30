"""Six cases at eleven at night: people are left in peace until eight, but for what is critical."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import requests

from demo import quiet
from demo.calling import Caller
from demo.reading import read_cases
from deploy.local.stack import Stack
from deploy.local.waiting import wait_until
from shared import clock
from tests.e2e.conftest import CHECKOUT, play_on

pytestmark = pytest.mark.prove

STACK = "test-at-night"
CASES = 6
PATIENCE_SECONDS = 120
CRITICAL = {"crisis_plan_active", "rapid_review", "payment_declined"}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was asked at one time of the suite's clock."""

    messages: list
    totals: dict
    inbox: list  # at the provider, which forgets when it is started anew

    def told(self, *, is_critical):
        return [one for one in self.messages if (one["topic"] in CRITICAL) == is_critical]


def look(stack, outcomes):
    environment = stack.environment()
    caller = Caller(environment, stop=threading.Event())
    people = [outcome.known["person_id"] for outcome in outcomes]
    answers = [
        caller.query("notifications.messages", {"person_id": person_id}) for person_id in people
    ]
    totals = caller.query("notifications.totals", {})
    caller.close()
    inbox = requests.get(f"{environment['DEMO_NOTIFY_URL']}/_inbox.json", timeout=10).json()
    return Seen(messages=[one for answer in answers for one in answer], totals=totals, inbox=inbox)


def wait_until_told(stack):
    """Wait until no message is held or under way any more."""
    environment = stack.environment()
    caller = Caller(environment, stop=threading.Event())

    def is_told():
        totals = caller.query("notifications.totals", {})
        return totals["held"] == totals["open"] == 0

    assert wait_until(is_told, patience_seconds=PATIENCE_SECONDS)
    found = quiet.wait_for_quiet(
        caller, management_url=environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    )
    caller.close()
    assert found.left() == []


@pytest.fixture(scope="module")
def night_and_morning():
    """Play at eleven, and start the clock of the suite anew at eight."""
    stack = Stack.named(STACK)
    at_eleven = clock.next_tuesday_at_ten() + timedelta(hours=13)
    try:
        stack.start(fresh=True, processes=True, clock_starts_at=at_eleven)
        outcomes = play_on(stack, read_cases(CHECKOUT / "demo" / "cases" / "small.jsonl")[:CASES])
        night = look(stack, outcomes)
        stack.stop(politely=False)
        at_eight = at_eleven + timedelta(hours=9)
        stack.start(processes=True, clock_starts_at=at_eight)
        wait_until_told(stack)
        yield night, look(stack, outcomes)
    finally:
        stack.stop(politely=False)
        stack.remove()


def test_at_night_messages_are_held(night_and_morning):
    night, _ = night_and_morning

    usual = night.told(is_critical=False)
    assert usual
    assert {(one["state"], one["reason"]) for one in usual} == {("held", "quiet_hours")}
    assert night.totals["held"] == len(usual)


def test_at_night_what_is_critical_is_told(night_and_morning):
    night, _ = night_and_morning

    critical = night.told(is_critical=True)
    assert critical
    assert {one["state"] for one in critical} == {"delivered"}
    assert len(night.inbox) == len(critical)


def test_in_the_morning_each_message_is_sent_once(night_and_morning):
    night, morning = night_and_morning

    assert {one["state"] for one in morning.messages} == {"delivered"}
    assert {one["message_id"] for one in morning.messages} == {
        one["message_id"] for one in night.messages
    }
    references = [one["reference"] for one in morning.inbox]
    assert len(references) == len(set(references)) == night.totals["held"]


def test_in_the_morning_it_is_eight_in_london(night_and_morning):
    night, morning = night_and_morning

    told_at_night = {one["message_id"] for one in night.told(is_critical=True)}
    hours = {
        datetime.fromisoformat(one["delivered_at"]).astimezone(clock.LONDON).hour
        for one in morning.messages
        if one["message_id"] not in told_at_night
    }
    assert hours == {8}
