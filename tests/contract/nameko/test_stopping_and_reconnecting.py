"""N6, N7, N14, N16: work in hand when a service stops, or its broker or database goes away."""

import json
from urllib.parse import urlsplit

import pytest

from clients.edge import Edge
from shared.messaging.consumer import PREFETCH, TICK_SECONDS
from shared.messaging.entrypoints import WORKERS
from tests.contract.nameko.test_messages_that_fail import PLAIN_QUEUE, a_request
from tests.probe import amounts
from tests.probe.proxy import Proxy
from tests.waiting import eventually

WAITING_FOR_A_LOCK = "SELECT count(*) FROM pg_locks WHERE NOT granted"
SECOND_PLAIN_QUEUE = PLAIN_QUEUE.replace(".on_", ".also_on_")


@pytest.fixture
def free(tmp_path):
    """The file whose coming ends the work of a plain service, and the message that names it."""
    path = tmp_path / "free"
    return path, json.dumps(str(path)).encode()


def test_n6_a_service_that_is_stopped_finishes_its_work_and_gives_nothing_back(
    ours, send, budget, broker, let_go
):
    program = ours()
    program.await_line("service_started")
    events = [a_request(amounts.HELD) for _ in range(3)]
    for event in events:
        send(event)
    eventually(lambda: program.output().count("held_work_begun") == len(events))

    program.terminate()
    eventually(lambda: broker.listeners("rpc-budget") == 0)  # nothing more is taken
    with pytest.raises(AssertionError):
        eventually(lambda: broker.waiting("budget.inbox"), within_seconds=5 * TICK_SECONDS)
    let_go()

    assert program.status(within_seconds=20) == 0
    assert broker.waiting("budget.inbox") == 0
    done = budget("SELECT message_id FROM effects")
    assert sorted(done) == sorted(event.event_id for event in events)


def test_n6_plain_nameko_gives_back_what_it_goes_on_to_finish(plain, tell_plain, broker, free):
    path, message = free
    program = plain("Held")
    program.await_line("service_started")
    tell_plain(message)
    program.await_line("work_begun")

    program.terminate()
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 1)
    path.touch()

    assert program.status(within_seconds=10) == 0
    assert "work_done" in program.output()
    assert broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 1


def test_n7_a_message_that_comes_again_while_it_is_worked_on_has_its_effect_once(
    ours, send, budget, line, let_go
):
    program = ours(line=line)
    program.await_line("service_started")
    event = a_request(amounts.HELD)
    send(event)
    program.await_line("held_work_begun")

    line.cut()
    eventually(lambda: budget(WAITING_FOR_A_LOCK) == [2])  # the work, and its twin for the work
    let_go()

    program.await_line("duplicate")
    assert budget("SELECT message_id FROM effects") == [event.event_id]
    assert program.output().count("held_work_begun") == 1


def test_n7_plain_nameko_works_on_one_message_twice_at_once(plain, tell_plain, broker, line, free):
    _, message = free
    program = plain("Held", AMQP_URI=line.through(broker.url("plain")))
    program.await_line("service_started")
    tell_plain(message)
    program.await_line("work_begun")

    line.cut()

    eventually(lambda: program.output().count("work_begun") == 2)
    assert "work_done" not in program.output()


def test_n14_a_service_without_its_database_holds_its_messages_until_it_is_back(
    servers, ours, send, budget, broker
):
    url = servers.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    with Proxy(urlsplit(url).port) as database:
        program = ours(COMMONPURSE_DATABASE_URL=database.through(url))
        program.await_line("service_started")
        event = a_request(amounts.FINE)
        send(event)
        program.await_line("database_away")

        database.open()

        eventually(lambda: budget("SELECT message_id FROM effects") == [event.event_id])
        assert not program.has_ended()
        eventually(lambda: broker.waiting("budget.inbox") == 0)


def test_n14_what_is_held_may_come_again_and_again_and_is_not_counted_against_it(
    servers, ours, send, budget, line
):
    url = servers.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    with Proxy(urlsplit(url).port) as database:
        program = ours(line=line, COMMONPURSE_DATABASE_URL=database.through(url))
        program.await_line("service_started")
        events = [a_request(amounts.FINE) for _ in range(PREFETCH)]
        for event in events:
            send(event)

        # Each time the broker gives all of them again, to workers beside those that hold them.
        for round_ in range(1, 3 + WORKERS // PREFETCH):
            holding = round_ * PREFETCH
            eventually(lambda n=holding: program.output().count("database_away") == n)
            line.cut()
        database.open()

        done = sorted(event.event_id for event in events)
        eventually(lambda: sorted(budget("SELECT message_id FROM effects")) == done)
    assert budget("SELECT count(*) FROM dead_letters") == [0]
    assert not program.has_ended()


def test_n14_plain_nameko_dies_without_its_database_and_gives_everything_back(
    plain, tell_plain, broker
):
    program = plain("NeedsADatabase")
    program.await_line("service_started")

    tell_plain(b'"fine"')

    assert program.status(within_seconds=10) != 0
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 1)


def test_n16_what_is_taken_from_the_queue_is_worked_on_and_the_rest_waits_there(
    ours, send, broker, servers, let_go
):
    program = ours()
    program.await_line("service_started")

    for _ in range(PREFETCH + 2):
        send(a_request(amounts.HELD))

    eventually(lambda: program.output().count("held_work_begun") == PREFETCH)
    assert broker.waiting("budget.inbox") == 2
    with Edge.connect(servers.environment(), name="tests") as edge:
        assert edge.query("budget", "wait", {"seconds": 0})["waited"]
    let_go()
    eventually(lambda: program.output().count("processed") == PREFETCH + 2)


def test_n16_there_are_workers_for_all_that_two_queues_hand_out():
    assert 2 * PREFETCH <= WORKERS


def test_n16_plain_nameko_takes_more_than_it_can_work_on(plain, tell_plain, broker, free):
    path, message = free
    program = plain("HeldTwice", max_workers=1)
    program.await_line("service_started")
    for queue in (PLAIN_QUEUE, SECOND_PLAIN_QUEUE):
        assert broker.listeners(queue, virtual_host="plain") == 1

    tell_plain(message)

    program.await_line("work_begun")
    for queue in (PLAIN_QUEUE, SECOND_PLAIN_QUEUE):
        eventually(lambda queue=queue: broker.waiting(queue, virtual_host="plain") == 0)
    assert program.output().count("work_begun") == 1
    path.touch()
    eventually(lambda: program.output().count("work_done") == 2)
