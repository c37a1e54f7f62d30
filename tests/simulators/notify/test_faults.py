import time
from contextlib import suppress

import pytest
import requests
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError

from simulators.notify.templates import SMS_TEMPLATE_ID
from tests.simulators.notify_server import LIVE_KEY


def text(client, reference, phone_number="07700900123"):
    return client.send_sms_notification(phone_number, SMS_TEMPLATE_ID, {"body": "Hello"}, reference)


def stored(client, reference):
    return len(client.get_all_notifications(reference=reference)["notifications"])


@pytest.mark.parametrize(
    ("fault", "count"), [("error_500_before_store", 0), ("error_500_after_store", 1)]
)
def test_a_500_may_come_before_or_after_the_message_is_stored(
    client, plan, reference, fault, count
):
    plan(fault)

    with pytest.raises(HTTPError) as raised:
        text(client, reference)

    assert raised.value.status_code == 500
    assert raised.value.message[0]["message"] == "Internal server error"
    assert stored(client, reference) == count


@pytest.mark.parametrize(("fault", "count"), [("drop_before_store", 0), ("drop_after_store", 1)])
def test_the_connection_may_break_before_or_after_the_message_is_stored(
    client, plan, reference, fault, count
):
    plan(fault)

    with pytest.raises(HTTPError) as raised:
        text(client, reference)

    assert isinstance(raised.value.__cause__, requests.ConnectionError)
    assert stored(client, reference) == count


def test_a_message_dropped_after_it_was_stored_is_delivered(client, plan, receiver, reference):
    plan("drop_after_store")
    with pytest.raises(HTTPError):
        text(client, reference)

    assert receiver.wait_for(reference)[0]["status"] == "delivered"


def test_the_two_429s_have_different_names(client, plan, reference):
    plan("rate_limit")
    plan("daily_limit")
    errors = []

    for _ in range(2):
        with pytest.raises(HTTPError) as raised:
            text(client, reference)
        errors.append((raised.value.status_code, raised.value.message[0]["error"]))

    assert errors == [(429, "RateLimitError"), (429, "TooManyRequestsError")]
    assert stored(client, reference) == 0


def test_a_slow_answer_comes_after_the_message_is_stored(client, simulator_url, plan, reference):
    plan("slow", seconds=0.4)
    hasty = NotificationsAPIClient(
        f"demo-{client.service_id}-{client.api_key}", base_url=simulator_url, timeout=0.1
    )

    with pytest.raises(HTTPError) as raised:
        text(hasty, reference)

    assert isinstance(raised.value.__cause__, requests.ReadTimeout)
    assert stored(client, reference) == 1


def test_a_slow_answer_is_a_good_one(client, plan, reference):
    plan("slow", seconds=0.2)
    started_at = time.monotonic()

    assert text(client, reference)["reference"] == reference
    assert time.monotonic() - started_at >= 0.2


def test_a_fault_hits_as_many_messages_as_planned(client, plan, reference):
    plan("rate_limit", times=2)

    for _ in range(2):
        with pytest.raises(HTTPError):
            text(client, reference)
    text(client, reference)

    assert stored(client, reference) == 1


def test_a_callback_may_come_twice(client, plan, receiver, reference):
    plan("duplicate_callback")
    text(client, reference)

    first, second = receiver.wait_for(reference, count=2)

    assert first == second


def test_a_callback_may_be_lost(client, plan, receiver, reference):
    plan("lose_callback")
    sent = text(client, reference)
    text(client, f"{reference}-next")

    receiver.wait_for(f"{reference}-next")

    assert receiver.arrived(reference) == []
    assert client.get_notification_by_id(sent["id"])["status"] == "delivered"


@pytest.mark.parametrize("fault", ["permanent_failure", "temporary_failure"])
def test_a_message_may_fail(client, plan, receiver, reference, fault):
    plan(fault)
    text(client, reference)

    assert receiver.wait_for(reference)[0]["status"] == fault.replace("_", "-")


def test_an_answer_may_break_off_after_the_message_is_stored(client, plan, reference):
    plan("cut_answer")

    with pytest.raises((HTTPError, requests.RequestException)):
        text(client, reference)

    assert stored(client, reference) == 1


