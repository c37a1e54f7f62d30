"""Errands: each call to the outside is made once, whatever happens around it."""

import json
import threading
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import text

from operations import errand_runner
from operations.errand_runner import ErrandRunner
from shared.contracts.payments.purchases import PurchaseCancelled
from shared.messaging import errands, outbox
from shared.messaging import tasks as tasks_of
from shared.messaging.errands import (
    OUT_OF_TRIES,
    Kind,
    NotSentError,
    OutcomeUnknownError,
    RefusedOutsideError,
)
from shared.observability import logs, spans
from shared.observability.recording import Recorder
from shared.settings import ServiceSettings
from tests.factories import a_trace
from tests.probe.collector import Collector
from tests.waiting import eventually


class Bank:
    """Somebody outside, who does as told: each answer is a value, or an error to raise."""

    def __init__(self, *answers, knows=()) -> None:
        self.answers = list(answers)
        self.knows = list(knows)
        self.calls: list[UUID] = []
        self.enquiries: list[UUID] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def call(self, errand_id, arguments):
        self.calls.append(errand_id)
        assert self.may_answer.wait(10)
        return self._say(self.answers.pop(0) if self.answers else "paid")

    def enquire(self, errand_id, arguments):
        self.enquiries.append(errand_id)
        return self._say(self.knows.pop(0) if self.knows else None)

    @staticmethod
    def _say(answer):
        if isinstance(answer, Exception):
            raise answer
        return answer


def record(answer, arguments, *, session, trace):
    event = PurchaseCancelled(
        occurred_at=trace.at,
        purchase_id=UUID(arguments["purchase_id"]),
        budget_id=UUID(arguments["purchase_id"]),
    )
    outbox.add(session, event, trace=trace)


def give_up(reason, arguments, *, session, trace):
    record(reason, arguments, session=session, trace=trace)


@pytest.fixture
def payments(emptied):
    return emptied("payments")


@pytest.fixture
def run(servers):
    """Start a runner, which ends with the test; what is returned ends it sooner."""
    settings = ServiceSettings.from_environment(servers.process_environment("payments"))
    finishing = []

    def start(bank):
        kind = Kind(call=bank.call, enquire=bank.enquire, record=record, give_up=give_up)
        runner = ErrandRunner(service="payments", settings=settings, kinds={"pay": kind})
        thread = threading.Thread(target=runner.run)
        thread.start()

        def finish():
            runner.stop()
            thread.join(20)
            assert not thread.is_alive()

        finishing.append(finish)
        return finish

    yield start
    for finish in finishing:
        finish()


@pytest.fixture
def ask(payments):
    """Write an errand with the change that needs it."""

    def write():
        with payments() as session:
            arguments = {"purchase_id": str(uuid4())}
            return errands.add(session, "pay", arguments, trace=a_trace())

    return write


@pytest.fixture
def look(payments):
    def rows(sql):
        with payments() as session:
            return [tuple(row) for row in session.execute(text(sql))]

    return rows


def is_quiet(look):
    return not look("SELECT 1 FROM errands WHERE state NOT IN ('done', 'failed')")


def hurry(payments):
    """Let what waits for its next attempt be due now."""
    with payments() as session:
        session.execute(text("UPDATE errands SET next_attempt_at = now()"))


def test_an_errand_is_run_once_and_its_outcome_is_told_with_its_end(run, ask, look):
    bank = Bank()
    errand_id = ask()

    run(bank)

    eventually(lambda: look("SELECT state, attempts FROM errands") == [("done", 1)])
    assert bank.calls == [errand_id]
    assert look("SELECT causation_id FROM outbox") == [(errand_id,)]


def test_an_errand_of_work_that_was_rolled_back_is_never_run(run, payments, ask, look):
    with payments() as session:
        errands.add(session, "pay", {"purchase_id": str(uuid4())}, trace=a_trace())
        session.rollback()
    bank = Bank()
    asked = ask()

    run(bank)

    eventually(lambda: bank.calls)
    eventually(lambda: is_quiet(look))
    assert bank.calls == [asked]


def test_what_was_certainly_not_sent_is_sent_again(run, ask, look, payments):
    bank = Bank(NotSentError(), "paid")
    errand_id = ask()

    run(bank)

    eventually(lambda: is_quiet(look))
    assert bank.calls == [errand_id, errand_id]
    assert bank.enquiries == []
    assert look("SELECT count(*) FROM outbox") == [(1,)]


