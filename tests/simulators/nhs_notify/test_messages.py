import hashlib
import hmac
import threading

import pytest
import requests

from tests.simulators import nhs_notify_server as server
from tests.simulators.listener import Answer


def code_of(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_a_message_is_taken_and_delivered_and_shows_nobody(caller, reference, told):
    answer = caller.send(reference)

    taken = answer.json()["data"]
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    assert (taken["type"], len(taken["id"])) == ("Message", 27)
    assert taken["attributes"]["messageReference"] == reference
    assert taken["attributes"]["messageStatus"] == "created"
    found = caller.ends_as(taken["id"], "delivered")
    assert [one["channelStatus"] for one in found["channels"]] == ["delivered"]
    assert "9000000009" not in str(found)
    assert "Hello" not in str(found)
    [receipt] = told(reference, "delivered")
    assert receipt["type"] == "MessageStatus"
    assert receipt["attributes"]["messageId"] == taken["id"]
    [seen] = caller.inbox(nhs_number="9000000009")
    assert seen["personalisation"] == {"sms_body": "Hello."}


def test_a_callback_is_signed_with_both_secrets(caller, reference, told, listener):
    caller.send(reference)
    told(reference, "delivered")

    for one in listener.received:
        secret = f"{server.APPLICATION_ID}.{server.CALLBACK_KEY}".encode()
        expected = hmac.new(secret, one.body, hashlib.sha256).hexdigest()
        assert one.headers["x-hmac-sha256-signature"] == expected
        assert one.headers["x-api-key"] == server.CALLBACK_KEY


def test_a_reference_is_taken_once(caller, reference):
    first, second = caller.send(reference), caller.send(reference, plan="02")

    assert first.status_code == 201
    assert code_of(second) == (422, "CM_DUPLICATE_REQUEST")
    assert len(caller.inbox()) == 1


def test_a_reference_that_is_being_looked_at_is_too_early(caller, reference):
    caller.headers()
    caller.plan("slow", seconds=1.0)
    first = threading.Thread(target=caller.send, args=(reference,))
    first.start()
    while caller.planned():
        pass  # the first has not come so far

    answer = caller.send(reference)

    assert code_of(answer) == (425, "CM_RETRY_TOO_EARLY")
    assert answer.headers["Retry-After"] == "5"
    first.join()
    assert code_of(caller.send(reference)) == (422, "CM_DUPLICATE_REQUEST")


@pytest.mark.parametrize(
    ("nhs_number", "reason"),
    [("9000000025", "exit code"), ("9000000041", "dead"), ("9000000068", "invalidated")],
)
def test_some_people_are_not_written_to(caller, reference, told, nhs_number, reason):
    taken = caller.send(reference, nhs_number=nhs_number).json()["data"]

    found = caller.ends_as(taken["id"], "failed")

    assert reason in found["messageStatusDescription"]
    assert {one["channelStatus"] for one in found["channels"]} == {"created"}
    assert len(told(reference, "failed")) == 1


def test_what_nobody_reads_in_a_day_goes_by_the_next_channel(caller, reference, told):
    taken = caller.send(reference, plan="f1").json()["data"]
    told(reference, "sending")

    caller.move(advance_seconds=24 * 60 * 60 - 60)
    assert caller.sign_in(caller.assertion()).ok
    caller.token = ""
    assert caller.look(taken["id"])["messageStatus"] == "sending"
    caller.move(advance_seconds=60)

    found = caller.ends_as(taken["id"], "delivered")
    channels = [(one["type"], one["channelStatus"]) for one in found["channels"]]
    assert channels == [("nhsapp", "failed"), ("sms", "delivered")]
    assert len(told(reference, "sending", times=2)) == 2


def test_a_message_that_no_channel_brings_fails(caller, reference):
    taken = caller.send(reference, plan="f2").json()["data"]

    found = caller.ends_as(taken["id"], "failed")

    assert [one["channelStatus"] for one in found["channels"]] == ["failed"] * 3


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"nhs_number": "9000000008"}, (400, "CM_INVALID_NHS_NUMBER")),
        ({"nhs_number": "900000000"}, (400, "CM_INVALID_NHS_NUMBER")),
        ({"recipient": {}}, (400, "CM_MISSING_VALUE")),
        ({"recipient": "me"}, (400, "CM_MISSING_VALUE")),
        ({"messageReference": ""}, (400, "CM_INVALID_VALUE")),
        ({"personalisation": {"sms_body": 1}}, (400, "CM_INVALID_VALUE")),
        ({"personalisation": {"sms_body": "a" * 919}}, (400, "CM_INVALID_VALUE")),
        ({"plan": "99"}, (404, "CM_NO_SUCH_ROUTING_PLAN")),
    ],
)
def test_a_senseless_message_is_refused(caller, reference, changed, answer):
    assert code_of(caller.send(reference, **changed)) == answer
    assert caller.inbox() == []


@pytest.mark.parametrize("body", [None, [], {}, {"data": {"type": "Letter", "attributes": {}}}])
def test_a_body_that_is_no_message_is_refused(caller, body):
    assert caller.post(body).status_code == 400


def test_another_form_of_body_is_refused(caller):
    assert caller.post({}, **{"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize(
    ("fault", "status", "kept"),
    [
        ("rate_limit", 429, 0),
        ("too_early", 425, 0),
        ("error_500_before_store", 500, 0),
        ("error_500_after_store", 500, 1),
        ("error_504_then_sent", 504, 1),
    ],
)
def test_an_answer_may_be_an_error_before_or_after_it_is_kept(
    caller, reference, fault, status, kept
):
    caller.plan(fault)

    answer = caller.send(reference)

    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status in {425, 429})
    assert len(caller.inbox(reference=reference)) == kept
    assert caller.send(reference).status_code == (422 if kept else 201)


@pytest.mark.parametrize(("fault", "kept"), [("drop_before_store", 0), ("drop_after_store", 1)])
def test_the_connection_may_end_before_or_after_it_is_kept(caller, reference, fault, kept):
    caller.plan(fault)

    with pytest.raises(requests.ConnectionError):
        caller.send(reference)

    assert len(caller.inbox(reference=reference)) == kept


def test_a_callback_comes_again_for_a_quarter_of_an_hour(caller, reference, listener, told):
    listener.answer_with("/callbacks", Answer(status=503))
    caller.send(reference, plan="f3")
    told(reference, "failed")

    for times in range(2, 16):
        caller.move(advance_seconds=60)
        told(reference, "failed", times=times)

    keys = {one["meta"]["idempotencyKey"] for one in told(reference, "failed")}
    assert len(keys) == 1


def test_a_callback_may_come_twice_or_never_or_wrongly_signed(caller, listener, told):
    caller.plan("lose_callback")  # of sending
    caller.plan("duplicate_callback")
    caller.plan("bad_signature")
    caller.send("r-1")

    assert len(told("r-1", "delivered", times=2)) == 2
    statuses = [one.event["data"][0]["attributes"]["messageStatus"] for one in listener.received]
    assert statuses == ["delivered", "delivered"]
    assert len({one.headers["x-hmac-sha256-signature"] for one in listener.received}) == 2


def test_the_log_names_nobody(caller, reference, told):
    caller.send(reference)
    told(reference, "delivered")

    assert "9000000009" not in requests.get(f"{caller.url}/_sim/log", timeout=5).text
