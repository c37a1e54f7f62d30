"""What nobody here can read is drained from the broker into a table: all of it, and once."""

import gzip
import hashlib
import json
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import amqp
import pytest
from sqlalchemy import text

from clients.edge import Edge
from shared import clock
from shared.contracts import catalogue, manifest, sealing
from shared.contracts.payments.purchases import PurchaseCancelled, PurchaseRequested
from shared.messaging.dead_letter_queue import ABOUT
from shared.messaging.publisher import connect
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.probe import amounts
from tests.probe.proxy import Proxy
from tests.waiting import eventually

JSON = "application/json"
REASONS = "SELECT reason FROM dead_letters ORDER BY reason"
DELIVERY_LIMIT = 20


def a_request(amount_pence=amounts.FINE):
    return PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=amount_pence,
    )


def an_envelope(event=None, **changed):
    return catalogue.dump(event or a_request(), trace=a_trace()) | changed


def sealed(plain):
    """An envelope whose data opens, and is not what it should be."""
    envelope = an_envelope()
    about = f"{envelope['type']} {envelope['id']}"
    return envelope | {"data": {"sealed": sealing.seal(plain, about=about)}}


def poison():
    """Every variety: the body, the properties, and the reason that must be given."""
    unknown_key = sealed(b"{}")
    unknown_key["data"] = {"sealed": "bm9ib2R5OnNlYWxlZA=="}
    other_version = "uk.commonpurse.payments.purchase_requested.v99"
    cancelled = PurchaseCancelled(
        occurred_at=TUESDAY_AT_TEN, purchase_id=uuid4(), budget_id=uuid4()
    )
    packed = {"content_type": JSON, "application_headers": {"compression": "gzip"}}
    odd_headers = {"content_type": JSON, "application_headers": {"x-death": 5, "compression": 5}}
    odd_id = {"content_type": JSON, "message_id": "\x00\x1b[31m\n" + 100 * "é"}
    as_json = {"content_type": JSON}
    return [
        (b'{"name": "Elsie", ', as_json, "not_json"),
        (b"\xff\xfe", as_json, "not_json"),
        (b"Elsie", {"content_type": JSON, "content_encoding": "utf-16"}, "not_json"),
        (b"[1]", as_json, "not_an_object"),
        (b'{"name": "\\u0000"}', as_json, "bad_character"),
        (b'"' + b"a" * 2**20 + b'"', as_json, "too_large"),
        (b"", {}, "wrong_content_type"),
        (b"<a/>", {"content_type": "text/xml"}, "wrong_content_type"),
        (b"{}", odd_id, "unknown_type"),
        (b"not packed", packed, "not_json"),
        (gzip.compress(b'{"name": "Elsie"}'), packed, "not_json"),
        (b"{}", odd_headers, "unknown_type"),
        (body(an_envelope(type=other_version)), as_json, "unsupported_version"),
        (body(an_envelope(data={})), as_json, None),
        (body(an_envelope(correlationid="Elsie")), as_json, "invalid_envelope"),
        (body(an_envelope(cancelled)), as_json, "nobody_listens"),
        (body(unknown_key), as_json, "unknown_key"),
        (body(sealed(b"[1]")), as_json, "reader_failed:TypeError"),
    ]


def body(envelope):
    return json.dumps(envelope).encode()


def test_whatever_arrives_is_processed_or_held_or_dead_and_nothing_is_gone(
    ours, send, budget, broker
):
    program = ours()
    program.await_line("service_started")
    varieties = poison()

    for raw, properties, _ in varieties:
        send(a_request())
        send.raw(raw, **properties)
    for _ in range(3):
        send(a_request(amounts.RAISES))

    eventually(lambda: len(budget(REASONS)) == len(varieties))
    eventually(lambda: budget("SELECT count(*) FROM inbox") == [len(varieties) + 3])
    assert budget("SELECT count(*) FROM inbox WHERE state = 'processed'") == [len(varieties)]
    assert budget("SELECT count(*) FROM inbox WHERE state = 'retry'") == [3]
    for queue in (manifest.inbox_queue("budget"), manifest.dead_letter_queue("budget")):
        eventually(lambda queue=queue: broker.waiting(queue) == 0)
    found = budget("SELECT digest || ' ' || split_part(reason, ':', 1) FROM dead_letters")
    assert sorted(found) == sorted(
        f"{hashlib.sha256(raw).hexdigest()} {(reason or 'invalid_data').split(':')[0]}"
        for raw, _, reason in varieties
    )
    assert not program.has_ended()
    assert "Elsie" not in program.output()


def test_a_dead_letter_is_kept_as_it_came_and_nobody_can_read_it_in_the_table(ours, send, budget):
    ours().await_line("service_started")
    raw = gzip.compress(b'{"name": "Elsie"}')
    headers = {"compression": "gzip"}

    send.raw(
        raw, content_type=JSON, application_headers=headers, message_id="one\x00\x1b" + 200 * "a"
    )

    (kept,) = eventually(lambda: budget("SELECT body FROM dead_letters"))
    assert sealing.open_bytes(bytes(kept), about=ABOUT) == raw
    assert raw not in bytes(kept)
    assert budget("SELECT routing_key FROM dead_letters") == ["payments.purchase_requested.v1"]
    assert budget("SELECT content_type FROM dead_letters") == [JSON]
    assert budget("SELECT message_id FROM dead_letters") == ["one??" + 95 * "a"]
    assert budget("SELECT state FROM dead_letters") == ["dead"]
    (died_at,) = budget("SELECT died_at FROM dead_letters")
    assert abs(clock.system_time() - died_at) < timedelta(seconds=30)


