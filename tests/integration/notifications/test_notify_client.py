"""What our client of Notify can do beside sending, by the simulator over HTTP."""

from uuid import uuid4

import pytest
import requests

from services.notifications.delivery.rules import Outgoing
from services.notifications.notify_client import NotifyClient
from services.notifications.providers import NotTodayError
from services.notifications.settings import NotifySettings
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError
from tests.simulators.notify_server import LIVE_KEY, TEAM_KEY, notify_server

PDF = b"%PDF-1.7\nDear Ada\n%%EOF\n"


@pytest.fixture(scope="module")
def notify_url():
    with notify_server() as url:
        yield url


def client_of(url, key=LIVE_KEY):
    return NotifyClient(
        NotifySettings.from_environment(
            {
                "NOTIFICATIONS_NOTIFY_URL": url,
                "NOTIFICATIONS_NOTIFY_API_KEY": key,
                "NOTIFICATIONS_NOTIFY_TIMEOUT_SECONDS": "2",
            }
        )
    )


@pytest.fixture
def client(notify_url):
    return client_of(notify_url)


def outgoing(channel, to, **more):
    usual = {"subject": "An update", "body": "Hello."}
    return Outgoing(reference=str(uuid4()), channel=channel, to=to, **(usual | more))


def a_text():
    return outgoing("sms", ["07700 900123"])


def a_letter():
    return outgoing("letter", ["Ada Moss", "1 Mill Lane", "ZZ99 3WZ"], pdf=PDF)


def test_a_letter_goes_as_it_was_printed(client, notify_url):
    letter = a_letter()

    provider_id = client.send(letter)

    assert client.find(letter.reference) == provider_id
    while client.status(provider_id) == "pending-virus-check":
        pass
    assert client.status(provider_id) == "received"
    seen = requests.get(f"{notify_url}/_inbox/{provider_id}.pdf", timeout=5)
    assert seen.content == PDF


def test_an_email_can_be_stopped_by_one_click(client, notify_url):
    address = "https://commonpurse.example/unsubscribe/x"
    email = outgoing("email", ["ada@example.org"], unsubscribe_url=address)

    client.send(email)

    asked = {"reference": email.reference}
    [arrived] = requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()
    assert arrived["one_click_unsubscribe_url"] == address


@pytest.mark.parametrize(
    ("channel", "to"),
    [("email", ["ada@example.org"]), ("letter", ["Ada", "1 Example Street", "SW1A 1AA"])],
)
def test_a_name_does_not_become_formatting(client, notify_url, channel, to):
    sent = outgoing(channel, to, subject="News", body="Who comes:\n\n* # Ada\n\n^ Bo")

    client.send(sent)

    asked = {"reference": sent.reference}
    [arrived] = requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()
    assert "* \\# Ada\n\n\N{MODIFIER LETTER CIRCUMFLEX ACCENT} Bo" in arrived["body"]


def test_a_text_goes_as_it_is(client, notify_url):
    sent = outgoing("sms", ["07700 900123"], subject=None, body="# Ada, there is news.")

    client.send(sent)

    asked = {"reference": sent.reference}
    [arrived] = requests.get(f"{notify_url}/_inbox.json", params=asked, timeout=5).json()
    assert arrived["body"] == "# Ada, there is news."


def test_what_became_of_a_message_can_be_asked_for(client):
    provider_id = client.send(a_text())

    while client.status(provider_id) in {"created", "sending"}:
        pass
    assert client.status(provider_id) == "delivered"
    assert client.status(str(uuid4())) is None


def test_who_cannot_be_asked_says_nothing_of_a_message():
    with pytest.raises(OutcomeUnknownError):
        client_of("http://127.0.0.1:1").status(str(uuid4()))
    with pytest.raises(OutcomeUnknownError):
        client_of("http://127.0.0.1:1").find(str(uuid4()))


def test_of_two_with_one_reference_the_first_is_kept(client):
    text = a_text()
    first, second = client.send(text), client.send(text)

    assert first != second
    assert client.find(text.reference) == first


def test_what_a_team_key_may_not_do_is_no_outage(notify_url):
    with pytest.raises(RefusedOutsideError, match="notify_refused_403"):
        client_of(notify_url, TEAM_KEY).send(a_letter())
    with pytest.raises(RefusedOutsideError, match="notify_refused_400"):
        client_of(notify_url, TEAM_KEY).send(a_text())


def test_the_days_last_letter_is_followed_by_none_until_midnight():
    with notify_server(NOTIFY_DAILY_LIMIT_LETTER="1") as url:
        client = client_of(url)
        client.send(a_letter())

        with pytest.raises(NotTodayError) as raised:
            client.send(a_letter())

        assert raised.value.until.date() > clock.now().date()


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("cut_answer", OutcomeUnknownError),
        ("error_504_then_sent", OutcomeUnknownError),
        ("rate_limit", NotSentError),
    ],
)
def test_a_failed_call_is_understood_and_what_was_stored_is_found(
    client, notify_url, fault, meaning
):
    planned = {"fault": fault, "seconds": 60}
    requests.post(f"{notify_url}/_sim/faults", json=planned, timeout=5).raise_for_status()
    text = a_text()

    with pytest.raises(meaning):
        client.send(text)

    assert (client.find(text.reference) is not None) == (meaning is OutcomeUnknownError)
