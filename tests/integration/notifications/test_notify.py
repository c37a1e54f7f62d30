"""From an event to a delivered message, through the simulator of GOV.UK Notify over HTTP.

The errands run as they do in the suite, and the receipts come back to our own web process.
"""

import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from operations.errand_runner import ErrandRunner
from services.notifications import errands
from services.notifications.delivery.claims import claim
from services.notifications.delivery.commands import KeepReceipt
from services.notifications.delivery.handlers import keep_receipt
from services.notifications.delivery.rules import Accepted, Outgoing
from services.notifications.delivery.wire import PROVIDER
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.notify_client import NotifyClient
from services.notifications.people.subscribers import keep_contact_details
from services.notifications.settings import NotifySettings
from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging.errands import (
    NotSentError,
    OutcomeUnknownError,
    RefusedOutsideError,
)
from shared.settings import ServiceSettings
from tests.factories import a_trace
from tests.integration.notifications import facts

ROOT = Path(__file__).parents[3]
API_KEY = "demo-11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222"
TOKEN = "a-token-for-receipts"
PATIENCE_SECONDS = 60


@contextmanager
def served(app, environment):
    """Serve ``app`` with gunicorn, as the suite does."""
    listener = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--threads=8"]
    command += [f"--bind=fd://{listener.fileno()}", "--log-level=warning", "--no-control-socket"]
    program = subprocess.Popen(
        [*command, f"{app}:create_app()"],
        cwd=ROOT,
        env={**os.environ, **environment},
        pass_fds=[listener.fileno()],
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        assert requests.get(f"{url}/health/live", timeout=PATIENCE_SECONDS).ok
        yield url
    finally:
        program.terminate()
        program.wait(timeout=10)
        listener.close()


@pytest.fixture(scope="module")
def notify_url(servers):
    ours = {**servers.process_environment("notifications-web"), "COMMONPURSE_WAKE_DIR": ""}
    ours["NOTIFICATIONS_NOTIFY_CALLBACK_TOKEN"] = TOKEN
    with served("services.notifications.web", ours) as web_url:
        theirs = {
            "NOTIFY_API_KEY": API_KEY,
            "NOTIFY_CALLBACK_URL": f"{web_url}/callbacks/govuk",
            "NOTIFY_CALLBACK_TOKEN": TOKEN,
            "NOTIFY_CALLBACK_RETRY_SECONDS": "0.05",
        }
        with served("simulators.notify.app", theirs) as url:
            yield url


@pytest.fixture
def plan(notify_url):
    yield lambda fault: requests.post(
        f"{notify_url}/_sim/faults", json={"fault": fault}, timeout=5
    ).raise_for_status()
    requests.delete(f"{notify_url}/_sim/faults", timeout=5)


@pytest.fixture
def running_errands(servers, transaction, notify_url, monkeypatch):
    """Run our errands against the simulator; silence is believed at once there."""
    environment = {
        **servers.process_environment("notifications-errands"),
        "NOTIFICATIONS_NOTIFY_URL": notify_url,
        "NOTIFICATIONS_NOTIFY_API_KEY": API_KEY,
        "NOTIFICATIONS_NOTIFY_TRUST_ABSENCE_AFTER_SECONDS": "0",
        "COMMONPURSE_WAKE_DIR": "",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    runner = ErrandRunner(
        service="notifications", settings=ServiceSettings.from_environment(), kinds=errands.kinds()
    )
    thread = threading.Thread(target=runner.run)
    thread.start()
    yield
    runner.stop()
    thread.join()


@pytest.fixture
def delivered_once(notify_url, ended, events):
    """Wait for the message, and return it as we have it and as the person has it."""

    def look():
        message = ended()
        asked = {"reference": str(message.delivery_id)}
        inbox = requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()
        assert len(inbox) == 1
        assert sorted(events()) == ["message_delivered", "message_sent"]
        return message, inbox[0]

    return look


@pytest.mark.parametrize("channel", ["sms", "email", "letter"])
@pytest.mark.parametrize("name", ["Alex", "((body)) <b>O'Brien</b> 🎉"])
@pytest.mark.usefixtures("running_errands")
def test_a_message_arrives_as_it_was_worded(known, hear, delivered_once, channel, name):
    known(given_name=name, family_name="", preferred_channel=channel)

    hear((payments.tell_purchase_made, facts.purchase_completed(description=f"A {name}")))

    message, arrived = delivered_once()
    assert arrived["body"] == message.body
    assert name in arrived["body"]


@pytest.mark.usefixtures("running_errands")
def test_a_letter_in_large_print_arrives_as_we_printed_it(known, hear, ended, notify_url):
    known(accessible_format="large_print", preferred_channel="letter")

    hear((budget.tell_refund, facts.refund_posted()))

    message = ended()
    asked = {"reference": str(message.delivery_id)}
    assert len(requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()) == 1
    assert message.delivery.channel == "letter"


@pytest.mark.parametrize(
    "fault",
    [
        "drop_before_store",
        "drop_after_store",
        "error_500_before_store",
        "error_500_after_store",
        "rate_limit",
        "duplicate_callback",
    ],
)
@pytest.mark.usefixtures("running_errands")
def test_whatever_goes_wrong_a_message_arrives_once(waiting_message, plan, delivered_once, fault):
    plan(fault)

    waiting_message()

    delivered_once()


@pytest.mark.usefixtures("running_errands")
def test_a_message_that_the_network_could_not_deliver_goes_by_the_next_channel(
    waiting_message, plan, ended, events, notify_url
):
    plan("permanent_failure")
    waiting_message()

    message = ended()
    assert [(one.channel, one.state) for one in message.deliveries] == [
        ("sms", "failed"),
        ("email", "delivered"),
    ]
    assert sorted(events()) == ["message_delivered", "message_sent", "message_sent"]


@pytest.mark.usefixtures("running_errands")
def test_a_message_that_every_channel_refuses_is_told_of(hear, plan, ended, events):
    hear(
        (keep_contact_details, facts.contact_details(mobile="123", email="no", address_lines=[])),
        (budget.tell_refund, facts.refund_posted()),
    )

    message = ended("failed")
    assert message.reason == "notify_refused_400"
    assert [one.channel for one in message.deliveries] == ["sms", "email"]
    assert events() == ["message_undeliverable"]


def client_of(url, **changed):
    settings = {
        "NOTIFICATIONS_NOTIFY_URL": url,
        "NOTIFICATIONS_NOTIFY_API_KEY": API_KEY,
        "NOTIFICATIONS_NOTIFY_TIMEOUT_SECONDS": "0.2",
        **changed,
    }
    return NotifyClient(NotifySettings.from_environment(settings))


def a_text(to="07700 900123"):
    return Outgoing(
        reference=str(uuid4()), channel="sms", to=[to], subject=None, body="Alex, hello."
    )


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("slow", OutcomeUnknownError),
        ("drop_before_store", OutcomeUnknownError),
        ("drop_after_store", OutcomeUnknownError),
        ("error_500_before_store", OutcomeUnknownError),
        ("rate_limit", NotSentError),
        ("daily_limit", NotSentError),
    ],
)
def test_a_failed_call_is_understood_by_its_cause(notify_url, plan, fault, meaning):
    plan(fault)

    with pytest.raises(meaning):
        client_of(notify_url).send(a_text())


