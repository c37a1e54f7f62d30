import pytest
import requests
from notifications_python_client.authentication import create_jwt_token
from notifications_python_client.errors import HTTPError

from simulators.notify.templates import EMAIL_TEMPLATE_ID, LETTER_TEMPLATE_ID, SMS_TEMPLATE_ID

ADDRESS = {
    "address_line_1": "Ada Moss",
    "address_line_2": "1 Mill Lane",
    "address_line_3": "ZZ99 3WZ",
}


def error_of(raised):
    return (
        raised.value.status_code,
        raised.value.message[0]["error"],
        raised.value.message[0]["message"],
    )


def test_a_text_is_answered_as_notify_answers(client, simulator_url, reference):
    answer = client.send_sms_notification(
        "07700 900123", SMS_TEMPLATE_ID, {"body": "A message waits for you."}, reference
    )

    assert answer == {
        "id": answer["id"],
        "reference": reference,
        "uri": f"{simulator_url}/v2/notifications/{answer['id']}",
        "template": {
            "id": SMS_TEMPLATE_ID,
            "version": 1,
            "uri": f"{simulator_url}/services/{client.service_id}/templates/{SMS_TEMPLATE_ID}",
        },
        "scheduled_for": None,
        "content": {"from_number": "GOVUK", "body": "A message waits for you."},
    }


def test_an_email_is_answered_with_subject_and_body(client):
    answer = client.send_email_notification(
        "ada@example.org", EMAIL_TEMPLATE_ID, {"Subject": "Hello", "BODY": "Line 1\n\nLine 2"}
    )

    assert answer["content"]["subject"] == "Hello"
    assert answer["content"]["body"] == "Line 1\n\nLine 2"
    assert answer["content"]["one_click_unsubscribe_url"] is None
    assert answer["sanitised_content"] == {}
    assert answer["reference"] is None


def test_a_letter_is_accepted_then_received(client, eventually):
    sent = client.send_letter_notification(
        LETTER_TEMPLATE_ID, {**ADDRESS, "heading": "Your budget", "body": "Dear Ada"}
    )

    first = client.get_notification_by_id(sent["id"])
    assert sent["content"] == {"subject": "Your budget", "body": "Dear Ada"}
    assert first["status"] == "accepted"
    assert (first["line_1"], first["line_2"], first["line_3"]) == ("Ada Moss", "1 Mill Lane", None)
    assert first["postcode"] == "ZZ99 3WZ"
    assert first["postage"] == "second"
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == "received")


def test_a_letter_needs_an_address_of_three_lines_that_ends_in_a_postcode(client):
    words = {"heading": "Your budget", "body": "Dear Ada"}
    two_lines = {"address_line_1": "Ada Moss", "address_line_2": "ZZ99 3WZ"}
    no_postcode = {**ADDRESS, "address_line_3": "Wetherby"}

    for address, message in (
        ({}, "Address must be at least 3 lines"),
        (two_lines, "Address must be at least 3 lines"),
        (no_postcode, "Must be a real UK postcode"),
    ):
        with pytest.raises(HTTPError) as raised:
            client.send_letter_notification(LETTER_TEMPLATE_ID, {**words, **address})
        assert error_of(raised) == (400, "ValidationError", message)


@pytest.mark.parametrize(
    ("number", "error", "message"),
    [
        ("07700 90012", "ValidationError", "phone_number Not enough digits"),
        ("07700 900123456", "ValidationError", "phone_number Too many digits"),
        ("020 7946 0000", "ValidationError", "phone_number Not a UK mobile number"),
        ("07700 9O0123", "ValidationError", "phone_number Must not contain letters or symbols"),
        ("+1 202 555 0104", "BadRequestError", "Cannot send to international mobile numbers"),
    ],
)
def test_a_number_that_cannot_be_texted_is_refused(client, number, error, message):
    with pytest.raises(HTTPError) as raised:
        client.send_sms_notification(number, SMS_TEMPLATE_ID, {"body": "Hello"})

    assert error_of(raised) == (400, error, message)


@pytest.mark.parametrize("number", ["07700900123", "+44 7700 900123", "0044 (7700) 900-123"])
def test_a_mobile_number_may_be_written_in_many_ways(client, simulator_url, reference, number):
    client.send_sms_notification(number, SMS_TEMPLATE_ID, {"body": "Hello"}, reference)

    found = requests.get(
        f"{simulator_url}/_inbox.json",
        params={"to": "07700 900 123", "reference": reference},
        timeout=5,
    ).json()
    assert [message["to"] for message in found] == [number]


