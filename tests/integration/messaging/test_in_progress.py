"""A command that comes again while it is carried out: it is told so, and nobody waits for it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from marshmallow import Schema, fields
from sqlalchemy import text

from services.budget.access import ACCESS
from shared.errors import NotFoundError
from shared.messaging.answering import Call, answer_command
from tests.factories import a_system, a_trace
from tests.waiting import PATIENCE_SECONDS


class Slow:
    """A command that takes as long as the test lets it, and may be refused in the end."""

    def __init__(self, transaction, *, refusal=None):
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.times = 0
        self._transaction, self._refusal, self._id = transaction, refusal, uuid4()

    def ask(self, number=1):
        return answer_command(
            Call(
                operation="match_lines",  # one that is about nobody
                request={"number": number},
                actor=a_system("tests"),
                command_id=self._id,
            ),
            schema=Schema.from_dict({"number": fields.Integer()})(),
            handler=self._carry_out,
            transaction=self._transaction,
            access=ACCESS,
            trace=a_trace(),
        )

    def _carry_out(self, command, *, session, trace):
        self.times += 1
        self.begun.set()
        assert self.may_end.wait(PATIENCE_SECONDS)
        if self._refusal:
            raise self._refusal
        return {"done": command["number"]}


@pytest.fixture
def transaction(emptied):
    return emptied("budget")


def code(answer):
    return answer["refusal"]["code"]


def test_whoever_repeats_too_early_is_told_so_and_gets_the_answer_later(transaction):
    slow = Slow(transaction)
    with ThreadPoolExecutor(1) as first:
        answer = first.submit(slow.ask)
        assert slow.begun.wait(PATIENCE_SECONDS)
        too_early, another = slow.ask(), slow.ask(2)
        slow.may_end.set()

    assert code(too_early) == code(another) == "in_progress"
    assert answer.result() == slow.ask() == {"result": {"done": 1}}
    assert code(slow.ask(2)) == "id_reused"
    assert slow.times == 1
    with transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM answered_commands")) == 1


def test_a_refusal_is_waited_for_in_the_same_way(transaction):
    slow = Slow(transaction, refusal=NotFoundError("There is none."))
    with ThreadPoolExecutor(1) as first:
        answer = first.submit(slow.ask)
        assert slow.begun.wait(PATIENCE_SECONDS)
        too_early = slow.ask()
        slow.may_end.set()

    assert code(too_early) == "in_progress"
    assert code(answer.result()) == code(slow.ask()) == "not_found"
    assert slow.times == 1


def test_when_the_first_broke_down_it_is_carried_out_by_the_next(transaction):
    slow = Slow(transaction, refusal=RuntimeError())
    slow.may_end.set()
    with pytest.raises(RuntimeError):
        slow.ask()

    slow._refusal = None

    assert slow.ask() == {"result": {"done": 1}}
