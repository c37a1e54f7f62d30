"""Letters that come as a PDF, and the PDF of those that come as words."""

import io

import pytest
import requests
from notifications_python_client.authentication import create_jwt_token
from notifications_python_client.errors import HTTPError
from pypdf import PdfReader

from simulators.notify.letters import printed
from simulators.notify.templates import LETTER_TEMPLATE_ID, SMS_TEMPLATE_ID

PDF = printed(["Ada Moss", "Dear Ada"])
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORDS = {
    "address_line_1": "Ada Moss",
    "address_line_2": "1 Mill Lane",
    "address_line_3": "ZZ99 3WZ",
    "heading": "Your (new) budget",
    "body": "Dear Ada\n\nIt is £35 — see \\ below.",
}


def bring(client, reference, pdf=PDF, **more):
    return client.send_precompiled_letter_notification(reference, io.BytesIO(pdf), **more)


def becomes(client, eventually, sent, status):
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == status)


def words_of(pdf):
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_letter_that_comes_as_a_pdf_is_scanned_then_received(
    client, simulator_url, reference, eventually
):
    sent = bring(client, reference, postage="first")

    assert sent == {"id": sent["id"], "reference": reference, "postage": "first"}
    assert client.get_notification_by_id(sent["id"])["status"] == "pending-virus-check"
    with pytest.raises(HTTPError) as raised:
        client.get_pdf_for_letter(sent["id"])
    assert raised.value.status_code == 400
    assert raised.value.message[0]["error"] == "PDFNotReadyError"

    becomes(client, eventually, sent, "received")
    assert client.get_pdf_for_letter(sent["id"]).read() == PDF
    [found] = client.get_all_notifications(reference=reference)["notifications"]
    assert (found["type"], found["postage"], found["line_1"]) == ("letter", "first", None)
    seen = requests.get(f"{simulator_url}/_inbox/{sent['id']}.pdf", timeout=5)
    assert (seen.content, seen.headers["Content-Type"]) == (PDF, "application/pdf")


def test_a_letter_comes_second_class_unless_somebody_says_otherwise(client, reference):
    assert bring(client, reference)["postage"] == "second"


@pytest.mark.parametrize(
    ("pdf", "status"),
    [
        (b"Dear Ada", "validation-failed"),
        (PDF[:-9], "validation-failed"),
        (PDF + VIRUS, "virus-scan-failed"),
    ],
)
def test_what_cannot_be_printed_is_told_by_its_status(client, reference, eventually, pdf, status):
    sent = bring(client, reference, pdf)

    becomes(client, eventually, sent, status)
    with pytest.raises(HTTPError) as raised:
        client.get_pdf_for_letter(sent["id"])
    assert raised.value.message[0]["error"] == "BadRequestError"


def test_a_test_key_brings_letters_and_a_team_key_none(test_client, team_client, reference):
    bring(test_client, reference)

    with pytest.raises(HTTPError) as raised:
        bring(team_client, reference)
    assert raised.value.status_code == 403
    assert raised.value.message[0]["error"] == "BadRequestError"


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ({"content": "AAAA"}, "ValidationError", "reference is a required property"),
        (
            {"reference": "r", "content": "AAAA", "postage": "third"},
            "ValidationError",
            "postage invalid. It must be first, second or economy.",
        ),
        (
            {"reference": "r", "content": "AAAA", "template_id": LETTER_TEMPLATE_ID},
            "ValidationError",
            "Additional properties are not allowed (template_id was unexpected)",
        ),
        (
            {"reference": "r", "content": "é?"},
            "BadRequestError",
            "Cannot decode letter content (invalid base64 encoding)",
        ),
    ],
)
def test_a_senseless_letter_is_refused(client, simulator_url, body, error, message):
    headers = client.generate_headers(create_jwt_token(client.api_key, client.service_id))
    url = f"{simulator_url}/v2/notifications/letter"

    answer = requests.post(url, json=body, headers=headers, timeout=5)

    assert answer.json() == {
        "status_code": 400,
        "errors": [{"error": error, "message": message}],
    }


def test_a_letter_that_comes_as_words_has_a_pdf_too(client, reference):
    sent = client.send_letter_notification(LETTER_TEMPLATE_ID, WORDS, reference)

    text = words_of(client.get_pdf_for_letter(sent["id"]).read())

    assert "Ada Moss\n1 Mill Lane\nZZ99 3WZ" in text
    assert "Your (new) budget" in text
    assert "It is £35 — see \\ below." in text


def test_a_text_has_no_pdf(client, reference):
    sent = client.send_sms_notification("07700900123", SMS_TEMPLATE_ID, {"body": "Hello"})

    with pytest.raises(HTTPError) as raised:
        client.get_pdf_for_letter(sent["id"])
    assert raised.value.message == [
        {"error": "BadRequestError", "message": "Notification is not a letter"}
    ]
