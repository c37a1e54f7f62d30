"""A call is sent again with the same key where that is safe and of use, and only there."""

import socket
from uuid import UUID, uuid4

import pytest
import requests

from clients.python.commonpurse_client import Client, NotReachedError, ProblemError
from clients.python.commonpurse_client.repeating import LONGEST_PAUSE_SECONDS
from tests.unit.client.answering import good, problem

KEY = "a-key-of-my-own"


def cancel(client, **more):
    return client.payments.cancel_purchase(purchase_id=uuid4(), reason="Ill", **more)


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (problem(503, "no_answer", **{"Retry-After": "5"}), 5.0),
        (problem(429, "too_many", **{"Retry-After": "2"}), 2.0),
        (problem(429, **{"Retry-After": "Sun, 09 Sep 2001 01:46:43 GMT"}), 3.0),
        (problem(503, **{"Retry-After": "Sun, 09 Sep 2001 01:46:00 GMT"}), 0.0),
        (problem(404, "not_known_yet", **{"Retry-After": "1"}), 1.0),
        (problem(404, "not_known_yet"), 1.0),
        (problem(409, "in_progress", **{"Retry-After": "2"}), 2.0),
        (problem(409, "in_progress"), 1.0),
    ],
)
def test_what_may_pass_is_sent_again_with_the_same_key(gateway, answer, pause):
    gateway.ready = [answer, good({"state": "cancelled"})]

    assert cancel(gateway.client(), key=KEY)["state"] == "cancelled"
    assert (gateway.keys(), gateway.slept, len(gateway.asked)) == ({KEY}, [pause], 2)


@pytest.mark.parametrize(
    "lost",
    [
        requests.ConnectionError(),
        requests.ReadTimeout(),
        requests.exceptions.ChunkedEncodingError(),
    ],
)
def test_a_call_that_got_lost_is_sent_again_with_the_same_key(gateway, lost):
    gateway.ready = [problem(503, **{"Retry-After": "1"}), lost, lost, good()]

    cancel(gateway.client())

    assert len(gateway.keys()) == 1
    assert UUID(next(iter(gateway.keys())))
    assert len(gateway.slept) == 3
    assert all(0 < one <= LONGEST_PAUSE_SECONDS for one in gateway.slept)


@pytest.mark.parametrize(
    "answer",
    [
        problem(400),
        problem(401),
        problem(403),
        problem(404, "not_found", **{"Retry-After": "1"}),
        problem(409, "not_known_yet_either"),
        problem(412),
        problem(422),
        problem(500, "fault", **{"Retry-After": "1"}),
        problem(502, **{"Retry-After": "1"}),
        problem(503),
        problem(503, **{"Retry-After": "soon"}),
        problem(303, Location="https://elsewhere.example"),
    ],
)
def test_nothing_else_is_sent_again(gateway, answer):
    gateway.ready = [answer]

    with pytest.raises(ProblemError) as error:
        cancel(gateway.client())

    assert (error.value.status, gateway.slept, len(gateway.asked)) == (answer.status_code, [], 1)


def test_each_call_has_a_key_of_its_own(gateway):
    gateway.ready = [good(), good()]
    client = gateway.client()

    cancel(client)
    cancel(client)

    assert len(gateway.keys()) == 2


def test_after_the_deadline_the_problem_is_told_with_the_key_to_go_on_by(gateway):
    gateway.ready = [problem(503, "away", **{"Retry-After": "5"}) for _ in range(9)]

    with pytest.raises(ProblemError) as error:
        cancel(gateway.client(deadline_seconds=12), key=KEY)

    told = error.value
    assert (told.code, told.key, told.detail, told.next_step) == ("away", KEY, "So.", "Do.")
    assert (told.details, told.request_id) == ({"n": 1}, "r")
    assert gateway.slept == [5, 5]


def test_a_gateway_that_nobody_reaches_is_told_with_the_key_to_go_on_by(gateway):
    gateway.ready = [requests.ConnectionError() for _ in range(99)]

    with pytest.raises(NotReachedError) as error:
        cancel(gateway.client(deadline_seconds=30), key=KEY)

    assert error.value.key == KEY
    assert 10 < gateway.time < 30


def test_a_port_where_nobody_listens_is_such_a_gateway():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]

    with pytest.raises(NotReachedError), Client(f"http://127.0.0.1:{port}") as client:
        Client(f"http://127.0.0.1:{port}", deadline_seconds=0).me()
    assert str(port) in repr(client)


def test_a_certificate_that_is_wrong_stays_wrong(gateway):
    gateway.ready = [requests.exceptions.SSLError()]

    with pytest.raises(requests.exceptions.SSLError):
        gateway.client().me()
    assert gateway.slept == []


def test_a_question_is_asked_again_and_what_bears_no_key_is_not(gateway):
    gateway.ready = [requests.ConnectionError(), good({"role": "broker"}), requests.ReadTimeout()]
    client = gateway.client()

    assert client.me()["role"] == "broker"
    with pytest.raises(NotReachedError):
        client.exchange_code(code="x", code_verifier="y", redirect_uri="z")
