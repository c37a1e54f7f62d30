"""What is said goes out as the gateway reads it, and what comes back is read as it is."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from flask import Response, json

from clients.python.commonpurse_client import Client, NotAnsweredError, ProblemError
from tests.unit.client.answering import BASE, good


def test_who_waits_says_so_and_is_given_that_time(gateway):
    gateway.ready = [Response('{"state": "open"}', 200)]

    gateway.client().payments.request_purchase(
        budget_id=uuid4(), item_id=uuid4(), amount_pence=1, instruction="x", wait=10
    )

    ((_, _, headers, _),) = gateway.asked
    assert headers["Prefer"] == "wait=10"


@pytest.mark.parametrize(("seen", "sent"), [(3, '"3"'), ('"3"', '"3"')])
def test_what_was_seen_is_said(gateway, seen, sent):
    gateway.ready = [good()]

    gateway.client().notifications.set_preferences(
        person_id="a/../b", channels=["sms"], reason="Asked", copied=[UUID(int=7)], if_match=seen
    )

    ((method, path, headers, body),) = gateway.asked
    assert (method, headers["If-Match"]) == ("PUT", sent)
    assert path == "/v1/people/a/../b/preferences?"  # Flask reads it decoded: it was one part
    assert json.loads(body) == {
        "channels": ["sms"],
        "reason": "Asked",
        "copied": [str(UUID(int=7))],
    }


def test_a_page_leads_to_the_next(gateway):
    pages = [{"items": [1, 2], "next_cursor": "c"}, {"items": [3], "next_cursor": None}]
    gateway.ready = [good(page) for page in pages]
    client = gateway.client()
    budget_id = uuid4()

    items = list(client.iterate(client.payments.purchases, budget_id=budget_id, limit=2))

    assert items == [1, 2, 3]
    assert [path.partition("?")[2] for _, path, _, _ in gateway.asked] == [
        "limit=2",
        "cursor=c&limit=2",
    ]


def test_a_list_that_lacks_something_says_so_unless_that_is_wanted(gateway):
    page = {"items": [1], "next_cursor": None, "not_answered": ["payments"]}
    gateway.ready = [good(page), good(page)]
    client = gateway.client()

    with pytest.raises(NotAnsweredError) as error:
        list(client.iterate(client.tasks))
    assert error.value.services == ["payments"]
    assert list(client.iterate(client.tasks, may_lack=True)) == [1]


def test_another_role_brings_another_token(gateway):
    gateway.ready = [good({"access_token": "other"}), good({}), Response(status=204), good({})]
    client = gateway.client()

    client.choose_role(choice=1)
    client.me()
    client.sign_out()
    client.me()

    tokens = [headers.get("Authorization") for _, _, headers, _ in gateway.asked]
    assert tokens == ["Bearer t", "Bearer other", "Bearer other", None]


def test_a_document_comes_whole(gateway):
    said = {"Content-Disposition": 'attachment; filename="x.csv"', "Known-At": "2026-11-24"}
    gateway.ready = [Response(b"\x00a", 200, said, content_type="text/csv")]

    found = gateway.client().budget.person_statement(
        budget_id=uuid4(),
        starts_on=date(2026, 4, 1),
        ends_on="2026-04-30",
        form="csv",
        known_at=datetime(2026, 5, 1, tzinfo=UTC),
    )

    assert (found.content, found.media_type) == (b"\x00a", "text/csv")
    assert (found.file_name, found.known_at) == ("x.csv", "2026-11-24")
    assert "known_at=2026-05-01T00%3A00%3A00%2B00%3A00" in gateway.asked[0][1]


@pytest.mark.parametrize("text", ["<html>", "[]"])
def test_a_refusal_that_is_not_the_gateways_is_told_as_it_is(gateway, text):
    gateway.ready = [Response(text, 502)]

    with pytest.raises(ProblemError) as error:
        gateway.client().me()
    assert (error.value.code, error.value.status) == ("http_502", 502)


def test_an_answer_that_is_not_the_gateways_is_none(gateway):
    gateway.ready = [Response("<html>", 200)]

    with pytest.raises(ProblemError) as error:
        gateway.client().me()
    assert error.value.code == "unreadable_answer"


@pytest.mark.parametrize(
    "address",
    [
        "http://gateway.example",
        "ftp://127.0.0.1",
        "gateway.example",
        "https://",
        "",
        "https://user@gateway.example",
        "https://gateway.example?x=1",
        "https://gateway.example#x",
    ],
)
def test_a_token_goes_nowhere_without_tls_but_on_this_machine(address):
    with pytest.raises(ValueError, match="https://"):
        Client(address, token="t")


def test_an_instant_without_a_time_zone_is_not_sent(gateway):
    naive = datetime(2026, 5, 1)  # noqa: DTZ001 - that is what is tried

    with pytest.raises(ValueError, match="time zone"):
        gateway.client().budget.person_statement(
            budget_id="b", starts_on="x", ends_on="y", form="csv", known_at=naive
        )


def test_a_file_of_passwords_is_not_asked(gateway, tmp_path, monkeypatch):
    secrets = tmp_path / "netrc"
    secrets.write_text("machine gateway.example login a password b\n")
    monkeypatch.setenv("NETRC", str(secrets))
    gateway.ready = [good(), good()]

    gateway.client().me()
    gateway.client(token=None).me()

    tokens = [headers.get("Authorization") for _, _, headers, _ in gateway.asked]
    assert tokens == ["Bearer t", None]


def test_a_client_does_not_show_its_token():
    assert "secret" not in repr(Client.from_token(BASE, "secret"))
