"""Both 429s, what the API forgets, and what a night does: on a clock that is moved on."""

import pytest
import requests
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError

from simulators.notify.templates import EMAIL_TEMPLATE_ID, SMS_TEMPLATE_ID
from tests.simulators.notify_server import LIVE_KEY, TEST_KEY

DAY_SECONDS = 24 * 60 * 60


def client_of(url, key=LIVE_KEY):
    return NotificationsAPIClient(key, base_url=url)


def text(client, reference=None):
    return client.send_sms_notification(
        "07700900123", SMS_TEMPLATE_ID, {"body": "Hello"}, reference
    )


def move(url, **how):
    return requests.post(f"{url}/_sim/clock", json=how, timeout=5)


def refused(client, send=text):
    with pytest.raises(HTTPError) as raised:
        send(client)
    [error] = raised.value.message
    return raised.value.status_code, error["error"], error["message"]


def test_a_burst_too_many_is_refused_and_tokens_come_back(another):
    url = another(NOTIFY_RATE_LIMIT="6", NOTIFY_RATE_BURST="2")  # one comes back in ten seconds
    client = client_of(url)
    text(client)
    text(client)

    assert refused(client) == (
        429,
        "RateLimitError",
        "Exceeded rate limit for key type LIVE of 6 requests per 60 seconds",
    )
    text(client_of(url, TEST_KEY))  # each type of key has a limit of its own
    client.get_all_templates()  # and reading has none
    move(url, advance_seconds=10)
    text(client)
    assert refused(client)[1] == "RateLimitError"


def test_a_days_limit_holds_until_midnight_for_each_channel(another):
    url = another(NOTIFY_DAILY_LIMIT_SMS="1", NOTIFY_FAULT_SEED="1")
    client = client_of(url)
    text(client)

    assert refused(client) == (
        429,
        "TooManyRequestsError",
        "Exceeded send limits (sms: 1) for today",
    )
    client.send_email_notification(
        "ada@example.org", EMAIL_TEMPLATE_ID, {"subject": "s", "body": "b"}
    )
    for _ in range(2):
        text(client_of(url, TEST_KEY))
    move(url, advance_seconds=DAY_SECONDS)
    text(client)


def test_what_is_older_than_seven_days_is_forgotten_but_was_received(another, reference):
    url = another()
    client = client_of(url)
    sent = text(client, reference)

    move(url, advance_seconds=7 * DAY_SECONDS + 1)

    assert client.get_all_notifications(reference=reference)["notifications"] == []
    with pytest.raises(HTTPError) as raised:
        client.get_notification_by_id(sent["id"])
    assert raised.value.message == [{"error": "NoResultFound", "message": "No result found"}]
    inbox = requests.get(f"{url}/_inbox.json", timeout=5).json()
    assert [message["body"] for message in inbox] == ["Hello"]


def test_a_message_without_news_fails_in_the_night_after_72_hours(
    another, receiver, reference, eventually
):
    url = another()
    client = client_of(url)
    requests.post(f"{url}/_sim/faults", json={"fault": "stuck"}, timeout=5)
    sent = text(client, reference)

    def status():
        return client.get_notification_by_id(sent["id"])["status"]

    eventually(lambda: status() == "sending")
    move(url, advance_seconds=3 * DAY_SECONDS - 60)
    assert status() == "sending"
    move(url, advance_seconds=DAY_SECONDS + 60)
    assert receiver.wait_for(reference)[0]["status"] == "temporary-failure"
    assert status() == "temporary-failure"


def test_a_callback_is_tried_again_after_300_seconds_as_in_reality(
    another, receiver, reference, eventually
):
    url = another(NOTIFY_CALLBACK_RETRY_SECONDS="")
    client = client_of(url)
    receiver.answers[reference] = [503] * 6
    text(client, reference)

    for count in range(1, 7):
        receiver.wait_for(reference, count=count)
        eventually(lambda number=count: is_noted(url, attempt=number))  # then a retry is planned
        move(url, advance_seconds=299)
        assert len(receiver.arrived(reference)) == count
        move(url, advance_seconds=1)

    move(url, advance_seconds=DAY_SECONDS)
    text(client, f"{reference}-next")
    receiver.wait_for(f"{reference}-next")
    assert len(receiver.arrived(reference)) == 6  # one, and five again


def is_noted(url, *, attempt):
    log = requests.get(f"{url}/_sim/log", timeout=5).json()
    return any(entry.get("attempt") == attempt for entry in log)


def test_a_clock_that_is_off_refuses_every_token_until_it_is_set(another):
    url = another()
    client = client_of(url)

    assert move(url, skew_seconds=-31).json()["skew_seconds"] == -31
    with pytest.raises(HTTPError) as raised:
        client.get_all_templates()
    assert raised.value.status_code == 403
    assert raised.value.message[0]["message"].endswith("accurate to within 30 seconds")

    move(url, skew_seconds=0)
    client.get_all_templates()
    assert requests.get(f"{url}/_sim/clock", timeout=5).json()["ahead_seconds"] == 0


@pytest.mark.parametrize(
    "how", [{}, {"advance_seconds": -1}, {"advance_seconds": "1"}, {"back": 1}]
)
def test_time_does_not_go_back(simulator_url, how):
    assert move(simulator_url, **how).status_code == 400


@pytest.mark.parametrize(
    ("rule", "body", "sent", "fragments"),
    [
        ("new", "\u201cIt\u2019s\u201d \u2013 ok\u2026", '"It\'s" - ok...', 1),
        ("new", "Zażółć " * 11, ("Zażółć " * 11).strip(), 2),
        ("old", "Zażółć gęślą", "Zazó?c gesla", 1),
        ("old", "Tŷ Gwyn", "Tŷ Gwyn", 1),
        ("old", "سلام 🎉", "???? ?", 1),
    ],
    ids=["typography", "new Polish", "old Polish", "old Welsh", "old others"],
)
def test_a_text_is_written_by_the_rule_that_is_set(another, rule, body, sent, fragments):
    client = client_of(another(NOTIFY_UNICODE_RULE=rule))

    answer = client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": body})

    assert answer["content"]["body"] == sent
    details = client.get_notification_by_id(answer["id"])["cost_details"]
    assert details["billable_sms_fragments"] == fragments
