"""N12, N15, N20: errors that are no exceptions, tries that come too soon, and two processes."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from clients.edge import CallFailedError, Edge
from shared.contracts import catalogue
from shared.messaging.inbox import FAILURE_DELAYS
from tests.architecture.house import imports, named, python_files
from tests.contract.nameko.test_messages_that_fail import PLAIN_QUEUE, a_request
from tests.factories import a_trace
from tests.probe import amounts
from tests.waiting import eventually

STORE = text("""
    INSERT INTO inbox (consumer, message_id, state, attempts, failures, body, next_attempt_at)
    VALUES ('on_purchase_requested', :id, 'retry', 1, 1, CAST(:body AS jsonb), now())
""")


def test_n12_a_message_whose_handler_times_out_is_kept_for_a_retry(ours, send, budget, broker):
    ours().await_line("service_started")
    event = a_request(amounts.TIMES_OUT)

    send(event)

    kept = eventually(lambda: budget("SELECT message_id FROM inbox WHERE state = 'retry'"))
    assert kept == [event.event_id]
    assert budget("SELECT last_error FROM inbox")[0].startswith("Timeout")
    eventually(lambda: broker.waiting("budget.inbox") == 0)


def test_n12_a_call_whose_handler_times_out_is_answered_with_a_fault(ours, budget, servers):
    ours().await_line("service_started")

    with Edge.connect(servers.environment(), name="tests") as edge, pytest.raises(CallFailedError):
        edge.command("budget", "spend", {"amount_pence": amounts.TIMES_OUT}, timeout_seconds=2)


def test_n12_plain_nameko_never_settles_a_message_whose_handler_times_out(
    plain, tell_plain, broker
):
    program = plain("TimesOut")
    program.await_line("service_started")

    tell_plain(b"{}")

    program.await_line("eventlet.timeout.Timeout")
    assert broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 0
    assert not program.has_ended()
    program.kill()
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 1)


def test_n15_a_message_that_failed_is_left_alone_for_a_while(ours, send, budget, broker):
    ours().await_line("service_started")

    send(a_request(amounts.RAISES))

    (pause,) = eventually(lambda: budget("SELECT next_attempt_at - received_at FROM inbox"))
    assert pause >= timedelta(seconds=0.8 * FAILURE_DELAYS[0])
    eventually(lambda: broker.waiting("budget.inbox") == 0)


def test_n15_nothing_asks_nameko_to_give_back_what_failed():
    assert [named(path) for path in python_files() if "requeue_on_error" in path.read_text()] == []


def test_n15_plain_nameko_gives_back_what_failed_and_takes_it_again_at_once(plain, tell_plain):
    program = plain("Requeues")
    program.await_line("service_started")

    tell_plain(b"{}")

    eventually(lambda: program.output().count("work_begun") > 50)


def test_n20_two_processes_try_a_stored_message_once(ours, budget, owners):
    events = [a_request(amounts.FINE) for _ in range(40)]
    with owners("budget").begin() as connection:
        for event in events:
            body = json.dumps(catalogue.dump(event, trace=a_trace()))
            connection.execute(STORE, {"id": event.event_id, "body": body})

    for program in [ours(), ours()]:
        program.await_line("service_started")

    eventually(lambda: budget("SELECT DISTINCT state FROM inbox") == ["processed"])
    done = budget("SELECT message_id FROM effects")
    assert sorted(done) == sorted(event.event_id for event in events)


def test_n20_only_every_uses_namekos_timer_and_its_work_does_no_harm_when_done_twice():
    """That two processes do what is due once: tests/integration/messaging/test_timed_work.py."""
    found = [named(path) for path in python_files() if "nameko.timer" in imports(path)]

    assert found == ["shared/messaging/entrypoints.py"]


def test_n20_plain_nameko_fires_its_timer_in_every_process(plain):
    for program in [plain("Ticks"), plain("Ticks")]:
        program.await_line("ticked")
