"""NHS Notify: what we send there, what its answers mean, and the door for its callbacks."""

import json
from uuid import uuid4

import pytest
import requests
from sqlalchemy import func, select

from services.notifications.delivery.models import Receipt
from services.notifications.delivery.rules import Outgoing
from services.notifications.nhs_notify_client import NhsNotifyClient
from services.notifications.nhs_receipts.wire import signature
from services.notifications.provider_settings import NhsCallbackSettings, NhsNotifySettings
from services.notifications.providers import NotTodayError
from services.notifications.settings import CallbackSettings, SettingUnfitError
from services.notifications.web import application
from shared.database import open_sessions
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError
from shared.settings import SettingMissingError
from tests.simulators import nhs_notify_server as server
from tests.simulators.listener import Answer, listening

PERSON = "9000000009"
SETTINGS = {
    "NOTIFICATIONS_NHS_API_KEY": server.API_KEY,
    "NOTIFICATIONS_NHS_KEY_ID": server.KEY_ID,
    "NOTIFICATIONS_NHS_PRIVATE_KEY": server.PRIVATE_KEY_SETTING,
    "NOTIFICATIONS_NHS_TIMEOUT_SECONDS": "0.5",
}


@pytest.fixture
def nhs_url():
    with server.nhs_notify_server() as url:
        yield url


def client_of(url, **changed):
    settings = {**SETTINGS, "NOTIFICATIONS_NHS_URL": url, **changed}
    return NhsNotifyClient(NhsNotifySettings.from_environment(settings))


@pytest.fixture
def client(nhs_url):
    return client_of(nhs_url)


@pytest.fixture
def plan(nhs_url):
    def plan_fault(fault, **details):
        body = {"fault": fault, **details}
        assert requests.post(f"{nhs_url}/_sim/faults", json=body, timeout=5).status_code == 201

    return plan_fault


def inbox(nhs_url):
    return requests.get(f"{nhs_url}/_inbox.json", timeout=5).json()


def a_text(**changed):
    fields = {"channel": "sms", "to": [], "subject": None, "body": "Alex, hello."}
    return Outgoing(**{"reference": str(uuid4()), "nhs_number": PERSON, **fields, **changed})


def ends_as(client, provider_id, status):
    while (now := client.status(provider_id)) != status:
        assert now in {"created", "enriched", "sending"}


def test_a_text_goes_to_whom_the_nhs_number_names(client, nhs_url):
    text = a_text()

    provider_id = client.send(text)

    [taken] = inbox(nhs_url)
    assert taken["message_id"] == provider_id
    assert (taken["reference"], taken["nhs_number"]) == (text.reference, PERSON)
    assert taken["personalisation"] == {"sms_body": "Alex, hello."}
    ends_as(client, provider_id, "delivered")


def test_an_email_goes_with_its_subject(client, nhs_url):
    client.send(a_text(channel="email", subject="An update"))

    said = {"email_subject": "An update", "email_body": "Alex, hello."}
    assert inbox(nhs_url)[0]["personalisation"] == said


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"nhs_number": None}, "nhs_notify_without_nhs_number"),
        ({"is_to_staff": True}, "nhs_notify_never_to_staff"),
        ({"channel": "letter"}, "nhs_notify_without_plan"),
        ({"nhs_number": "9000000008"}, "nhs_notify_refused_400"),
        ({"body": "a" * 919}, "nhs_notify_refused_400"),
    ],
)
def test_what_nhs_notify_must_not_send_is_refused(client, nhs_url, changed, reason):
    with pytest.raises(RefusedOutsideError, match=reason):
        client.send(a_text(**changed))

    assert inbox(nhs_url) == []


