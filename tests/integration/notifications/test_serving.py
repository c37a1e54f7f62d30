"""The errand of a delivery goes to the provider that the settings name for its channel."""

from uuid import uuid4

import pytest

from services.notifications import errands
from services.notifications.messages.handlers import SEND_DELIVERY
from shared.messaging.errands import OutcomeUnknownError
from tests.factories import a_trace
from tests.simulators.mail_server import mail_server


@pytest.fixture
def mail():
    with mail_server() as served:
        yield served


@pytest.fixture
def sending(servers, mail, monkeypatch):
    ours = {
        **servers.process_environment("notifications-errands"),
        "NOTIFICATIONS_PROVIDERS": 'everybody = {email = "mail"}',
        "NOTIFICATIONS_MAIL_URL": f"smtp+plain://127.0.0.1:{mail.port}",
        "NOTIFICATIONS_NOTIFY_TRUST_ABSENCE_AFTER_SECONDS": "0",
    }
    for name, value in ours.items():
        monkeypatch.setenv(name, value)
    return errands.kinds()[SEND_DELIVERY]


@pytest.fixture
def email(waiting_message):
    return waiting_message("email")


def test_an_email_goes_by_the_mail_server_with_its_link_and_is_asked_about(
    sending, mail, email, transaction, now
):
    arguments = {"delivery_id": str(email.delivery_id)}

    answer = sending.call(uuid4(), arguments)
    with transaction() as session:
        sending.record(answer, arguments, session=session, trace=a_trace())

    [arrived] = mail.inbox(message_id=f"<{email.delivery_id}@commonpurse.example>")
    assert arrived["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert now(email).delivery.provider == "mail"
    assert now(email).delivery.state == "accepted"


def test_an_email_whose_outcome_nobody_knows_is_never_sent_again(sending, mail, email):
    mail.plan("drop_after_data")
    arguments = {"delivery_id": str(email.delivery_id)}

    with pytest.raises(OutcomeUnknownError):
        sending.call(uuid4(), arguments)
    for _ in range(2):
        with pytest.raises(OutcomeUnknownError):
            sending.enquire(uuid4(), arguments)

    assert len(mail.inbox()) == 1
