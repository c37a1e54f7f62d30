"""What surrounds every answer: headers, a number, and no word of what went wrong inside."""

from io import BytesIO
from unittest.mock import ANY

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from services.gateway.app import LARGEST_BODY_BYTES, app_on
from services.gateway.bodies import takes_form
from services.gateway.problems import not_signed_in, refused
from services.gateway.visitors import Visitor

HOLDER = Visitor(
    client="person-1",
    actor_id="person-1",
    roles=("budget_holder",),
    organisation="",
    purpose="own_record",
)
WORD = "SELECT nhs_number FROM people"
BUDGET = "/v1/budgets/7b4dfb9e-9f0e-4a8e-bf3a-5f2f6d0d2d11/repayments"


class Broken:
    """Callers that go wrong in a way nobody thought of."""

    def ask(self, *_asked, **_more):
        raise RuntimeError(WORD)


def nobody():
    raise not_signed_in()


@pytest.fixture
def ask():
    app = app_on(Broken(), who_asks=lambda: HOLDER)
    return app.test_client().open


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/v1/no-such-thing"}, 404),
        ({"path": BUDGET, "method": "DELETE"}, 405),
        ({"path": "/v1/purchases", "method": "POST", "data": b"{", "mimetype": "text/plain"}, 415),
        ({"path": "/v1/exceptions"}, 403),
        ({"path": BUDGET}, 500),
    ],
)
def test_every_answer_bears_the_same_headers_and_a_number(ask, asked, status):
    answer = ask(**asked)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["X-Request-Id"] == answer.json["request_id"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_faults_text_reaches_neither_the_caller_nor_the_log(ask):
    with capture_logs([merge_contextvars]) as lines:
        answer = ask(BUDGET)

    assert answer.json["code"] == "fault"
    assert WORD not in answer.text
    assert WORD not in repr(lines)
    assert {line["request_id"] for line in lines} == {answer.json["request_id"]}
    assert "request_failed" in {line["event"] for line in lines}


def test_what_is_refused_at_the_door_is_in_the_log_with_its_number_and_why():
    app = app_on(Broken(), who_asks=nobody)
    with capture_logs([merge_contextvars]) as lines:
        answer = app.test_client().get(f"{BUDGET}?nhs_number=9434765919", headers={"Cookie": "x=y"})

    assert answer.status_code == 401
    assert lines == [
        {
            "event": "request_answered",
            "log_level": "info",
            "request_id": answer.json["request_id"],
            "endpoint": "repayments.budget_repayments",
            "status": 401,
            "code": "not_signed_in",
            "duration_ms": ANY,
        }
    ]


def test_a_body_over_the_limit_is_not_read(ask):
    answer = ask(
        "/v1/purchases",
        method="POST",
        data=b'{"x": "' + b"a" * LARGEST_BODY_BYTES + b'"}',
        content_type="application/json",
    )

    assert (answer.status_code, answer.json["code"]) == (413, "request_entity_too_large")


IN_CHUNKS = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}  # by gunicorn


@pytest.mark.parametrize("beyond", [b"", b" ", b"}, and something else"])
@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/purchases", "application/json"), ("/form", "application/x-www-form-urlencoded")],
)
def test_of_a_body_in_chunks_nothing_is_cut_off_in_silence(beyond, path, kind):
    app = app_on(Broken(), who_asks=lambda: HOLDER)
    app.add_url_rule("/form", view_func=takes_form(lambda: "read"), methods=["POST"])
    body = b"{}" + b" " * (LARGEST_BODY_BYTES - 2) + beyond

    def send(sent):
        how = {"input_stream": BytesIO(sent), "environ_overrides": IN_CHUNKS}
        return app.test_client().post(path, content_type=kind, **how)

    assert send(body).status_code == 413
    assert send(body[: LARGEST_BODY_BYTES - 1]).status_code != 413


class Reading:
    """Callers that know one thing."""

    def ask(self, *_asked, **_more):
        return []


def test_who_reads_only_what_has_not_changed_gets_a_problem_where_it_has():
    app = app_on(Reading(), who_asks=lambda: HOLDER)

    answer = app.test_client().get(BUDGET, headers={"If-Match": '"of-yesterday"'})

    assert (answer.status_code, answer.json["code"]) == (412, "changed_meanwhile")
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("code", "status", "comes_again"),
    [("not_known_yet", 404, True), ("in_progress", 409, True), ("id_reused", 422, False)],
)
def test_what_may_be_answered_otherwise_in_a_moment_says_when(code, status, comes_again):
    told = {"code": code, "message": "No.", "next_step": "Again.", "details": {}}

    problem = refused(told)

    assert problem.status == status
    assert ("Retry-After" in problem.headers) is comes_again
