"""People answer by text: the service finds it, and is told of it."""

from uuid import UUID

import pytest
import requests
from notifications_python_client import NotificationsAPIClient

from tests.simulators.notify_server import LIVE_KEY, SERVICE_ID


def reply(url, message="STOP", number="07700 900123"):
    body = {"from": number, "message": message}
    return requests.post(f"{url}/_sim/replies", json=body, timeout=5)


def test_a_reply_is_told_of_with_a_token_of_its_own(simulator_url, receiver):
    received_id = reply(simulator_url, "Stop please 🙏").json()["id"]

    [told] = receiver.wait_for(received_id)

    assert told == {
        "id": received_id,
        "source_number": "447700900123",
        "destination_number": "07700900999",
        "message": "Stop please 🙏",
        "date_received": told["date_received"],
    }
    assert told["date_received"].endswith("Z")
    assert receiver.tokens[received_id] == "Bearer a-token-for-received-texts"


def test_a_reply_is_told_of_again_after_500(simulator_url, receiver):
    receiver.answers["stop by number"] = [500]
    received_id = reply(simulator_url, "stop by number").json()["id"]

    assert len(receiver.wait_for(received_id, count=2)) == 2


def test_replies_are_listed_newest_first_page_by_page(another):
    url = another()
    client = NotificationsAPIClient(LIVE_KEY, base_url=url)
    assert client.get_received_texts()["received_text_messages"] == []
    sent = [reply(url, f"Message {number}").json()["id"] for number in range(252)]

    page = client.get_received_texts()

    assert [one["id"] for one in page["received_text_messages"]] == sent[:1:-1]
    assert page["links"]["next"].endswith(f"older_than={sent[2]}")
    first = page["received_text_messages"][0]
    assert first == {
        "id": sent[-1],
        "created_at": first["created_at"],
        "content": "Message 251",
        "notify_number": "07700900999",
        "service_id": SERVICE_ID,
        "user_number": "447700900123",
    }
    everything = list(client.get_received_texts_iterator())
    assert [one["id"] for one in everything] == sent[::-1]
    unknown = client.get_received_texts(older_than=str(UUID(int=1)))
    assert unknown["received_text_messages"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"from": "07700900123"},
        {"from": "07700900123", "message": "  "},
        {"from": "07700900123", "message": 1},
        {"from": "somebody", "message": "STOP"},
    ],
)
def test_a_reply_from_nobody_or_without_words_is_refused(simulator_url, body):
    assert requests.post(f"{simulator_url}/_sim/replies", json=body, timeout=5).status_code == 400


def test_a_person_replies_on_the_phone_of_the_inbox_page(client, simulator_url, reference):
    from simulators.notify.templates import SMS_TEMPLATE_ID  # noqa: PLC0415 - used here only

    client.send_sms_notification("07700900321", SMS_TEMPLATE_ID, {"body": "Hello"}, reference)
    page = requests.get(f"{simulator_url}/_inbox", timeout=5).text
    assert '<input type="hidden" name="from" value="+447700900321">' in page

    form = {"from": "+447700900321", "message": "<b>HELP</b>"}
    after = requests.post(f"{simulator_url}/_sim/replies", data=form, timeout=5)

    assert after.url == f"{simulator_url}/_inbox"
    assert "&lt;b&gt;HELP&lt;/b&gt;" in after.text
