"""Input that is not as it must be: it is named, does nothing, and learns nothing of what is inside.

Tokens that ended, or that were brought before: ``signing_in``.
"""

import json
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.gateway.app import LARGEST_BODY_BYTES
from tests.integration.gateway.payments.test_buying import wanted

DEEP = 10_000
INTERNALS = ("Traceback", "psycopg", "sqlalchemy", "marshmallow", "/services/", 'File "')
NO_TEXT = ["\x00", "\ud800", "a\x00b", "\udfff"]


@pytest.fixture
def send(case, transaction):
    """Send a body to where purchases are asked for, and see that nothing comes of it."""

    def written():
        counted = "SELECT (SELECT count(*) FROM purchases), (SELECT count(*) FROM outbox)"
        with transaction() as session:
            return tuple(session.execute(text(counted)).one())

    def send_one(data, *, path="/purchases", content_type="application/json"):
        before = written()
        answer = case.door.ask(
            case.broker.visitor,
            "POST",
            path,
            data=data,
            content_type=content_type,
            headers={"Idempotency-Key": uuid4().hex},
        )
        assert answer.mimetype == "application/problem+json"
        assert not [word for word in INTERNALS if word in answer.text]
        assert written() == before
        return answer

    return send_one


def problem(answer):
    return answer.status_code, answer.json["code"]


def read(case, query):
    return case.door.ask(case.broker.visitor, "GET", f"/budgets/{case.budget_id}/purchases?{query}")


def test_a_body_that_is_right_would_have_come_through(case):
    assert case.broker.post("/purchases", **wanted(case)).status_code == 202


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount_pence", "3500"),
        ("amount_pence", 35.5),
        ("amount_pence", True),
        ("amount_pence", None),
        ("amount_pence", 0),
        ("amount_pence", 10**400),
        ("amount_pence", [3500]),
        ("budget_id", 7),
        ("budget_id", "not-an-id"),
        ("budget_id", "00000000-0000-0000-0000-00000000000g"),
        ("budget_id", {}),
        ("item_id", None),
        ("instruction", ""),
        ("instruction", "x" * 2_001),
        ("instruction", ["Lessons"]),
        ("is_not_a_repeat", "yes"),
        ("is_not_a_repeat", 1),
        ("colour", "blue"),
        ("requested_by", str(UUID(int=7))),
        ("purchase_id", str(UUID(int=7))),
    ],
)
def test_a_field_that_is_not_as_it_must_be_is_named(case, send, field, value):
    answer = send(json.dumps(wanted(case, **{field: value})))

    assert problem(answer) == (422, "invalid_request")
    assert set(answer.json["details"]) == {field}
    assert field in answer.json["detail"]


@pytest.mark.parametrize("field", ["budget_id", "item_id", "amount_pence", "instruction"])
def test_a_field_that_is_missing_is_named(case, send, field):
    body = wanted(case)
    del body[field]

    answer = send(json.dumps(body))

    assert problem(answer) == (422, "invalid_request")
    assert set(answer.json["details"]) == {field}


@pytest.mark.parametrize("odd", NO_TEXT)
@pytest.mark.parametrize("place", ["value", "name"])
def test_a_character_that_no_database_keeps_is_refused(case, send, odd, place):
    body = wanted(case, **({"instruction": odd} if place == "value" else {odd: "x"}))

    assert problem(send(json.dumps(body))) == (400, "bad_character")


@pytest.mark.parametrize("query", ["cursor=%00", "%00=x", "cursor=a%00b"])
def test_such_a_character_is_refused_in_an_address_too(case, query):
    answer = read(case, query)

    assert problem(answer) == (400, "bad_character")


def test_an_argument_that_is_said_twice_is_refused(case):
    answer = read(case, "limit=1&limit=2")

    assert problem(answer) == (400, "key_twice")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b'{"x": "' + b"a" * LARGEST_BODY_BYTES + b'"}', 413, "request_entity_too_large"),
        (b'{"x": ' * DEEP + b"1" + b"}" * DEEP, 400, "not_json"),
        (b'{"x": ' + b"[" * DEEP + b"]" * DEEP + b"}", 400, "not_json"),
        (b'{"x": ' + b"[" * 25 + b"]" * 25 + b"}", 400, "too_deep"),
        (b'{"x": "\xff\xfe"}', 400, "not_json"),
        ('{"x": "é"}'.encode("latin-1"), 400, "not_json"),
        ('{"x": "e"}'.encode("utf-16"), 400, "not_json"),
        (b'\xef\xbb\xbf{"x": 1}', 400, "not_json"),
        (b'{"amount_pence": 1, "amount_pence": 2}', 400, "key_twice"),
        (b'{"x": {"y": 1, "y": 2}}', 400, "key_twice"),
        (b'{"x": NaN}', 400, "not_json"),
        (b'{"x": -Infinity}', 400, "not_json"),
        (b'{"x": 1e999}', 400, "not_json"),
        (b'{"x": ' + b"9" * 5_000 + b"}", 400, "not_json"),
        (b'{"x": 1', 400, "not_json"),
        (b"", 400, "not_json"),
        (b"[]", 400, "not_an_object"),
        (b'"x"', 400, "not_an_object"),
        (b"null", 400, "not_an_object"),
    ],
    ids=lambda part: str(part)[:24],
)
def test_a_body_that_is_no_small_flat_object_is_refused(send, data, status, code):
    assert problem(send(data)) == (status, code)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ],
)
def test_a_body_of_another_type_is_refused(case, send, content_type):
    answer = send(json.dumps(wanted(case)), content_type=content_type)

    assert problem(answer) == (415, "wrong_content_type")


@pytest.mark.parametrize("odd", ["7", "not-an-id", "%00", "..", "00000000-0000-0000-0000", "'--"])
def test_an_id_of_the_wrong_kind_in_an_address_leads_nowhere(send, odd):
    answer = send("{}", path=f"/purchases/{odd}/cancellation")

    assert answer.status_code == 404


def test_an_id_of_another_kind_of_record_leads_nowhere(case, send):
    asked = send(json.dumps(wanted(case, budget_id=case.item_id, item_id=case.budget_id)))

    assert problem(asked) == (404, "not_known_yet")
    assert case.broker.get(f"/purchases/{case.budget_id}").status_code == 404


@pytest.mark.parametrize("key", ["", "short", "a" * 256, "with a space", "ä" * 10])
def test_a_key_that_is_none_is_refused(case, key):
    answer = case.door.ask(
        case.broker.visitor,
        "POST",
        "/purchases",
        json=wanted(case),
        headers={"Idempotency-Key": key},
    )

    assert problem(answer) == (400, "idempotency_key_wanted")
