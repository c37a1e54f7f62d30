"""A stage for each example, on the emptied database of a service, and cleared afterwards."""

from contextlib import contextmanager

import pytest
from sqlalchemy.orm import sessionmaker

from tests.integration.order.stage import Stage


@pytest.fixture
def on_stage(emptied, engines):
    """Open stages for a service. All that happens on one is a single transaction, undone.

    Every transaction of the service is a savepoint in it, which is much quicker than to empty
    the tables before each example.
    """
    is_emptied = set()

    @contextmanager
    def stage_for(service):
        if service not in is_emptied:
            emptied(service.name)
            is_emptied.add(service)
        with engines(service.name).connect() as connection:
            whole_play = connection.begin()
            sessions = sessionmaker(
                connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
            )
            yield Stage(service=service, sessions=sessions, connection=connection)
            whole_play.rollback()

    return stage_for
