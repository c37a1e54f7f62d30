"""What a caller counts on, by the official client's own calls.

The same tests run against the real service where ``COMMONPURSE_REAL_NOTIFY_TEST_KEY`` holds a test
key, which reaches nobody. That service needs the three pass-through templates; their ids come from
``NOTIFICATIONS_NOTIFY_{SMS,EMAIL,LETTER}_TEMPLATE_ID``.
"""

import io
import os
import time

import pytest
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError

from simulators.notify.letters import printed
from simulators.notify.templates import EMAIL_TEMPLATE_ID, LETTER_TEMPLATE_ID, SMS_TEMPLATE_ID

REAL_KEY = os.environ.get("COMMONPURSE_REAL_NOTIFY_TEST_KEY", "")
OURS = {"SMS": SMS_TEMPLATE_ID, "EMAIL": EMAIL_TEMPLATE_ID, "LETTER": LETTER_TEMPLATE_ID}
PATIENCE_SECONDS = 60
MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def notify(test_client):
    return NotificationsAPIClient(REAL_KEY) if REAL_KEY else test_client


@pytest.fixture
def template():
    def id_of(channel):
        set_for_it = os.environ.get(f"NOTIFICATIONS_NOTIFY_{channel}_TEMPLATE_ID", "")
        return set_for_it if REAL_KEY else OURS[channel]

    return id_of


def status_of(notify, sent):
    return notify.get_notification_by_id(sent["id"])["status"]


def ends_as(notify, sent, status):
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while status_of(notify, sent) != status:
        assert time.monotonic() < give_up_at
    return True


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("07700900123", "delivered"),
        ("07700900002", "permanent-failure"),
        ("07700900003", "temporary-failure"),
    ],
)
def test_a_text_comes_to_its_end_and_is_found_by_its_reference(
    notify, template, reference, number, status
):
    sent = notify.send_sms_notification(number, template("SMS"), {"body": "Hello"}, reference)

    assert sent["reference"] == reference
    assert sent["content"]["body"].endswith("Hello")
    assert ends_as(notify, sent, status)
    page = notify.get_all_notifications(reference=reference)
    assert [one["id"] for one in page["notifications"]] == [sent["id"]]
    assert "next" in page["links"]


def test_an_email_has_its_subject_and_its_unsubscribe_address(notify, template, reference):
    sent = notify.send_email_notification(
        "simulate-delivered-2@notifications.service.gov.uk",
        template("EMAIL"),
        {"subject": "An update", "body": "Hello"},
        reference,
        one_click_unsubscribe_url="https://example.org/u/1",
    )

    assert sent["content"]["subject"] == "An update"
    assert sent["content"]["one_click_unsubscribe_url"] == "https://example.org/u/1"
    assert list(notify.get_all_notifications_iterator(reference=reference)) == []


def test_a_letter_as_a_pdf_is_taken(notify, reference):
    pdf = io.BytesIO(printed(["Ada Moss", "1 Mill Lane", "ZZ99 3WZ"]))

    sent = notify.send_precompiled_letter_notification(reference, pdf, postage="second")

    assert (sent["reference"], sent["postage"]) == (reference, "second")
    assert status_of(notify, sent)


@pytest.mark.parametrize(
    ("number", "template_id", "error"),
    [
        ("123", None, "ValidationError"),
        ("07700900123", MISSING, "BadRequestError"),
    ],
)
def test_what_is_wrong_is_400_with_a_name(notify, template, number, template_id, error):
    with pytest.raises(HTTPError) as raised:
        notify.send_sms_notification(number, template_id or template("SMS"), {"body": "Hello"})

    assert (raised.value.status_code, raised.value.message[0]["error"]) == (400, error)


def test_what_is_not_there_is_404(notify):
    with pytest.raises(HTTPError) as raised:
        notify.get_notification_by_id(MISSING)

    assert (raised.value.status_code, raised.value.message[0]["error"]) == (404, "NoResultFound")


def test_received_texts_are_a_list(notify):
    assert isinstance(notify.get_received_texts()["received_text_messages"], list)