@pytest.mark.parametrize(
    ("fault", "meaning", "count"),
    [
        ("rate_limit", NotSentError, 0),
        ("too_early", OutcomeUnknownError, 0),
        ("drop_before_store", OutcomeUnknownError, 0),
        ("drop_after_store", OutcomeUnknownError, 1),
        ("error_500_before_store", OutcomeUnknownError, 0),
        ("error_500_after_store", OutcomeUnknownError, 1),
        ("error_504_then_sent", OutcomeUnknownError, 1),
    ],
)
def test_whatever_goes_wrong_the_same_request_again_is_taken_once(
    client, plan, fault, meaning, count
):
    """``count`` are taken at first; the second time tells, by an id or by none."""
    plan(fault)
    text = a_text()

    with pytest.raises(meaning):
        client.send(text)
    assert client.find(text.reference) is None
    provider_id = client.send(text)

    assert provider_id.startswith("reference:") == bool(count)
    assert client.send(text) == f"reference:{text.reference}"


def test_a_slow_answer_leaves_the_outcome_unknown_and_an_early_repeat_too(client, plan, nhs_url):
    plan("slow", seconds=1.5)
    text = a_text()

    for _ in range(2):
        with pytest.raises(OutcomeUnknownError):
            client.send(text)
    while not inbox(nhs_url):
        pass

    assert client.send(text) == f"reference:{text.reference}"


def test_of_an_id_that_we_do_not_know_nothing_is_known(client):
    with pytest.raises(OutcomeUnknownError):
        client.status("reference:1")
    assert client.status("2WL3qFTEFM0qMY8xjRbt1LIKCzM") is None


def test_a_person_who_has_died_gets_nothing(client):
    ends_as(client, client.send(a_text(nhs_number="9000000041")), "failed")


def test_a_token_that_is_over_is_replaced(client, nhs_url):
    client.send(a_text())
    requests.delete(f"{nhs_url}/_sim/tokens", timeout=5)

    client.send(a_text())

    assert len(inbox(nhs_url)) == 2


@pytest.mark.parametrize(
    "changed", [{"NOTIFICATIONS_NHS_API_KEY": "another"}, {"NOTIFICATIONS_NHS_KEY_ID": "another"}]
)
def test_a_wrong_key_is_ours_to_mend_and_fails_no_message(nhs_url, changed):
    with pytest.raises(NotSentError):
        client_of(nhs_url, **changed).send(a_text())


def test_a_plan_that_is_not_there_is_ours_to_mend(nhs_url):
    with pytest.raises(NotSentError):
        client_of(nhs_url, NOTIFICATIONS_NHS_SMS_PLAN_ID="another").send(a_text())


def test_where_nobody_listens_nothing_was_sent_and_nothing_is_known():
    nowhere = client_of("http://127.0.0.1:1")

    with pytest.raises(NotSentError):
        nowhere.send(a_text())
    with pytest.raises(OutcomeUnknownError):
        nowhere.status("2WL3qFTEFM0qMY8xjRbt1LIKCzM")


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Answer(status=429, headers={"Retry-After": "3600"}), NotTodayError),
        (Answer(status=429, headers={"Retry-After": "soon"}), NotSentError),
        (Answer(status=422, body=b'{"errors": [{"code": "CM_INVALID"}]}'), OutcomeUnknownError),
        (Answer(status=422, body=b"<html>"), OutcomeUnknownError),
        (Answer(status=201, body=b"<html>"), OutcomeUnknownError),
        (Answer(status=201, body=b'{"data": []}'), OutcomeUnknownError),
        (Answer(status=302), OutcomeUnknownError),
        (Answer(status=403), NotSentError),
    ],
)
def test_other_answers_are_understood_by_their_status(answer, meaning):
    token = b'{"access_token": "t", "expires_in": "599", "token_type": "Bearer"}'
    with listening() as listener:
        listener.answer_with("/oauth2/token", Answer(body=token))
        listener.answer_with("/comms/v1/messages", answer)

        with pytest.raises(meaning) as raised:
            client_of(listener.url).send(a_text())

    assert type(raised.value) is meaning


@pytest.mark.parametrize("token", [b"<html>", b"{}", b'{"access_token": "t", "expires_in": "x"}'])
def test_without_a_token_nothing_was_sent(token):
    with listening() as listener:
        listener.answer_with("/oauth2/token", Answer(body=token))

        with pytest.raises(NotSentError):
            client_of(listener.url).send(a_text())

        assert [one.path for one in listener.received] == ["/oauth2/token"]


