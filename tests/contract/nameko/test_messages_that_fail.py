"""N1, N2, N4, N5: a message whose handler, commit or body fails is kept, and nothing leaks.

For each row of docs/architecture/nameko.md: what a service of ours does, and what plain nameko does
instead. An upgrade of nameko or kombu that changes either shows here.
"""

import hashlib
import json
from uuid import uuid4

import amqp
import pytest

from shared.contracts.payments.purchases import PurchaseRequested
from shared.messaging.publisher import connect
from tests.factories import TUESDAY_AT_TEN
from tests.probe import amounts
from tests.waiting import eventually

PLAIN_QUEUE = "evt-budget-hold_placed--plain.on_hold_placed"


def a_request(amount_pence: int) -> PurchaseRequested:
    return PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=amount_pence,
    )


def test_a_message_has_its_effect_once_however_often_it_comes(ours, send, budget, broker):
    ours().await_line("service_started")
    event = a_request(amounts.FINE)

    for _ in range(3):
        send(event)
    send(last := a_request(amounts.FINE))

    done = "SELECT message_id FROM effects"  # in any order: workers do not wait for each other
    eventually(lambda: {event.event_id, last.event_id} <= set(budget(done)))
    eventually(lambda: broker.waiting("budget.inbox") == 0)
    assert budget(done).count(event.event_id) == 1
    assert budget("SELECT count(*) FROM outbox") == [2]


def test_n1_a_message_whose_handler_fails_is_kept_for_a_retry(ours, send, budget, broker):
    ours().await_line("service_started")
    event = a_request(amounts.RAISES)

    send(event)

    kept = eventually(lambda: budget("SELECT message_id FROM inbox WHERE state = 'retry'"))
    assert kept == [event.event_id]
    assert budget("SELECT message_id FROM effects") == []
    assert budget("SELECT body->>'id' FROM inbox") == [str(event.event_id)]
    eventually(lambda: broker.waiting("budget.inbox") == 0)


def test_n1_plain_nameko_loses_a_message_whose_handler_fails(plain, tell_plain, broker):
    program = plain()
    program.await_line("service_started")

    tell_plain(b'"raises"')

    eventually(lambda: "error handling worker" in program.output())
    program.kill()
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 0)


def test_n2_a_message_whose_commit_fails_is_kept_for_a_retry(ours, send, budget):
    ours().await_line("service_started")
    event = a_request(amounts.COMMIT_FAILS)

    send(event)

    kept = eventually(lambda: budget("SELECT last_error FROM inbox WHERE state = 'retry'"))
    assert kept[0].startswith("IntegrityError")
    assert budget("SELECT message_id FROM effects") == []


def test_n2_plain_nameko_acknowledges_before_its_dependencies_commit(plain, tell_plain, broker):
    program = plain()
    program.await_line("service_started")

    tell_plain(b'"commit_fails"')

    program.status(within_seconds=10)  # it died, and yet:
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 0)


JSON = "application/json"
UNREADABLE = [
    (b'{"name": "Elsie", ', JSON, "not_json"),
    (b"\xff\xfe", JSON, "not_json"),
    (b"[" * 100_000, JSON, "not_json"),
    (b"[1]", JSON, "not_an_object"),
    (b'"' + b"a" * 2**20 + b'"', JSON, "too_large"),
    (b'{"name": "\\u0000"}', JSON, "bad_character"),
    (b"{}", JSON, "unknown_type"),
    (b"\x80\x04K\x01.", "application/x-python-serialize", "wrong_content_type"),
    (b"<a/>", "text/xml", "wrong_content_type"),
    (b"", None, "wrong_content_type"),
]


def test_n4_what_cannot_be_read_is_dead_lettered_with_its_reason(ours, send, budget, broker):
    program = ours()
    program.await_line("service_started")

    for body, content_type, _ in UNREADABLE:
        send.raw(body, content_type=content_type)

    kept = "SELECT digest || ' ' || reason FROM dead_letters"
    eventually(lambda: len(budget(kept)) == len(UNREADABLE))
    assert sorted(budget(kept)) == sorted(
        f"{hashlib.sha256(body).hexdigest()} {reason}" for body, _, reason in UNREADABLE
    )
    assert "Elsie" not in program.output()
    eventually(lambda: broker.waiting("budget.dead") == 0)


def test_n4_what_kombu_would_unpack_first_is_dead_lettered_as_it_came(ours, send, budget, broker):
    ours().await_line("service_started")

    for compression in ("gzip", "nope", 5):
        headers = {"compression": compression}
        send.raw(b"plain", content_type=JSON, application_headers=headers)

    digest = hashlib.sha256(b"plain").hexdigest()
    eventually(lambda: budget("SELECT digest FROM dead_letters") == 3 * [digest])
    eventually(lambda: broker.waiting("budget.dead") == 0)


def test_n4_plain_nameko_loses_what_it_cannot_read_and_writes_it_to_the_log(
    plain, tell_plain, broker
):
    program = plain()
    program.await_line("service_started")

    tell_plain(b'{"name": "Elsie", ')

    eventually(lambda: "Elsie" in program.output())
    program.kill()
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 0)


def test_an_unknown_version_is_dead_lettered_as_such(ours, send, budget):
    ours().await_line("service_started")
    envelope = {
        "type": "uk.commonpurse.payments.purchase_requested.v99",
        "id": str(uuid4()),
        "data": {},
    }

    send.raw(json.dumps(envelope).encode(), content_type="application/json")

    kept = eventually(lambda: budget("SELECT reason FROM dead_letters"))
    assert kept == ["unsupported_version"]


def test_n5_an_event_of_work_that_failed_is_never_told(ours, send, budget):
    ours().await_line("service_started")

    send(a_request(amounts.RAISES))

    eventually(lambda: budget("SELECT message_id FROM inbox WHERE state = 'retry'"))
    assert budget("SELECT event_type FROM outbox") == []


def test_n5_plain_nameko_tells_of_work_that_failed(plain, tell_plain, broker):
    program = plain()
    program.await_line("service_started")
    connection = connect(broker.url("plain"), name="tests")
    channel = connection.channel()
    told = channel.queue_declare("", exclusive=True).queue
    channel.queue_bind(told, "plain.events", "#")

    tell_plain(b'"raises"')

    eventually(lambda: channel.basic_get(told, no_ack=True))
    assert "error handling worker" in eventually(program.output)
    connection.close()


def test_a_service_killed_in_its_work_does_it_once_after_its_restart(ours, send, budget):
    first = ours()
    first.await_line("service_started")
    event = a_request(amounts.SLOW)
    send(event)
    first.await_line("slow_work_begun")
    first.kill()

    ours().await_line("service_started")

    eventually(lambda: budget("SELECT message_id FROM effects") == [event.event_id])
    assert budget("SELECT state FROM inbox") == ["processed"]


def test_a_service_that_is_stopped_finishes_what_it_has_begun(ours, send, budget, broker):
    first = ours()
    first.await_line("service_started")
    event = a_request(amounts.SLOW)
    send(event)
    first.await_line("slow_work_begun")

    first.terminate()

    assert first.status(within_seconds=20) == 0
    assert budget("SELECT message_id FROM effects") == [event.event_id]
    eventually(lambda: broker.waiting("budget.inbox") == 0)


def test_the_administrator_is_not_who_services_are(servers):
    url = servers.process_environment("budget")["COMMONPURSE_BROKER_URL"]
    connection = connect(url, name="tests")

    with pytest.raises(amqp.AccessRefused):
        connection.channel().queue_declare("budget.mine")