@pytest.fixture
def without_database(servers, ours):
    """Start ours while its database is away; the database is back when the test opens it."""
    url = servers.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    with Proxy(urlsplit(url).port) as database:

        def start(**options):
            program = ours(COMMONPURSE_DATABASE_URL=database.through(url), **options)
            program.await_line("service_started")
            return program, database

        yield start


def settle(program, broker):
    """Let a service finish what it has taken; nothing of it comes back to the queue."""
    eventually(lambda: broker.waiting("budget.dead") == 0)
    program.terminate()
    assert program.status(within_seconds=20) == 0
    assert broker.waiting("budget.dead") == 0


def test_dead_letters_wait_for_the_database(without_database, send, budget, broker):
    program, database = without_database()
    for number in range(3):
        send.raw(b"poison %d" % number, content_type=JSON)
    program.await_line("database_away")
    assert "dead_letter_stored" not in program.output()

    database.open()

    eventually(lambda: budget(REASONS) == 3 * ["not_json"])
    assert not program.has_ended()
    settle(program, broker)


def test_a_service_that_is_stopped_without_its_database_leaves_dead_letters_to_the_next(
    without_database, ours, send, budget
):
    program, _ = without_database()
    send.raw(b"poison", content_type=JSON)
    program.await_line("database_away")

    program.terminate()

    assert program.status(within_seconds=20) == 0
    ours().await_line("dead_letter_stored")
    assert budget(REASONS) == ["not_json"]


def test_a_dead_letter_that_comes_again_is_stored_once(ours, send, budget, broker):
    first = ours(COMMONPURSE_CRASH="dead_letter.stored:1")
    first.await_line("service_started")
    send.raw(b"poison", content_type=JSON)
    assert first.status(within_seconds=20) == 137
    assert budget(REASONS) == ["not_json"]
    eventually(lambda: broker.waiting("budget.inbox") == 1)

    second = ours()
    second.await_line("service_started")
    settle(second, broker)

    assert budget(REASONS) == ["not_json"]


def test_a_dead_letter_whose_connection_was_lost_while_it_was_held_is_stored_once(
    without_database, send, budget, broker, line
):
    program, database = without_database(line=line)
    send.raw(b"poison", content_type=JSON)
    program.await_line("database_away")

    line.cut()
    eventually(lambda: program.output().count("database_away") == 2)  # it is held twice now
    database.open()

    program.await_line("message_not_settled")
    settle(program, broker)
    assert budget(REASONS) == ["not_json"]


def test_a_history_that_the_broker_cannot_read_stops_no_dead_letter(ours, send, budget):
    """RabbitMQ's own worker for dead letters ends, for ever again, over such a header."""
    ours().await_line("service_started")
    send.raw(b"first", content_type=JSON, application_headers={"x-death": ["a", "b"]})
    send.raw(b"second", content_type=JSON)

    eventually(lambda: budget(REASONS) == 2 * ["not_json"])


def test_two_messages_that_are_the_same_are_two_dead_letters(ours, send, budget):
    ours().await_line("service_started")

    for _ in range(2):
        send.raw(b"poison", content_type=JSON)

    eventually(lambda: budget(REASONS) == 2 * ["not_json"])


def test_two_that_only_their_ids_tell_apart_are_both_stored_though_they_come_again(
    ours, send, budget, broker
):
    first = ours(COMMONPURSE_CRASH="dead_letter.stored:1")
    first.await_line("service_started")
    for number in range(2):
        send.raw(b"poison", content_type=JSON, message_id=str(number))
    assert first.status(within_seconds=20) == 137

    ours().await_line("service_started")

    eventually(lambda: budget(REASONS) == 2 * ["not_json"])
    eventually(lambda: broker.waiting("budget.dead") == 0)
    assert sorted(budget("SELECT message_id FROM dead_letters")) == ["0", "1"]


def test_what_could_be_read_is_dead_for_the_reason_that_the_broker_gives(
    ours, send, budget, broker
):
    send(a_request())
    connection = connect(broker.url(), name="tests")
    channel = connection.channel()
    for _ in range(DELIVERY_LIMIT + 1):
        message = eventually(lambda: channel.basic_get("budget.inbox"))
        channel.basic_reject(message.delivery_tag, requeue=True)
    connection.close()
    eventually(lambda: broker.waiting("budget.dead") == 1)

    ours().await_line("dead_letter_stored")

    assert budget(REASONS) == ["delivery_limit"]


@pytest.mark.parametrize("headers", [{}, {"x-death": 5}, {"x-death": [{"time": "Elsie"}]}], ids=str)
def test_what_somebody_put_there_by_hand_is_stored_too(ours, budget, clean_broker, headers):
    connection = connect(clean_broker.url(), name="tests")
    message = amqp.Message(body(an_envelope()), content_type=JSON, application_headers=headers)
    connection.channel().basic_publish(message, "", "budget.dead")
    connection.close()

    ours().await_line("dead_letter_stored")

    assert budget(REASONS) == ["unknown"]


def test_a_service_says_how_many_dead_letters_nobody_has_decided_on(
    ours, send, budget, owners, servers
):
    program = ours()
    program.await_line("service_started")
    send.raw(b"poison", content_type=JSON)
    program.await_line("dead_letter_stored")
    with owners("budget").begin() as connection:
        connection.execute(text("UPDATE dead_letters SET state = 'discarded'"))
    send.raw(b"poison", content_type=JSON)

    eventually(lambda: len(budget(REASONS)) == 2)
    with Edge.connect(servers.environment(), name="tests") as edge:
        assert edge.query("budget", "health", {})["dead_letters"] == 1