@pytest.mark.parametrize("key", ["", "no base64!", "aGVsbG8="])
def test_a_key_that_is_none_is_refused_at_the_start(key):
    with pytest.raises((SettingUnfitError, SettingMissingError)):
        client_of("http://127.0.0.1:1", NOTIFICATIONS_NHS_PRIVATE_KEY=key)


# The door for callbacks

NHS = NhsCallbackSettings(application_id="an-application", api_key="a-key-for-callbacks")


@pytest.fixture
def doors(transaction, engines):
    sessions = open_sessions(engines("notifications"))
    settings = CallbackSettings(token="a-token-for-receipts")

    def door(nhs=NHS):
        return application(sessions=sessions, settings=settings, nhs=nhs).test_client()

    return door


@pytest.fixture
def kept(transaction):
    def all_receipts():
        with transaction() as session:
            told = select(Receipt).order_by(Receipt.received_at)
            return list(session.scalars(told))

    return all_receipts


def a_callback(*, type_of="MessageStatus", **changed):
    attributes = {
        "messageId": "2WL3qFTEFM0qMY8xjRbt1LIKCzM",
        "messageReference": str(uuid4()),
        "messageStatus": "delivered",
        "channels": [{"type": "sms", "channelStatus": "delivered"}],
        "timestamp": "2026-11-24T10:00:01.000Z",
        "routingPlan": {"id": str(uuid4()), "version": "1"},
        **changed,
    }
    return json.dumps({"data": [{"type": type_of, "attributes": attributes}]}).encode()


def bring(door, body, *, key=NHS.api_key, signed=None):
    given = signature(body, settings=NHS) if signed is None else signed
    headers = {"x-api-key": key, "x-hmac-sha256-signature": given}
    return door.post("/callbacks/nhs", data=body, headers=headers).status_code


def test_a_callback_ends_its_message_however_often_it_comes(doors, waiting_message, now, kept):
    message = waiting_message()
    body = a_callback(messageReference=str(message.delivery_id))

    assert [bring(doors(), body), bring(doors(), body)] == [204, 204]

    assert now(message).message.state == "delivered"
    assert [one.provider for one in kept()] == ["nhs-notify"]


@pytest.mark.parametrize("status", ["sending", "failed"])
def test_a_callback_of_a_message_that_is_not_there_yet_or_failed(
    doors, waiting_message, now, status
):
    message = waiting_message()
    body = a_callback(messageReference=str(message.delivery_id), messageStatus=status)

    assert bring(doors(), body) == 204

    seen = {one.state: one.reason for one in now(message).deliveries}
    assert ("failed" in seen) == (status == "failed")
    assert seen.get("failed") in {None, "failed_there"}


def test_a_callback_of_somebody_elses_message_is_taken(doors, kept):
    assert bring(doors(), a_callback(messageReference="not ours")) == 204

    assert kept()[0].reference is None


def test_a_callback_of_a_channel_is_taken_and_left(doors, kept):
    assert bring(doors(), a_callback(type_of="ChannelStatus")) == 204

    assert kept() == []


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ({"key": ""}, 401),
        ({"key": "another"}, 401),
        ({"key": "ünïcode"}, 401),
        ({"signed": ""}, 403),
        ({"signed": "0" * 64}, 403),
        ({"signed": signature(b"another body", settings=NHS)}, 403),
    ],
)
def test_only_nhs_notify_may_bring_one(doors, kept, how, answer):
    assert bring(doors(), a_callback(), **how) == answer

    assert kept() == []


def test_where_nhs_notify_serves_nobody_its_callbacks_are_not_taken(doors, kept):
    assert bring(doors(nhs=None), a_callback()) == 401

    assert kept() == []


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"not json", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"data": {}}', 400),
        (b'{"data": [1]}', 400),
        (b'{"data": [{"type": "MessageStatus"}]}', 422),
        (a_callback(messageId="../"), 422),
        (a_callback(messageStatus="\x00"), 422),
        (a_callback(timestamp="yesterday"), 422),
        (b'"' + b"x" * 64 * 1024 + b'"', 413),
    ],
)
def test_what_is_no_callback_is_refused_and_leaves_nothing(doors, transaction, body, answer):
    assert bring(doors(), body) == answer

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Receipt)) == 0
