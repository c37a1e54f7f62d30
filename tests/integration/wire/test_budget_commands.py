"""Every operation of the budget service answers, and a command survives the service's sudden end.

The service is killed after the commit and before the reply: nothing is half done, nothing is done
twice, and the caller gets its answer.
"""

from functools import partial

import pytest

from clients.edge import Edge, RefusedError
from services.budget.verify import findings
from tests.integration.budget.operations import COMMANDS, OPERATIONS
from tests.integration.wire.callers import KilledEachTime, Undisturbed
from tests.integration.wire.story import play
from tests.waiting import PATIENCE_SECONDS


def test_every_operation_answers_by_its_own_form(servers, start, transaction, clean_broker):
    service = start(
        "operations.runner", "budget", environment=servers.process_environment("budget")
    )
    with Edge.connect(servers.environment(), name="tests") as edge:
        answered = {one.name: missed_by(edge, one) for one in OPERATIONS.values()}

    assert answered == {one.name: one.required for one in OPERATIONS.values()}
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


@pytest.mark.prove
def test_a_service_that_is_killed_before_it_replies_has_done_it_once_and_says_so_later(
    servers, start, emptied, clean_broker
):
    undisturbed = Undisturbed(emptied("budget"))
    play(undisturbed)
    transaction = emptied("budget")
    killed = KilledEachTime(transaction, servers=servers, start=start)

    play(killed)

    assert set(killed.killed_in) == COMMANDS
    assert killed.counts == undisturbed.counts
    with transaction() as session:
        assert list(findings(session)) == []
