"""A service that is told to stop ends in time, whatever holds it up."""

import signal
from contextlib import suppress

from shared.contracts.payments.purchases import PurchaseRequested
from tests.contract.nameko.test_messages_that_fail import a_request
from tests.probe import amounts
from tests.waiting import eventually

SHORTLY = {"COMMONPURSE_STOP_WITHIN_SECONDS": "2"}
BY_THE_KERNEL = -signal.SIGALRM


def test_work_that_never_ends_is_cut_short_and_given_back(ours, send, budget, broker, let_go):
    program = ours(**SHORTLY)
    program.await_line("service_started")
    event: PurchaseRequested = a_request(amounts.HELD)
    send(event)
    program.await_line("held_work_begun")

    program.terminate()

    assert program.status(within_seconds=20) == BY_THE_KERNEL
    eventually(lambda: broker.waiting("budget.inbox") == 1)
    assert budget("SELECT count(*) FROM effects") == [0]
    let_go()
    ours().await_line("service_started")
    eventually(lambda: budget("SELECT message_id FROM effects") == [event.event_id])


def test_a_service_whose_broker_is_away_ends_all_the_same(ours, line):
    program = ours(line=line, **SHORTLY)
    program.await_line("service_started")
    line.close()
    program.await_line("broker_away")

    program.terminate()

    assert program.status(within_seconds=20) in {0, BY_THE_KERNEL}


def test_whoever_asks_a_second_time_does_not_put_off_the_end(ours, send, let_go):
    program = ours(**SHORTLY)
    program.await_line("service_started")
    send(a_request(amounts.HELD))
    program.await_line("held_work_begun")

    program.terminate()
    with suppress(ProcessLookupError):
        program.terminate()

    assert program.status(within_seconds=20) == BY_THE_KERNEL
