import requests

from simulators.notify.templates import EMAIL_TEMPLATE_ID, SMS_TEMPLATE_ID
from tests.simulators.notify_server import CALLBACK_TOKEN

FIELDS = {
    "id",
    "reference",
    "to",
    "status",
    "created_at",
    "completed_at",
    "sent_at",
    "notification_type",
    "template_id",
    "template_version",
}


def text(client, reference, number="07700 900123"):
    return client.send_sms_notification(number, SMS_TEMPLATE_ID, {"body": "Hello"}, reference)["id"]


def attempts(simulator_url, message_id):
    log = requests.get(f"{simulator_url}/_sim/log", timeout=5).json()
    return [
        (entry["attempt"], entry["status_code"])
        for entry in log
        if entry["event"] == "callback" and entry["notification_id"] == message_id
    ]


def test_a_callback_brings_the_token_and_ten_fields(client, receiver, reference):
    message_id = text(client, reference)

    [receipt] = receiver.wait_for(reference)

    assert set(receipt) == FIELDS
    assert receipt["id"] == message_id
    assert receipt["to"] == "07700 900123"
    assert receipt["status"] == "delivered"
    assert receipt["notification_type"] == "sms"
    assert (receipt["template_id"], receipt["template_version"]) == (SMS_TEMPLATE_ID, 1)
    assert receiver.tokens[message_id] == f"Bearer {CALLBACK_TOKEN}"


def test_a_callback_is_tried_again_after_500_and_429(client, receiver, reference):
    receiver.answers[reference] = [500, 429, 200]
    text(client, reference)

    receipts = receiver.wait_for(reference, count=3)

    assert receipts[0] == receipts[1] == receipts[2]


def test_a_callback_is_not_tried_again_after_404(
    client, receiver, simulator_url, reference, eventually
):
    receiver.answers[reference] = [404]
    message_id = text(client, reference)
    eventually(lambda: attempts(simulator_url, message_id))

    receiver.answers["later"] = [500]
    text(client, "later")
    receiver.wait_for("later", count=2)  # by now a second try would have come too

    assert attempts(simulator_url, message_id) == [(1, 404)]
    assert len(receiver.arrived(reference)) == 1


def test_a_callback_is_given_up_after_five_retries(
    client, receiver, simulator_url, reference, eventually
):
    receiver.answers[reference] = [503] * 10
    message_id = text(client, reference)

    eventually(lambda: len(attempts(simulator_url, message_id)) == 6)
    receiver.answers["last"] = [500]
    text(client, "last")
    receiver.wait_for("last", count=2)
    assert len(receiver.arrived(reference)) == 6


def test_only_a_test_key_lets_the_failing_recipients_fail(client, test_client, receiver, reference):
    words = {"subject": "s", "body": "b"}
    text(test_client, f"{reference}-1", "07700900003")
    text(test_client, f"{reference}-2", "07700900002")
    text(client, f"{reference}-3", "07700900002")
    test_client.send_email_notification(
        "perm-fail@simulator.notify", EMAIL_TEMPLATE_ID, words, f"{reference}-4"
    )
    text(test_client, f"{reference}-5")

    ends = [receiver.wait_for(f"{reference}-{number}")[0]["status"] for number in range(1, 6)]

    assert ends == [
        "temporary-failure",
        "permanent-failure",
        "delivered",
        "permanent-failure",
        "delivered",
    ]