@pytest.mark.parametrize("address", ["ada", "ada@localhost", "a..b@example.org", "ada@-x.org"])
def test_an_email_address_that_is_none_is_refused(client, address):
    with pytest.raises(HTTPError) as raised:
        client.send_email_notification(address, EMAIL_TEMPLATE_ID, {"subject": "s", "body": "b"})

    expected = (400, "ValidationError", "email_address Not a valid email address")
    assert error_of(raised) == expected


def test_what_is_missing_is_listed(client):
    with pytest.raises(HTTPError) as raised:
        client.send_email_notification("ada@example.org", EMAIL_TEMPLATE_ID, {"other": "x"})

    assert error_of(raised) == (400, "BadRequestError", "Missing personalisation: subject, body")


def test_unknown_templates_and_templates_of_other_channels_are_refused(client):
    for template_id, error, message in (
        ("5a1b0c3e-0000-4000-8000-00000000000f", "BadRequestError", "Template not found"),
        (
            EMAIL_TEMPLATE_ID,
            "BadRequestError",
            "email template is not suitable for sms notification",
        ),
        ("no-uuid", "ValidationError", "template_id is not a valid UUID"),
    ):
        with pytest.raises(HTTPError) as raised:
            client.send_sms_notification("07700900123", template_id, {"body": "Hello"})
        assert error_of(raised) == (400, error, message)


def test_every_fault_of_a_body_is_named(client):
    with pytest.raises(HTTPError) as raised:
        client.post("/v2/notifications/sms", data={"colour": "red", "reference": 7})

    assert {entry["message"] for entry in raised.value.message} == {
        "phone_number is a required property",
        "template_id is a required property",
        "Additional properties are not allowed (colour was unexpected)",
        "reference 7 is not of type string",
    }


def test_errors_have_notifys_shape(client, simulator_url):
    token = client.generate_headers("x")
    answer = requests.post(f"{simulator_url}/v2/notifications/sms", headers=token, timeout=5)

    assert answer.status_code == 403
    assert answer.json()["status_code"] == 403
    assert set(answer.json()["errors"][0]) == {"error", "message"}


def test_a_body_that_is_not_json_is_refused(client, simulator_url):
    headers = client.generate_headers(create_jwt_token(client.api_key, client.service_id))
    url = f"{simulator_url}/v2/notifications/sms"
    answer = requests.post(url, data="{", headers=headers, timeout=5)

    assert answer.json()["errors"] == [
        {"error": "BadRequestError", "message": "Invalid JSON supplied in POST data"}
    ]


def test_a_text_may_have_918_characters_and_not_one_more(client):
    client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": "a" * 918})
    with pytest.raises(HTTPError) as raised:
        client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": "a" * 919})

    status_code, error, message = error_of(raised)
    assert (status_code, error) == (400, "BadRequestError")
    assert message.startswith("Your message is too long.")


def test_an_empty_text_is_refused(client):
    with pytest.raises(HTTPError) as raised:
        client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": "  "})

    assert error_of(raised) == (400, "BadRequestError", "Your message is empty.")


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ŷ" * 70, 1),
        ("ŷ" * 71, 2),
        ("€ŷ" * 35, 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_is_billed_by_its_fragments(client, body, count):
    sent = client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": body})

    details = client.get_notification_by_id(sent["id"])["cost_details"]
    assert details["billable_sms_fragments"] == count


def test_smoke_numbers_are_answered_and_forgotten(client, reference):
    sent = client.send_sms_notification(
        "07700900111", SMS_TEMPLATE_ID, {"body": "Hello"}, reference
    )

    assert client.get_all_notifications(reference=reference)["notifications"] == []
    with pytest.raises(HTTPError) as raised:
        client.get_notification_by_id(sent["id"])
    assert error_of(raised) == (404, "NoResultFound", "No result found")


def test_a_team_key_reaches_the_team(team_client):
    team_client.send_sms_notification("+44 7700 900456", SMS_TEMPLATE_ID, {"body": "Hello"})
    team_client.send_email_notification(
        "Kim@example.org", EMAIL_TEMPLATE_ID, {"subject": "s", "body": "b"}
    )


def test_a_team_key_reaches_nobody_outside_the_team(team_client):
    with pytest.raises(HTTPError) as raised:
        team_client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": "Hello"})
    assert error_of(raised)[:2] == (400, "BadRequestError")

    with pytest.raises(HTTPError) as raised:
        team_client.send_letter_notification(LETTER_TEMPLATE_ID, {**ADDRESS, "body": "Hello"})
    assert error_of(raised)[:2] == (403, "BadRequestError")
