"""What waits between services names nobody, wherever it waits and however it got there."""

import json
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from deploy.local.processes import SERVICES
from shared.contracts import catalogue
from shared.contracts.event import DataClass
from shared.messaging import inbox, outbox
from shared.messaging.inbox import Delivery
from tests.factories import a_trace
from tests.waiting import eventually

EXAMPLES = Path(__file__).parents[2] / "contract" / "events"
PERSONAL = [
    json.loads((EXAMPLES / f"{event_type}.json").read_text("utf-8"))
    for event_type, schema in sorted(catalogue.SCHEMAS.items())
    if schema.event_class.data_class is DataClass.PERSONAL
]
CONTACT_DETAILS = next(one for one in PERSONAL if "contact_details" in one["type"])
# Names, numbers, a postcode, and a way to reach somebody: each must be nowhere.
IDENTIFYING = ("Zoë", "O'Malley", "07700900123", "14 Invented Row", "Northmoor", "ZZ99 3WZ")
# A word of a few letters could stand in a sealed text, or in an id, by chance.
SHORTEST = 6
WAITING = ("outbox", "inbox", "dead_letters")


def words_of(value):
    """Every text in an example's data that somebody wrote: no ids, codes, dates or amounts."""
    if isinstance(value, dict):
        return {word for part in value.values() for word in words_of(part)}
    if isinstance(value, list):
        return {word for part in value for word in words_of(part)}
    return {value} if isinstance(value, str) and " " in value else set()


PLANTED = {*IDENTIFYING, *(word for one in PERSONAL for word in words_of(one["data"]))}


@pytest.fixture
def dump(budget):
    """Every row of what carries messages, as the database would be dumped."""

    def rows():
        dumped = ""
        for table in WAITING:
            found = budget(f"SELECT to_jsonb(t)::text FROM {table} AS t")  # noqa: S608 - ours
            assert found, table
            dumped += "\n".join(found)
        return dumped

    return rows


def a_delivery(envelope):
    return Delivery(
        consumer="on_something",
        message_id=catalogue.load(envelope).event_id,
        event=catalogue.load(envelope),
        envelope=catalogue.dump(catalogue.load(envelope), trace=a_trace()),
        subscriber=None,
        trace=a_trace(),
    )


def plain(envelope) -> bytes:
    return json.dumps(envelope, ensure_ascii=False).encode()


@pytest.fixture
def wait(emptied):
    """Let every personal event wait in the outbox, and in the inbox after so many failures."""

    def in_both(*, failures):
        transaction = emptied("budget")
        keep = partial(inbox.keep_for_retry, failure=RuntimeError("Zoë"), transaction=transaction)
        for envelope in PERSONAL:
            with transaction() as session:
                outbox.add(session, catalogue.load(envelope), trace=a_trace())
            for _ in range(failures):
                keep(a_delivery(envelope))

    return in_both


@pytest.fixture
def letters(ours, send, budget):
    """Let bodies become dead letters."""

    def send_all(*bodies):
        ours().await_line("service_started")
        for body in bodies:
            send.raw(body, content_type="application/json", message_id="from somebody")
        eventually(lambda: budget("SELECT count(*) FROM dead_letters") == [len(bodies)])

    return send_all


@pytest.mark.parametrize("failures", [1, 1 + len(inbox.FAILURE_DELAYS)], ids=["retry", "dead"])
def test_no_table_that_messages_wait_in_names_anybody(wait, letters, failures, dump):
    wait(failures=failures)
    letters(plain(CONTACT_DETAILS), plain(CONTACT_DETAILS)[:-1])  # in plain, and broken

    dumped = dump()

    assert len(PLANTED) > 15
    assert {word for word in PLANTED if len(word) >= SHORTEST and word in dumped} == set()
    assert {word for word in PLANTED if json.dumps(word)[1:-1] in dumped} == set()


@pytest.mark.parametrize("service", SERVICES)
def test_the_database_s_own_log_names_nobody_whose_row_could_not_be_written(
    servers, emptied, service
):
    transaction = emptied(service)
    statement = text(
        "INSERT INTO inbox (consumer, message_id, state, attempts, failures, last_error)"
        " VALUES ('x', :id, 'processed', :attempts, 0, :name)"
    )
    row = {"id": CONTACT_DETAILS["id"], "attempts": 1, "name": "Zoë Unmistakable"}
    log = servers.paths.log("postgres")
    before = len(log.read_text("utf-8"))
    with transaction() as session:
        session.execute(statement, row)

    for wrong in ({}, {"id": str(uuid4()), "attempts": None}):  # there is one, and it has no form
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(statement, row | wrong)

    eventually(lambda: log.read_text("utf-8")[before:].count("violates") == 2)
    written = log.read_text("utf-8")[before:]
    assert "Unmistakable" not in written
    assert CONTACT_DETAILS["id"] not in written


def test_the_words_that_are_looked_for_would_be_found(letters, owners, dump):
    letters(b"{")
    with owners("budget").begin() as connection:
        connection.execute(
            text(
                "INSERT INTO outbox (message_id, event_type, subject, body, correlation_id,"
                " causation_id, state, attempts) VALUES (:id, 'x', 'x', CAST(:body AS jsonb),"
                " :id, :id, 'published', 1)"
            ),
            {"id": CONTACT_DETAILS["id"], "body": json.dumps(CONTACT_DETAILS)},
        )
        connection.execute(
            text(
                "INSERT INTO inbox (consumer, message_id, state, attempts, failures)"
                " VALUES ('x', :id, 'processed', 1, 0)"
            ),
            {"id": CONTACT_DETAILS["id"]},
        )

    dumped = dump()

    assert {word for word in IDENTIFYING if word in dumped} == set(IDENTIFYING)