def test_a_504_may_come_for_a_message_that_goes_out_later(client, plan, receiver, reference):
    plan("error_504_then_sent", seconds=0.3)

    with pytest.raises(HTTPError) as raised:
        text(client, reference)

    assert (raised.value.status_code, raised.value.message[0]["error"]) == (504, "EventletTimeout")
    [found] = client.get_all_notifications(reference=reference)["notifications"]
    assert found["status"] == "created"
    assert receiver.wait_for(reference)[0]["status"] == "delivered"


def test_a_receipt_may_come_before_the_answer(client, plan, receiver, reference):
    plan("early_callback")

    sent = text(client, reference)

    assert [one["id"] for one in receiver.arrived(reference)] == [sent["id"]]


def test_a_receipt_may_come_late(client, plan, receiver, reference):
    plan("late_callback", seconds=0.3)
    started_at = time.monotonic()
    text(client, reference)

    receiver.wait_for(reference)

    assert time.monotonic() - started_at >= 0.3


def test_a_receipt_may_be_overtaken_by_another(client, plan, receiver, reference):
    plan("reorder_callback")
    text(client, reference)
    text(client, f"{reference}-next")

    receiver.wait_for(reference)

    assert receiver.order.index(f"{reference}-next") < receiver.order.index(reference)


def test_a_technical_failure_is_told_to_nobody(client, plan, receiver, reference, eventually):
    plan("technical_failure")
    sent = text(client, reference)
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == "technical-failure")
    text(client, f"{reference}-next")

    receiver.wait_for(f"{reference}-next")

    assert receiver.arrived(reference) == []


def test_a_fault_may_be_for_one_person_only(client, plan, eventually, reference):
    plan("permanent_failure", to="+44 7700 900555")

    other, hit = text(client, reference), text(client, reference, phone_number="07700 900555")

    def status(sent):
        return client.get_notification_by_id(sent["id"])["status"]

    eventually(lambda: status(hit) == "permanent-failure")
    eventually(lambda: status(other) == "delivered")


def test_a_fault_may_be_for_one_channel_and_for_some_messages_only(another):
    url = another(NOTIFY_FAULT_SEED="7")
    client = NotificationsAPIClient(LIVE_KEY, base_url=url)
    for fault in (
        {"fault": "rate_limit", "times": 1_000, "channel": "email"},
        {"fault": "error_500_before_store", "times": 1_000, "probability": 0.3},
    ):
        assert requests.post(f"{url}/_sim/faults", json=fault, timeout=5).status_code == 201

    for _ in range(100):
        with suppress(HTTPError):
            text(client, "some")

    assert 55 < len(client.get_all_notifications()["notifications"]) < 85


@pytest.mark.parametrize(
    "body",
    [
        {"fault": "fire"},
        {},
        [],
        {"fault": "slow", "times": 0},
        {"fault": "slow", "times": True},
        {"fault": "slow", "seconds": "x"},
        {"fault": "slow", "probability": 0},
        {"fault": "slow", "channel": "fax"},
        {"fault": "slow", "to": 7},
        {"fault": "slow", "colour": "red"},
    ],
)
def test_a_fault_that_nobody_knows_is_refused(simulator_url, body):
    answer = requests.post(f"{simulator_url}/_sim/faults", json=body, timeout=5)

    assert answer.status_code == 400
    assert "drop_after_store" in answer.json()["known_faults"]


def test_planned_faults_can_be_listed_and_cleared(simulator_url, plan):
    plan("slow", times=3, seconds=1, probability=0.5, channel="sms")
    url = f"{simulator_url}/_sim/faults"

    planned = {"fault": "slow", "times": 3, "seconds": 1, "probability": 0.5}
    planned |= {"channel": "sms", "to": None}
    assert requests.get(url, timeout=5).json() == {"planned": [planned]}
    requests.delete(url, timeout=5)
    assert requests.get(url, timeout=5).json() == {"planned": []}


def test_the_log_names_nobody(client, simulator_url, plan, reference):
    plan("permanent_failure")
    sent = text(client, reference)

    log = requests.get(f"{simulator_url}/_sim/log", timeout=5)

    assert "900123" not in log.text
    faults = [entry for entry in log.json() if entry.get("notification_id") == sent["id"]]
    assert faults[0]["fault"] == "permanent_failure"
