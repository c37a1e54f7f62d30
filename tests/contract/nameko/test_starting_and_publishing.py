"""N8, N13, N17, N22, N24, N25: what must be there before a service starts, and who publishes."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import amqp
import kombu.pools
import nameko
import pytest

from clients.edge import Edge
from shared.contracts import manifest
from shared.messaging.publisher import Outgoing, Publisher, connect
from tests.contract.nameko.test_messages_that_fail import PLAIN_QUEUE, a_request
from tests.probe import amounts
from tests.waiting import eventually

ROOT = Path(__file__).parents[3]


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_n8_an_event_waits_for_a_listener_that_has_never_run(ours, send, budget):
    event = a_request(amounts.FINE)
    send(event)

    ours().await_line("service_started")

    eventually(lambda: budget("SELECT message_id FROM effects") == [event.event_id])


def test_n8_an_event_that_no_queue_takes_comes_back(broker):
    publisher = Publisher(connect(broker.url(), name="tests"))
    lost = Outgoing(
        message_id="one", exchange="budget.events", routing_key="budget.nobody.v1", body=b"{}"
    )
    kept = Outgoing(
        message_id="two", exchange="budget.events", routing_key="budget.hold_placed.v1", body=b"{}"
    )

    assert publisher.publish([lost, kept]) == {"one": "NO_ROUTE"}
    publisher.close()


def test_n8_plain_nameko_loses_an_event_that_comes_before_its_first_start(plain, broker):
    connection = connect(broker.url("plain"), name="tests")
    channel = connection.channel()
    channel.exchange_declare("budget.events", "topic", durable=True, auto_delete=False)
    channel.confirm_select()

    channel.basic_publish_confirm(amqp.Message(b"{}"), "budget.events", "hold_placed")  # confirmed!

    plain().await_line("service_started")
    assert broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 0
    connection.close()


TWO_WAITS = """
import time, eventlet, psycopg2
def wait(_):
    with psycopg2.connect({dsn!r}) as connection:
        connection.cursor().execute("SELECT pg_sleep(0.5)")
began = time.monotonic()
list(eventlet.GreenPool().imap(wait, range(2)))
print("together" if time.monotonic() - began < 0.95 else "one after another")
"""


def test_n13_two_workers_wait_for_the_database_at_once(servers):
    url = servers.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    waits = TWO_WAITS.format(dsn=url.replace("+psycopg2", ""))

    patched = run_python(f"import operations.runner as runner; runner.check_driver()\n{waits}")

    assert patched.stdout.strip() == "together", patched.stderr


def test_n13_unpatched_they_would_wait_one_after_another_and_that_is_refused(servers):
    url = servers.process_environment("budget")["COMMONPURSE_DATABASE_URL"]
    waits = TWO_WAITS.format(dsn=url.replace("+psycopg2", ""))
    unpatched = "import operations.runner as runner, psycopg2.extensions as driver\n"
    unpatched += "driver.set_wait_callback(None)\n"

    assert run_python(unpatched + waits).stdout.strip() == "one after another"
    assert "BlockingDriverError" in run_python(f"{unpatched}runner.check_driver()").stderr


SILENT = """
import socket, time, psycopg2, eventlet
silent = socket.create_server(("127.0.0.1", 0))
began = time.monotonic()
try:
    with eventlet.Timeout(8, TimeoutError):
        port = silent.getsockname()[1]
        psycopg2.connect(f"postgresql://budget@127.0.0.1:{port}/budget?connect_timeout=3")
except psycopg2.OperationalError:
    print("gave up" if time.monotonic() - began < 6 else "late")
except TimeoutError:
    print("waits")
"""


@pytest.mark.prove
def test_n13_a_database_that_says_nothing_is_given_up(servers):
    patched = "import operations.runner as runner, psycopg2.extensions as driver\n"
    ours = "driver.set_wait_callback(runner.wait_for_database)\n"

    assert run_python(patched + ours + SILENT).stdout.strip() == "gave up"
    assert run_python(patched + SILENT).stdout.strip() == "waits"  # eventlet's own


@pytest.mark.parametrize("queue", ["budget.inbox", "budget.dead", "rpc-budget"])
def test_n17_a_service_looks_for_each_of_its_queues(broker, queue):
    url = broker.add_virtual_host("bare")
    connection = connect(url, name="tests")
    channel = connection.channel()
    try:
        for name in {"budget.inbox", "budget.dead", "rpc-budget"} - {queue}:
            channel.queue_declare(name, durable=True, auto_delete=False)
        for name in ("budget.events", "nameko-rpc", manifest.stamp("budget")):
            channel.exchange_declare(name, "topic", durable=True, auto_delete=False)

        missing = f"from operations.runner import *\ncheck_topology('budget', broker_url={url!r})"

        assert f"no queue '{queue}'" in run_python(missing).stderr
    finally:
        connection.close()
        broker.remove_virtual_host("bare")


def test_n17_a_service_whose_queue_is_missing_says_so_and_ends(broker, ours):
    url = broker.add_virtual_host("bare")
    try:
        program = ours(COMMONPURSE_BROKER_URL=url)

        assert program.status(within_seconds=20) != 0
        assert "TopologyDiffersError" in program.output()
    finally:
        broker.remove_virtual_host("bare")


def test_n17_plain_nameko_waits_without_end_for_a_queue_it_cannot_have(plain, broker):
    connection = connect(broker.url("plain"), name="tests")
    connection.channel().queue_declare(
        PLAIN_QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
    )
    connection.close()

    program = plain()

    with pytest.raises(subprocess.TimeoutExpired):
        program.status(within_seconds=3)
    assert "service_started" not in program.output()


def test_n22_more_callers_than_a_pool_of_connections_are_all_answered(servers, ours):
    ours().await_line("service_started")
    environment = servers.environment()

    def call(_number: int) -> bool:
        with Edge.connect(environment, name="tests") as edge:
            return edge.query("budget", "wait", {"seconds": 0.3})["waited"]

    with ThreadPoolExecutor(24) as callers:
        assert all(callers.map(call, range(24)))


def test_n22_kombu_gives_ten_connections_and_then_waits_without_end():
    assert kombu.pools.get_limit() == 10


def test_n24_our_runner_has_no_remote_shell():
    seen = run_python(
        "import sys, operations.runner\n"
        "shells = ('nameko.cli', 'eventlet.backdoor')\n"
        "print([name for name in sys.modules if name.startswith(shells)])"
    )

    assert seen.stdout.strip() == "[]"


def test_n24_nameko_s_own_runner_has_one():
    assert "backdoor_port" in source_of("nameko/cli/run.py")


def test_n25_our_runner_does_without_what_nameko_s_command_line_needs():
    seen = run_python(
        "import sys; sys.modules['pkg_resources'] = None\n"
        "import operations.runner; print('imported')"
    )
    assert seen.stdout.strip() == "imported"


def test_n25_nameko_s_own_command_line_ends_with_setuptools_81():
    assert "pkg_resources" in source_of("nameko/cli/main.py")


def source_of(path: str) -> str:
    return Path(nameko.__file__).parents[1].joinpath(path).read_text()
