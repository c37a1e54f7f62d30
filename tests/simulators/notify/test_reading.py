import pytest
import requests
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError

from simulators.notify.templates import EMAIL_TEMPLATE_ID, LETTER_TEMPLATE_ID, SMS_TEMPLATE_ID

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


def text(client, reference, body="Hello"):
    return client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": body}, reference)


def test_a_message_is_found_by_its_id(client, reference, eventually):
    sent = text(client, reference)

    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == "delivered")
    found = client.get_notification_by_id(sent["id"])
    assert (found["phone_number"], found["email_address"]) == ("07700900123", None)
    assert (found["type"], found["reference"], found["body"]) == ("sms", reference, "Hello")
    assert found["created_at"] <= found["sent_at"] <= found["completed_at"]
    assert found["completed_at"].endswith("Z")


def test_messages_are_found_by_a_reference_that_is_not_unique(client, reference):
    sent = [text(client, reference)["id"] for _ in range(3)]

    page = client.get_all_notifications(reference=reference)

    assert [message["id"] for message in page["notifications"]] == sent[::-1]
    assert f"older_than={sent[0]}" in page["links"]["next"]
    assert f"reference={reference}" in page["links"]["current"]
    rest = client.get_all_notifications(reference=reference, older_than=sent[1])
    assert [message["id"] for message in rest["notifications"]] == sent[:1]
    last = client.get_all_notifications(reference=reference, older_than=sent[0])
    assert last["notifications"] == []
    assert set(last["links"]) == {"current"}


def test_the_clients_iterator_comes_to_an_end(client, reference):
    sent = [text(client, reference)["id"] for _ in range(2)]

    found = list(client.get_all_notifications_iterator(reference=reference))

    assert [message["id"] for message in found] == sent[::-1]


def test_messages_are_found_by_status_and_type(client, reference, eventually):
    text(client, reference)
    client.send_email_notification(
        "ada@example.org", EMAIL_TEMPLATE_ID, {"subject": "s", "body": "b"}, reference
    )

    def found(**query):
        page = client.get_all_notifications(reference=reference, **query)
        return [message["type"] for message in page["notifications"]]

    eventually(lambda: found(status="delivered") == ["email", "sms"])
    assert found(template_type="email") == ["email"]
    assert found(status="failed") == []
    assert found(older_than=UNKNOWN_ID) == []


def test_a_list_shows_only_what_the_same_type_of_key_sent(client, test_client, reference):
    text(client, reference)

    assert test_client.get_all_notifications(reference=reference)["notifications"] == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"status": "lost"}, "status lost is not one of [cancelled, created,"),
        ({"template_type": "fax"}, "template_type fax is not one of [sms, email, letter]"),
        ({"older_than": "1"}, "older_than is not a valid UUID"),
        ({"colour": "red"}, "Additional properties are not allowed (colour was unexpected)"),
    ],
)
def test_a_senseless_query_is_refused(client, query, message):
    with pytest.raises(HTTPError) as raised:
        client.get("/v2/notifications", params=query)

    assert raised.value.status_code == 400
    assert raised.value.message[0]["error"] == "ValidationError"
    assert raised.value.message[0]["message"].startswith(message)


def test_templates_can_be_read_and_previewed(client):
    by_type = {entry["type"]: entry for entry in client.get_all_templates()["templates"]}

    assert by_type["sms"] == client.get_template(SMS_TEMPLATE_ID)
    assert by_type["letter"] == client.get_template_version(LETTER_TEMPLATE_ID, 1)
    assert by_type["email"]["subject"] == "((subject))"
    assert by_type["email"]["personalisation"] == {
        "subject": {"required": True},
        "body": {"required": True},
    }
    assert len(client.get_all_templates("email")["templates"]) == 1
    preview = client.post_template_preview(EMAIL_TEMPLATE_ID, {"subject": "s", "body": "<b>"})
    assert (preview["subject"], preview["body"], preview["html"]) == (
        "s",
        "<b>",
        "<p>&lt;b&gt;</p>",
    )


def test_a_preview_lists_what_is_missing(client):
    with pytest.raises(HTTPError) as raised:
        client.post_template_preview(EMAIL_TEMPLATE_ID, {"subject": "s"})

    assert raised.value.message == [
        {"error": "BadRequestError", "message": "Missing personalisation: body"}
    ]


def test_unknown_and_malformed_ids_are_told_apart(client):
    for call, malformed in (
        (client.get_template, "id is not a valid UUID"),
        (client.get_notification_by_id, "notification_id is not a valid UUID"),
    ):
        with pytest.raises(HTTPError) as raised:
            call(UNKNOWN_ID)
        assert raised.value.status_code == 404
        assert raised.value.message == [{"error": "NoResultFound", "message": "No result found"}]
        with pytest.raises(HTTPError) as raised:
            call("x")
        assert raised.value.message == [{"error": "ValidationError", "message": malformed}]


def test_no_token_is_401_and_a_strangers_token_403(client, simulator_url):
    answer = requests.get(f"{simulator_url}/v2/templates", timeout=5)
    assert (answer.status_code, answer.json()["errors"][0]["error"]) == (401, "AuthError")

    for key, message in (
        (f"x-{client.service_id}-{UNKNOWN_ID}", "Invalid token: API key not found"),
        (f"x-{UNKNOWN_ID}-{client.api_key}", "Invalid token: service not found"),
    ):
        stranger = NotificationsAPIClient(key, base_url=simulator_url)
        with pytest.raises(HTTPError) as raised:
            stranger.get_all_templates()
        assert raised.value.status_code == 403
        assert raised.value.message == [{"error": "AuthError", "message": message}]


@pytest.mark.parametrize("seconds", [-40, 40])
def test_a_clock_that_is_wrong_by_more_than_30_seconds_is_403(client, monkeypatch, seconds):
    from notifications_python_client import authentication  # noqa: PLC0415 - patched here only

    now = authentication.epoch_seconds()
    monkeypatch.setattr(authentication, "epoch_seconds", lambda: now + seconds)

    with pytest.raises(HTTPError) as raised:
        client.get_all_templates()

    assert raised.value.status_code == 403
    assert raised.value.message[0]["message"].startswith("Error: Your system clock")