@pytest.mark.parametrize("unknown", [OutcomeUnknownError(), TimeoutError(), KeyError("a bug")])
def test_an_outcome_that_is_unknown_is_enquired_about_and_not_repeated(run, ask, look, unknown):
    bank = Bank(unknown, knows=["paid"])
    errand_id = ask()

    run(bank)

    eventually(lambda: is_quiet(look))
    assert (bank.calls, bank.enquiries) == ([errand_id], [errand_id])
    assert look("SELECT count(*) FROM outbox") == [(1,)]


def test_only_what_an_enquiry_does_not_find_is_sent_again(run, ask, look):
    bank = Bank(OutcomeUnknownError(), "paid", knows=[None])
    errand_id = ask()

    run(bank)

    eventually(lambda: is_quiet(look))
    assert (bank.calls, bank.enquiries) == ([errand_id, errand_id], [errand_id])


def test_what_is_known_not_to_be_sent_after_many_enquiries_is_sent_at_once(
    run, payments, ask, look
):
    bank = Bank("paid", knows=[None])
    errand_id = ask()
    with payments() as session:  # as many tries as would be followed by half an hour's pause
        session.execute(text("UPDATE errands SET state = 'unknown', attempts = 6"))

    run(bank)

    eventually(lambda: is_quiet(look))
    assert (bank.calls, bank.enquiries) == ([errand_id], [errand_id])


def test_a_refusal_outside_ends_an_errand_and_is_told(run, ask, look):
    bank = Bank(RefusedOutsideError("account_closed"))
    ask()

    run(bank)

    eventually(lambda: is_quiet(look))
    assert look("SELECT state, last_error FROM errands") == [("failed", "account_closed")]
    assert look("SELECT count(*) FROM outbox") == [(1,)]


def test_an_outcome_that_could_not_be_stored_is_enquired_about_and_then_stored(
    run, ask, look, payments
):
    errand_id = ask()
    with payments() as session:  # no purchase id: what is to be told has no form
        session.execute(text("UPDATE errands SET arguments = '{}'"))
    bank = Bank(knows=["paid"] * 20)

    run(bank)

    eventually(lambda: bank.enquiries)
    with payments() as session:
        arguments = json.dumps({"purchase_id": str(uuid4())})
        session.execute(text("UPDATE errands SET arguments = :new"), {"new": arguments})
    eventually(lambda: is_quiet(look))
    assert bank.calls == [errand_id]
    assert look("SELECT count(*) FROM outbox") == [(1,)]


def test_each_attempt_is_kept_with_what_came_of_it(run, ask, look):
    ask()

    run(Bank(OutcomeUnknownError("Oliver"), "paid", knows=[None]))

    eventually(lambda: is_quiet(look))
    kept = look("SELECT attempt, outcome, ended_at > began_at, reason FROM errand_attempts")
    assert [one[:3] for one in sorted(kept)] == [
        (1, "unknown", True),
        (2, "waiting", True),
        (3, "done", True),
    ]
    assert "Oliver" not in str(kept)


def test_after_its_last_try_an_errand_is_given_up_and_that_is_told(run, ask, look, payments):
    ask()
    with payments() as session:
        session.execute(text("UPDATE errands SET attempts = :n"), {"n": len(errand_runner.DELAYS)})

    run(Bank(NotSentError()))

    eventually(lambda: is_quiet(look))
    assert look("SELECT state, last_error FROM errands") == [("failed", OUT_OF_TRIES)]
    assert look("SELECT count(*) FROM outbox") == [(1,)]


def test_what_was_given_up_is_a_task_of_whoever_is_on_duty_until_they_have_looked(
    run, ask, look, payments
):
    errand_id = ask()
    run(Bank(RefusedOutsideError("account_closed")))
    eventually(lambda: is_quiet(look))

    def tasks(role):
        with payments() as session:
            return tasks_of.open_tasks({"role": role}, session=session)

    (task,) = tasks("on_duty")
    assert (task["about"], task["words"]) == (f"errand/{errand_id}", "pay: account_closed")
    assert task["due_at"] > task["opened_at"]
    assert tasks(None) == [task]
    assert tasks("finance_officer") == []
    with payments() as session:
        session.execute(text("UPDATE errands SET state = 'discarded'"))
    assert tasks("on_duty") == []


