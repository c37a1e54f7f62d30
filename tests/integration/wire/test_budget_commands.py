"""Every operation of the budget service answers over the broker, each by its own form."""

from functools import partial

import pytest

from clients.edge import Edge, RefusedError
from tests.integration.wire.operations import OPERATIONS
from tests.waiting import PATIENCE_SECONDS


def test_every_operation_answers_by_its_own_form(servers, start, transaction, clean_broker):
    service = start(
        "operations.runner", "budget", environment=servers.process_environment("budget")
    )
    with Edge.connect(servers.environment()["COMMONPURSE_BROKER_URL"], name="tests") as edge:
        answered = {one.name: missed_by(edge, one) for one in OPERATIONS}

    assert answered == {one.name: one.required for one in OPERATIONS}
    assert not service.has_ended(), service.output()


def missed_by(edge, offered):
    """Ask for something without saying what, and return which fields are missed."""
    ask = partial(edge.command if offered.is_command else edge.query, "budget", offered.name, {})
    if not offered.required:
        ask(timeout_seconds=PATIENCE_SECONDS)
        return set()
    with pytest.raises(RefusedError, match=r"^invalid_request:") as refused:
        ask(timeout_seconds=PATIENCE_SECONDS)
    return set(refused.value.details)
