"""The database's process for us is killed between any two statements: all of it happened, or none.

What comes again afterwards has its effect once.
"""

from collections.abc import Callable
from contextlib import contextmanager
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from services.budget.invariants import QUESTIONS
from shared.database import open_engine
from tests.integration.budget.budgets import (
    a_plan,
    a_planned_budget,
    a_purchase,
    agree,
    amounts_of,
    an_active_budget,
    an_agreement,
    ask,
    buy,
    called_by,
    commit,
    everything,
    pay_in,
    spend,
    tell,
)

MOST_STATEMENTS = 60

pytestmark = pytest.mark.prove


class Cut:
    """Kills our own connection after its n-th statement, and never again."""

    def __init__(self, servers) -> None:
        url = servers.administrator_environment()["COMMONPURSE_DATABASE_URL"]
        self._administrator = open_engine(url, pool_size=1)
        own = servers.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
        self._engine = open_engine(own, pool_size=2)
        self.begin = sessionmaker(self._engine, expire_on_commit=False).begin
        self.left = 0
        event.listen(self._engine, "after_cursor_execute", self._executed)

    def _executed(self, connection, *_) -> None:
        self.left -= 1
        if self.left == 0:
            pid = connection.connection.dbapi_connection.get_backend_pid()
            with self._administrator.connect() as administrator:
                administrator.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    def close(self) -> None:
        self._engine.dispose()
        self._administrator.dispose()


@pytest.fixture
def cut(servers):
    one = Cut(servers)
    yield one
    one.close()


@contextmanager
def may_be_cut():
    try:
        yield
    except DBAPIError as error:
        assert error.connection_invalidated, error  # noqa: PT017 - nothing but the cut


def disputed(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    terms = an_agreement(planned.budget_id) | {"is_disputed": True, "signatures": []}
    for call in called_by(agree(transaction, planned, **terms)).values():
        pay_in(transaction, planned, call)
    spend(transaction, buy(transaction, planned, 10_00)[0], 10_00)
    decision = an_agreement(planned.budget_id, nhs_share=7_000)
    agree(transaction, planned, **decision)
    return decision["agreement_id"]


def agreeing(transaction):
    planned = a_planned_budget(transaction, joint=100_00, nhs=1_00)
    agree(transaction, a_planned_budget(transaction, joint=1_00))  # the pool is there
    terms = an_agreement(planned.budget_id)
    command_id = uuid4()
    return lambda begin: ask(begin, "record_agreement", command_id=command_id, **terms)


def committing(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    call = called_by(agree(transaction, planned))["nhs"]
    command_id = uuid4()
    return lambda begin: commit(begin, planned, call, command_id=command_id)


def receiving(transaction):
    planned = a_planned_budget(transaction, council=100_00)
    call = called_by(agree(transaction, planned))["council"]
    command_id = uuid4()
    return lambda begin: pay_in(begin, planned, call, command_id=command_id)


def placing(transaction):
    purchase = a_purchase(an_active_budget(transaction, joint=100_00), 10_00)
    return lambda begin: tell(begin, purchase)


def capturing(transaction):
    purchase, _ = buy(transaction, an_active_budget(transaction, joint=10_00), 10_00)
    amounts = amounts_of(purchase, version=1, posted_pence=12_00)
    return lambda begin: tell(begin, amounts)


def revising(transaction):
    active = an_active_budget(transaction, joint=100_00)
    plan = a_plan(version=2, budget_id=active.budget_id, joint=150_00, nhs=10_00)
    return lambda begin: tell(begin, plan)


def reapportioning(transaction):
    agreement_id = disputed(transaction)
    command_id = uuid4()
    return lambda begin: ask(begin, "reapportion", command_id=command_id, agreement_id=agreement_id)


OPERATIONS: list[Callable] = [
    agreeing,
    committing,
    receiving,
    placing,
    capturing,
    revising,
    reapportioning,
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
def test_nothing_is_half_done_and_nothing_twice(transaction, owners, cut, operation):
    for statement in count(1):
        assert statement < MOST_STATEMENTS
        act = operation(transaction)
        before = everything(transaction)

        cut.left = statement
        with may_be_cut():
            act(cut.begin)
        if cut.left > 0:  # it needs no more statements than it has been cut after
            assert statement > 2
            return

        if everything(transaction) == before:
            act(transaction)
        done = everything(transaction)
        assert done != before
        act(transaction)
        assert everything(transaction) == done
        _see_that_the_books_add_up(owners)


def _see_that_the_books_add_up(owners):
    with owners("budget").connect() as connection:
        for rule, question in QUESTIONS.items():
            if ":chargeable" not in question and "pg_" not in question:
                assert connection.scalars(text(question)).all() == [], rule