def test_what_notify_refuses_is_not_tried_again(notify_url):
    with pytest.raises(RefusedOutsideError, match="notify_refused_400"):
        client_of(notify_url).send(a_text("123"))


def test_a_wrong_key_is_ours_to_mend_and_fails_no_message(notify_url):
    wrong_key = API_KEY.replace("2222", "3333")
    with pytest.raises(NotSentError):
        client_of(notify_url, NOTIFICATIONS_NOTIFY_API_KEY=wrong_key).send(a_text())


def test_where_nobody_listens_nothing_was_sent():
    with pytest.raises(NotSentError):
        client_of("http://127.0.0.1:1").send(a_text())


def test_an_enquiry_that_fails_never_leads_to_a_second_message(notify_url):
    stranger = client_of(notify_url, NOTIFICATIONS_NOTIFY_API_KEY=API_KEY.replace("2222", "3333"))
    for client in (stranger, client_of("http://127.0.0.1:1")):
        with pytest.raises(OutcomeUnknownError):
            client.find(str(uuid4()))


def test_a_message_is_found_by_our_reference(notify_url):
    client, text = client_of(notify_url), a_text()

    assert client.find(text.reference) is None
    provider_id = client.send(text)

    assert client.find(text.reference) == provider_id


def test_what_became_of_a_message_can_be_asked_for(notify_url, plan):
    plan("lose_callback")
    client = client_of(notify_url)

    assert client.status(client.send(a_text())) in {"created", "sending", "delivered"}
    assert client.status(str(uuid4())) is None
    with pytest.raises(OutcomeUnknownError):
        client_of("http://127.0.0.1:1").status(str(uuid4()))


def sending_by(client, engine, **how):
    return errands.Sending(
        sessions=open_sessions(engine),
        provider_of=lambda *_whom, **_how: client.name,
        providers={client.name: client},
        **how,
    )


def test_silence_is_not_believed_too_early(servers, waiting_message, transaction, notify_url):
    url = servers.process_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)
    hasty, patient = (
        sending_by(client_of(notify_url), engine, trust_absence_after_seconds=seconds)
        for seconds in (0, 120)
    )
    message = waiting_message()
    with transaction() as session:
        claim(
            message.delivery_id,
            provider_of=lambda *_whom, **_how: PROVIDER,
            called_at=clock.system_time(),
            session=session,
            trace=a_trace(),
        )
    arguments = {"delivery_id": str(message.delivery_id)}

    with pytest.raises(OutcomeUnknownError):
        patient.enquire(uuid4(), arguments)
    assert hasty.enquire(uuid4(), arguments) is None
    engine.dispose()


def test_a_message_that_its_receipt_tells_of_is_not_sent_again(
    servers, waiting_message, transaction, notify_url
):
    url = servers.process_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1)
    nowhere = client_of("http://127.0.0.1:1")
    sending = sending_by(nowhere, engine, trust_absence_after_seconds=120)
    message, provider_id = waiting_message(), str(uuid4())
    told = KeepReceipt(
        provider=PROVIDER,
        provider_id=provider_id,
        reference=message.delivery_id,
        status="delivered",
        completed_at=None,
    )
    with transaction() as session:
        keep_receipt(told, session=session, trace=a_trace())
    arguments = {"delivery_id": str(message.delivery_id)}

    for ask in (sending.call, sending.enquire):
        assert ask(uuid4(), arguments) == Accepted(provider_id=provider_id)
    engine.dispose()
