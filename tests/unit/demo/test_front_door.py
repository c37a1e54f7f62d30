"""People act through the gateway as who they are; what it answers is told as services tell it."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

import pytest
from flask import Flask, jsonify, request

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from clients.python.commonpurse_client import Client
from demo import front_door
from demo.calling import StoppedError
from demo.front_door import FrontDoor
from demo.staff import BROKER, CARE_COORDINATOR, Holder
from tests.unit.client.through import Through

ENVIRONMENT = {
    "DEMO_GATEWAY_URL": "http://127.0.0.1:1",
    "DEMO_IDENTITY_URL": "http://127.0.0.1:2",
}
KEY, STORY = UUID(int=1), UUID(int=2)
PROBLEM = {"detail": "No.", "next_step": "Ask.", "details": {"n": 1}, "request_id": "r-1"}
VERSION = {"plan_id": "p-1", "version": 1}


class Gateway:
    """Answers as a test has it ready, and notes what came."""

    def __init__(self):
        self.app = Flask(__name__)
        self.app.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST"])
        self.planned = []  # status and code of each answer; what is not planned goes well
        self.pages = []
        self.came = []
        self.let_in = []
        self.deadline_seconds = 5

    def answer(self, path):
        self.came.append(
            (request.method, path, dict(request.headers), request.get_json(silent=True))
        )
        if self.pages:
            return jsonify(self.pages.pop(0))
        if not self.planned:
            return jsonify({"state": "submitted"})
        status, code = self.planned.pop(0)
        return jsonify({**PROBLEM, "code": code}), status

    def sign_in(self, who, *, http, clock):
        """Stand where the ways in do, and let anybody in."""
        self.let_in.append(who)
        http.mount("http://", Through(self.app))
        token = f"token-{len(self.let_in)}"
        return Client.from_token(
            ENVIRONMENT["DEMO_GATEWAY_URL"],
            token,
            http=http,
            clock=clock,
            deadline_seconds=self.deadline_seconds,
        )

    def closing(self, door, closed):
        """Note whose client is closed from now on."""
        for who, client in door._clients.items():
            client.close = partial(closed.append, who)

    def headers(self, name):
        return [headers.get(name) for _, _, headers, _ in self.came]


@pytest.fixture
def gateway(monkeypatch):
    gateway = Gateway()
    monkeypatch.setattr(front_door, "WaysIn", lambda **_: gateway)
    return gateway


@pytest.fixture
def door(gateway):
    return FrontDoor(ENVIRONMENT, pause=lambda _: None)


def submit(door, who=BROKER):
    return door.tell(who, "assessment.submit_plan", VERSION, key=KEY, story_id=STORY)


def test_an_operation_is_the_clients_method_and_bears_its_key_and_its_story(gateway, door):
    assert submit(door) == {"state": "submitted"}

    ((method, path, headers, body),) = gateway.came
    assert (method, path) == ("POST", "v1/plans/p-1/submission")
    assert body == {"version": 1}
    assert headers["Idempotency-Key"] == str(KEY)
    assert headers["Traceparent"].split("-")[1] == STORY.hex


def test_a_question_bears_no_story_of_what_was_done_before_it(gateway, door):
    submit(door)
    door.ask(BROKER, "payments.purchase", {"purchase_id": "p-1"})
    submit(door)

    told, asked, told_again = gateway.headers("Traceparent")
    assert asked is None
    assert told == told_again is not None


def test_everybody_signs_in_once_and_acts_as_themselves(gateway, door):
    submit(door)
    submit(door, CARE_COORDINATOR)
    submit(door)
    door.ask(BROKER, "payments.purchase", {"purchase_id": "p-1"})

    assert gateway.let_in == [BROKER, CARE_COORDINATOR]
    tokens = ["Bearer token-1", "Bearer token-2", "Bearer token-1", "Bearer token-1"]
    assert gateway.headers("Authorization") == tokens


def test_a_list_is_read_to_its_end(gateway, door):
    gateway.pages = [{"items": [1, 2], "next_cursor": "c"}, {"items": [3], "next_cursor": None}]

    found = door.list(BROKER, "payments.purchases", {"budget_id": "b-1"})

    assert found == [1, 2, 3]
    assert [path for _, path, _, _ in gateway.came] == ["v1/budgets/b-1/purchases"] * 2


def test_who_was_signed_out_signs_in_anew_and_says_it_again_with_the_same_key(gateway, door):
    submit(door)
    gateway.planned = [(HTTPStatus.UNAUTHORIZED, "not_signed_in")]

    assert submit(door) == {"state": "submitted"}

    assert gateway.let_in == [BROKER, BROKER]
    assert gateway.headers("Authorization")[-2:] == ["Bearer token-1", "Bearer token-2"]
    assert set(gateway.headers("Idempotency-Key")) == {str(KEY)}


def test_who_is_not_let_in_even_so_is_refused(gateway, door):
    gateway.planned = [(HTTPStatus.UNAUTHORIZED, "not_signed_in")]

    with pytest.raises(RefusedError, match="not_signed_in"):
        submit(door)


def test_a_refusal_says_what_the_service_said(gateway, door):
    gateway.planned = [(HTTPStatus.CONFLICT, "plan_changed")]

    with pytest.raises(RefusedError, match=r"plan_changed: No\. Ask\.") as refused:
        submit(door)

    assert (refused.value.code, refused.value.details) == ("plan_changed", {"n": 1})


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (HTTPStatus.INTERNAL_SERVER_ERROR, "fault"),
        (HTTPStatus.SERVICE_UNAVAILABLE, "away"),
        (HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests"),
    ],
)
def test_what_may_be_sent_again_is_a_fault_and_names_the_request(gateway, door, status, code):
    gateway.planned = [(status, code)]

    with pytest.raises(CallFailedError, match=rf"{code}: No\. Ask\. \(request r-1\)"):
        submit(door)


def test_what_is_still_being_carried_out_is_asked_for_again_and_then_a_fault(gateway, door):
    gateway.planned = [(HTTPStatus.CONFLICT, "in_progress")]
    assert submit(door) == {"state": "submitted"}

    gateway.deadline_seconds = 0  # nobody waits any longer
    gateway.planned = [(HTTPStatus.CONFLICT, "in_progress")]
    with pytest.raises(CallFailedError, match=r"in_progress: No\. Ask\. \(request r-1\)"):
        submit(door, CARE_COORDINATOR)


def test_a_gateway_that_is_not_there_leaves_the_outcome_open(gateway, monkeypatch):
    def sign_in(who, *, http, clock):
        return Client.from_token(
            ENVIRONMENT["DEMO_GATEWAY_URL"], "t", http=http, clock=clock, deadline_seconds=0
        )

    monkeypatch.setattr(gateway, "sign_in", sign_in)

    with pytest.raises(CallTimedOutError):
        submit(FrontDoor(ENVIRONMENT, pause=lambda _: None))


def test_whoever_waits_for_the_gateway_can_be_told_to_stop(gateway):
    def stop(_seconds):
        raise StoppedError

    gateway.planned = [(HTTPStatus.NOT_FOUND, "not_known_yet")]

    with pytest.raises(StoppedError):
        submit(FrontDoor(ENVIRONMENT, pause=stop))


def test_a_person_is_let_go_when_the_next_one_comes_and_colleagues_stay(gateway, door):
    closed = []
    first, second = (
        Holder(user=user, nhs_number="9990000018", family_name="O", birth_date="1961-04-09")
        for user in ("first", "second")
    )
    for who in (first, BROKER):
        submit(door, who)
    gateway.closing(door, closed)

    for who in (second, BROKER):
        submit(door, who)

    assert gateway.let_in == [first, BROKER, second]
    assert closed == [first]


def test_closing_signs_nobody_out_and_the_next_call_lets_them_in_anew(gateway, door):
    submit(door)
    door.close()
    submit(door)

    assert gateway.let_in == [BROKER, BROKER]
