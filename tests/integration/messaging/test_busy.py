"""A service that is busy says so: whoever asked may ask again, and nothing is half done."""

import json
from uuid import uuid4

import pytest

from clients.edge import CallBusyError, Edge
from services.gateway.calling import Callers
from services.gateway.problems import ProblemError
from shared.contracts.actor import system
from tests.probe import amounts
from tests.probe.fixtures import Program

BUSY = {
    "a lock that was not to be had": amounts.LOCKED,
    "a statement that took too long": amounts.TOO_SLOW,
    "a conflict that comes again and again": amounts.CONFLICTS_ON,
    "no connection to be had": amounts.NO_CONNECTION,
}
EVERY_WAY = pytest.mark.parametrize("amount_pence", BUSY.values(), ids=BUSY.keys())


@pytest.fixture(scope="module")
def service(servers, tmp_path_factory):
    """One service of ours for all tests here."""
    log = tmp_path_factory.mktemp("ours") / "log"
    program = Program(log, "tests.probe.ours", environment=servers.process_environment("budget"))
    try:
        program.await_line("service_started")
        yield program
    finally:
        program.kill()


@pytest.fixture
def edge(servers, service, budget):
    with Edge.connect(servers.environment(), name="tests") as edge:
        yield edge


def lines(program, command_id):
    """What the service logged of a command, by the names of the events."""
    every = (json.loads(line) for line in program.output().splitlines() if line.startswith("{"))
    return [line for line in every if line.get("causation_id") == str(command_id)]


@EVERY_WAY
def test_who_meets_a_busy_service_is_told_so_and_nothing_stays(
    edge, service, budget, let_go, amount_pence
):
    command_id = uuid4()

    with pytest.raises(CallBusyError):
        edge.command("budget", "spend", {"amount_pence": amount_pence}, command_id=command_id)

    assert budget("SELECT count(*) FROM effects") == [0]
    assert budget("SELECT count(*) FROM answered_commands") == [0]
    told = {line["event"]: line for line in lines(service, command_id)}
    assert (told["call_busy"]["level"], told["call_busy"]["operation"]) == ("warning", "spend")
    assert told["request_handled"]["outcome"] == "busy"
    assert "call_failed" not in told


def test_what_met_a_lock_is_carried_out_when_it_comes_again_with_its_id(edge, budget, let_go):
    command_id, request = uuid4(), {"amount_pence": amounts.LOCKED}
    with pytest.raises(CallBusyError):
        edge.command("budget", "spend", request, command_id=command_id)

    let_go()

    answers = [edge.command("budget", "spend", request, command_id=command_id) for _ in range(2)]
    assert answers[0] == answers[1]
    assert budget("SELECT count(*) FROM effects") == [1]


def test_a_conflict_that_passes_is_told_to_nobody(edge, service, budget):
    command_id, request = uuid4(), {"amount_pence": amounts.CONFLICTS}

    spent = edge.command("budget", "spend", request, command_id=command_id)

    assert spent["spent_pence"] == amounts.CONFLICTS
    assert budget("SELECT count(*) FROM effects") == [1]
    events = [line["event"] for line in lines(service, command_id)]
    assert events == ["spending_begun"] * 3 + ["request_handled"]


@EVERY_WAY
def test_the_gateway_says_when_to_come_again(servers, service, budget, let_go, amount_pence):
    callers = Callers(servers.environment())

    with pytest.raises(ProblemError) as met:
        callers.tell(
            "budget.spend",
            {"amount_pence": amount_pence},
            actor=system("tests"),
            command_id=uuid4(),
        )

    assert (met.value.status, met.value.code) == (503, "busy")
    assert int(met.value.headers["Retry-After"]) > 0
    assert "again" in met.value.next_step


def test_a_question_that_takes_too_long_is_answered_too(edge):
    with pytest.raises(CallBusyError):
        edge.query("budget", "wait", {"seconds": -1})
