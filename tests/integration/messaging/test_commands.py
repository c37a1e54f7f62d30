"""Commands and queries from the edge: one effect for each id, and every kind of answer."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import amqp
import pytest

from clients.edge import (
    CallFailedError,
    CallTimedOutError,
    Edge,
    RefusedError,
)
from shared.messaging.publisher import connect
from tests.probe import amounts
from tests.probe.fixtures import Program
from tests.waiting import eventually


@pytest.fixture(scope="module")
def service(servers, tmp_path_factory):
    """One service of ours for all tests here: none of them ends it or needs another setting."""
    own = servers.process_environment("budget")
    own["COMMONPURSE_DATABASE_URL"] += "&application_name=ours"
    program = Program(tmp_path_factory.mktemp("ours") / "log", "tests.probe.ours", environment=own)
    try:
        program.await_line("service_started")
        yield program
    finally:
        program.kill()


@pytest.fixture
def edge(servers, service, budget):
    with Edge.connect(servers.environment(), name="tests") as edge:
        yield edge
    assert not service.has_ended()


def test_a_command_asked_for_twice_is_carried_out_once_and_answered_alike(edge, budget):
    command_id = uuid4()
    request = {"amount_pence": amounts.FINE}

    first = edge.command("budget", "spend", request, command_id=command_id)
    second = edge.command("budget", "spend", request, command_id=command_id)

    assert first == second
    assert first["spent_pence"] == amounts.FINE
    assert budget("SELECT count(*) FROM effects") == [1]


def test_while_one_answer_is_being_finished_others_are_given(servers, edge, tmp_path):
    environment = servers.environment()
    path = tmp_path / "may_end"

    def finish():
        with Edge.connect(environment, name="tests") as own:
            return own.query("budget", "finish", {"path": str(path)})

    with ThreadPoolExecutor(1) as callers:
        slow = callers.submit(finish)
        try:
            quick = [edge.query("budget", "wait", {"seconds": 0}) for _ in range(3)]
            is_slow_done = slow.done()
        finally:
            path.touch()

    assert quick == [{"waited": True}] * 3
    assert not is_slow_done
    assert slow.result() == {"is_there": True}


def test_what_cannot_be_finished_is_refused(edge, tmp_path):
    path = tmp_path / "why_not"
    path.write_text("There is nothing left.")

    with pytest.raises(RefusedError) as refused:
        edge.query("budget", "finish", {"path": str(path)})

    assert refused.value.code == "spent"


def test_the_same_command_from_many_at_once_is_carried_out_once(servers, edge, budget):
    command_id = uuid4()
    environment = servers.environment()

    def spend(_number: int):
        with Edge.connect(environment, name="tests") as own:
            return own.command("budget", "spend", {"amount_pence": 1}, command_id=command_id)

    with ThreadPoolExecutor(12) as callers:
        answers = list(callers.map(spend, range(12)))

    assert all(answer == answers[0] for answer in answers)
    assert budget("SELECT count(*) FROM effects") == [1]


def test_a_command_that_is_only_tried_says_what_it_would_do_and_does_nothing(edge, budget):
    tried = edge.dry_run("budget", "spend", {"amount_pence": amounts.FINE})

    assert tried["would_answer"]["spent_pence"] == amounts.FINE
    assert tried["effects"] == []
    assert budget("SELECT count(*) FROM effects") == [0]
    assert budget("SELECT count(*) FROM outbox") == [0]
    assert budget("SELECT count(*) FROM answered_commands") == [0]

    with pytest.raises(RefusedError) as refused:
        edge.dry_run("budget", "spend", {"amount_pence": amounts.REFUSED})
    assert refused.value.code == "spent"
    assert budget("SELECT count(*) FROM answered_commands") == [0]


def test_a_command_id_that_comes_back_with_another_request_is_refused(edge, budget):
    command_id = uuid4()
    edge.command("budget", "spend", {"amount_pence": amounts.FINE}, command_id=command_id)

    with pytest.raises(RefusedError) as refused:
        edge.command("budget", "spend", {"amount_pence": 1000}, command_id=command_id)

    assert refused.value.code == "id_reused"
    assert budget("SELECT count(*) FROM effects") == [1]


def test_a_refusal_is_remembered_and_leaves_nothing_else(edge, budget):
    command_id = uuid4()
    for _ in range(2):
        with pytest.raises(RefusedError) as refused:
            edge.command(
                "budget", "spend", {"amount_pence": amounts.REFUSED}, command_id=command_id
            )
        assert (refused.value.code, refused.value.details) == ("spent", {"left_pence": 0})
        assert refused.value.next_step

    assert budget("SELECT count(*) FROM effects") == [0]
    assert budget("SELECT answer->'refusal'->>'code' FROM answered_commands") == ["spent"]


def test_what_is_not_known_yet_is_asked_again_with_the_same_id_and_never_remembered(edge, budget):
    with pytest.raises(RefusedError) as refused:
        edge.command(
            "budget", "spend", {"amount_pence": amounts.NOT_KNOWN_YET}, timeout_seconds=0.5
        )

    assert refused.value.code == "not_known_yet"
    assert budget("SELECT count(*) FROM answered_commands") == [0]


def test_a_fault_is_said_to_be_one_and_its_text_stays_inside(edge, budget):
    with pytest.raises(CallFailedError) as failed:
        edge.command("budget", "spend", {"amount_pence": amounts.RAISES})

    assert "person" not in str(failed.value)
    assert budget("SELECT count(*) FROM effects") == [0]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({}, "amount_pence"),
        ({"amount_pence": "12"}, "amount_pence"),
        ({"amount_pence": 1.5}, "amount_pence"),
        ({"amount_pence": 1, "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_request_is_refused_by_field(edge, budget, request_, field):
    with pytest.raises(RefusedError) as refused:
        edge.command("budget", "spend", request_)

    assert refused.value.code == "invalid_request"
    assert field in refused.value.details
    assert budget("SELECT count(*) FROM answered_commands") == [0]


def test_a_command_without_an_id_is_refused(edge):
    with pytest.raises(RefusedError, match="command_id"):
        edge.query("budget", "spend", {"amount_pence": 1})


def test_an_unknown_operation_is_a_malformed_call(edge):
    with pytest.raises(CallFailedError, match="malformed_call"):
        edge.query("budget", "nothing_of_the_kind", {})


def test_a_call_does_not_find_out_that_connections_were_cut(edge, budget):
    edge.query("budget", "wait", {"seconds": 0})
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ours'"
    assert True in budget(ended)

    spent = edge.command("budget", "spend", {"amount_pence": amounts.FINE})

    assert spent["spent_pence"] == amounts.FINE
    assert budget("SELECT count(*) FROM effects") == [1]


def test_a_caller_waits_no_longer_than_it_said(servers, clean_broker):
    with (
        Edge.connect(servers.environment(), name="tests") as edge,
        pytest.raises(CallTimedOutError),
    ):
        edge.query("assessment", "health", {}, timeout_seconds=0.3)

    eventually(lambda: clean_broker.waiting("rpc-assessment") == 0)  # it expired with the caller


def test_calls_that_are_no_calls_are_put_aside_and_the_service_goes_on(servers, edge, broker):
    connection = connect(servers.environment()["COMMONPURSE_BROKER_URL"], name="tests")
    channel = connection.channel()
    bodies = [b"", b"{", b"[1]", b'{"args": 5}', b'{"kwargs": 5}', b'{"kwargs": {"request": 5}}']
    headers = [{}, {"nameko.call_id_stack": 5}, {"nameko.call_id_stack": [1]}]
    properties = [
        {},
        {"reply_to": "nobody"},
        {"reply_to": str(uuid4())},
        {"reply_to": str(uuid4()), "content_type": "application/json"},
        {"reply_to": str(uuid4()), "content_type": "application/x-python-serialize"},
    ]

    for body in bodies:
        for header in headers:
            for some in properties:
                message = amqp.Message(body, application_headers=header, **some)
                channel.basic_publish(message, "nameko-rpc", "budget.health")

    assert edge.query("budget", "health", {}, timeout_seconds=10)["inbox_dead"] == 0
    eventually(lambda: broker.waiting("rpc-budget") == 0)
    connection.close()