def test_what_was_not_done_waits_longer_each_time_and_never_all_together(run, ask, look, payments):
    for _ in range(5):
        ask()
    with payments() as session:
        session.execute(text("UPDATE errands SET attempts = 5"))

    run(Bank(*[NotSentError()] * 5))

    again = "SELECT count(*) FROM errands WHERE state = 'waiting' AND attempts = 6"
    eventually(lambda: look(again) == [(5,)])
    waits = [
        wait for (wait,) in look("SELECT extract(epoch FROM next_attempt_at - now()) FROM errands")
    ]
    assert all(
        0.7 * errand_runner.DELAYS[5] < wait < 1.3 * errand_runner.DELAYS[5] for wait in waits
    )
    assert max(waits) - min(waits) > 1
    assert sorted(errand_runner.DELAYS) == list(errand_runner.DELAYS)


def test_an_errand_of_a_later_release_waits_for_its_runner(run, ask, look, payments):
    ask()
    with payments() as session:
        session.execute(text("UPDATE errands SET kind = 'pay_by_pigeon'"))
    bank = Bank()
    finish = run(bank)
    eventually(lambda: look("SELECT state FROM errands") == [("unknown",)])
    finish()
    with payments() as session:
        session.execute(text("UPDATE errands SET kind = 'pay', next_attempt_at = now()"))

    run(bank)

    eventually(lambda: is_quiet(look))
    assert len(bank.calls) == 1


def test_an_errand_is_tried_for_hours_before_it_is_given_up():
    assert 8 * 3600 < sum(errand_runner.DELAYS) < 12 * 3600


def test_two_runners_at_once_make_each_call_once(run, ask, look):
    asked = [ask() for _ in range(40)]
    bank = Bank()

    run(bank)
    run(bank)

    eventually(lambda: is_quiet(look))
    assert sorted(bank.calls) == sorted(asked)


def test_a_call_whose_runner_died_is_enquired_about_when_its_lease_ends(run, ask, look, payments):
    errand_id = ask()
    with payments() as session:  # as a runner leaves it that dies while it calls
        session.execute(text("UPDATE errands SET state = 'calling', attempts = 1"))
    bank = Bank(knows=["paid"])
    hurry(payments)

    run(bank)

    eventually(lambda: is_quiet(look))
    assert (bank.calls, bank.enquiries) == ([], [errand_id])


def test_a_runner_that_was_overtaken_records_nothing(run, ask, look, payments):
    bank = Bank()
    bank.may_answer.clear()
    ask()
    finish = run(bank)
    eventually(lambda: bank.calls)
    with payments() as session:  # its lease ended, and another one took the errand
        session.execute(text("UPDATE errands SET attempts = attempts + 1, state = 'done'"))

    bank.may_answer.set()
    finish()

    assert look("SELECT state FROM errands") == [("done",)]
    assert look("SELECT count(*) FROM outbox") == [(0,)]


class Sees(Bank):
    """Notes what a log line would say while it is called."""

    def call(self, errand_id, arguments):
        self.seen = structlog.contextvars.get_contextvars()
        return super().call(errand_id, arguments)


CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_an_errand_goes_on_with_the_story_that_it_was_written_in(payments, run, look):
    trace, bank = replace(a_trace(), traceparent=CALLER), Sees()
    with payments() as session:
        errands.add(session, "pay", {"purchase_id": str(uuid4())}, trace=trace)

    run(bank)

    eventually(lambda: is_quiet(look))
    assert bank.seen == logs.story(trace)
    assert look("SELECT correlation_id FROM outbox") == [(trace.correlation_id,)]


def test_a_call_to_the_outside_is_a_span_of_its_story(payments, run, look, monkeypatch):
    trace, bank = replace(a_trace(), traceparent=CALLER), Bank(NotSentError("Oliver"), "paid")
    with Collector().listening() as collector:
        for name, value in collector.environment.items():
            monkeypatch.setenv(name, value)
        recorder = Recorder("payments-errands")
        monkeypatch.setattr(spans, "_recorder", recorder)
        with payments() as session:
            errand_id = errands.add(session, "pay", {"purchase_id": str(uuid4())}, trace=trace)

        run(bank)

        eventually(lambda: is_quiet(look))
        recorder._send_the_last()
        calls = [one for one in collector.spans if one.name == "run pay"]
        told = collector.span("publish payments.purchase_cancelled.v1")
    assert [one.failed_with for one in calls] == ["NotSentError", ""]
    assert {one.kind for one in calls} == {"CLIENT"}
    assert {one.attributes["messaging.message.id"] for one in calls} == {str(errand_id)}
    assert {one.parent_id for one in (*calls, told)} == {CALLER.split("-")[2]}
    assert {one.trace_id for one in (*calls, told)} == {CALLER.split("-")[1]}
    assert b"Oliver" not in collector.heard
