"""A question that is asked again and again is planned once for each connection."""

import pytest
from sqlalchemy import Integer, String, bindparam, select, text

from services.payments.prepared import PREPARED, prepare_on
from shared.database import open_engine

KNOWN = text("SELECT statement FROM pg_prepared_statements")
# The same value twice, in places of two types.
QUESTION = select(
    (bindparam("number").cast(Integer) + 1).label("next"),
    bindparam("number").cast(String).label("place"),
)


@pytest.fixture
def engine(servers):
    url = servers.process_environment("payments-web")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=2)
    prepare_on(engine)
    yield engine
    engine.dispose()


def ask(connection, number):
    asked = QUESTION.execution_options(**PREPARED)
    return connection.execute(asked, {"number": number}).one().next


def test_it_is_planned_once_and_answered_each_time(engine):
    with engine.connect() as connection:
        assert [ask(connection, number) for number in (1, 7, 41)] == [2, 8, 42]
        assert len(connection.scalars(KNOWN).all()) == 1


def test_a_transaction_that_was_rolled_back_does_not_forget_it(engine):
    with engine.connect() as connection:
        ask(connection, 1)
        connection.rollback()

        assert ask(connection, 2) == 3


def test_a_new_connection_plans_it_anew(engine):
    with engine.connect() as one, engine.connect() as another:
        assert (ask(one, 1), ask(another, 2)) == (2, 3)


def test_what_does_not_say_so_is_sent_as_it_is(engine):
    with engine.connect() as connection:
        for number in (1, 2):
            connection.execute(QUESTION, {"number": number})

        assert connection.scalars(KNOWN).all() == []
