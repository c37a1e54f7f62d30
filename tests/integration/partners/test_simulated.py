"""The simulated partners' ways: a virtual host on plain pika, and MESH by its official client."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import amqp
import pytest
import requests
from mesh_client import MeshClient

from deploy.local import ports
from deploy.local.paths import CHECKOUT
from deploy.local.processes import BY_NAME
from shared.clock import now
from shared.messaging.publisher import connect
from simulators.partner.by_amqp import ByAmqp
from simulators.partner.by_mesh import ByMesh, Mailbox
from simulators.partner.system import NotSentError, PartnerSystem
from tests.waiting import eventually

OURS, TRUSTS = "X26ABC1", "X26ABC2"
PASSWORD, SHARED_KEY = "password", "TestKey"
WORKFLOW = "COMMONPURSE_MESSAGE"
ADMISSION = "admission.notify.v1"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """The NHS's sandbox, started as the suite starts it."""
    process = BY_NAME["mesh"]
    port = ports.choose(["mesh"], former={}, taken=())["mesh"]
    environment = {
        **os.environ,
        "AUTH_MODE": "full",
        "SHARED_KEY": SHARED_KEY,
        "STORE_MODE": "memory",
        "COMMONPURSE_HEALTH_PORT": str(port),
    }
    python = CHECKOUT / process.venv / "bin" / "python"
    with (tmp_path_factory.mktemp("mesh") / "log").open("w") as log:
        running = subprocess.Popen(
            [python, *process.command()], cwd=CHECKOUT, env=environment, stdout=log, stderr=log
        )
        url = f"http://127.0.0.1:{port}"
        try:
            eventually(lambda: is_live(url))
            yield url
        finally:
            running.terminate()
            running.wait(timeout=10)


def is_live(url):
    try:
        return requests.get(f"{url}/health/live", timeout=1).json() == {"status": "live"}
    except requests.ConnectionError:
        return False


def a_reply(message_id):
    return {
        "id": str(uuid4()),
        "type": "uk.commonpurse.reply.accepted.v1",
        "causationid": message_id,
        "data": {"ids": {}},
    }


@pytest.fixture
def system():
    """Start a system on what carries its messages."""
    started = []

    def start(post):
        one = PartnerSystem(post=post, source="/org/a-trust/records", clock=now)
        one.start()
        started.append(one)
        return one

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def asked():
    """Let a system ask, while the test stands where partners' bridge does."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield lambda one: threads.submit(one.ask, ADMISSION, {"a": 1}, message_id="m-1")


def a_mailbox(url, *, password=PASSWORD):
    return Mailbox(
        url=url, name=TRUSTS, password=password, shared_key=SHARED_KEY, to=OURS, workflow=WORKFLOW
    )


@pytest.fixture
def box(sandbox):
    """Open a mailbox as its owner."""
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(
            MeshClient(sandbox, name, PASSWORD, shared_key=SHARED_KEY.encode(), timeout=5)
        )


def test_by_mesh_a_message_reaches_our_mailbox_and_our_reply_the_partner(
    sandbox, box, system, asked
):
    ours, theirs = box(OURS), box(TRUSTS)
    answer = asked(system(ByMesh(a_mailbox(sandbox))))
    came = eventually(lambda: ours.list_messages() or answer.done())
    assert came is not True, answer.result()  # or why nothing was sent
    (mesh_id,) = came
    with ours.retrieve_message(mesh_id) as letter:
        assert letter.mex_header("workflowid") == WORKFLOW
        assert letter.mex_header("subject") == ADMISSION
        message = json.loads(letter.read())

    ours.send_message(TRUSTS, json.dumps(a_reply(message["id"])).encode(), workflow_id="ANSWER")

    assert answer.result(timeout=10)["causationid"] == message["id"] == "m-1"
    eventually(lambda: theirs.list_messages() == [])  # acknowledged once it was kept


def test_what_mesh_does_not_take_was_perhaps_not_sent(sandbox):
    by_mesh = ByMesh(a_mailbox(sandbox, password="another"))

    with pytest.raises(NotSentError):
        by_mesh.send(b"{}", routing_key=ADMISSION, message_id="m-2")


def test_by_amqp_a_message_reaches_the_queue_in_and_a_reply_comes_out(
    servers, trust, system, asked
):
    host = trust.virtual_host
    bridge_url = servers.process_environment("partners")["PARTNERS_BRIDGE_URL"]
    with connect(urlunsplit(urlsplit(bridge_url)._replace(path=f"/{host}")), name="us") as bridge:
        own = bridge.channel()
        own.queue_purge("in")
        url = servers.partner_environment(trust)["PARTNER_BROKER_URL"]
        answer = asked(system(ByAmqp(broker_url=url)))

        came = eventually(lambda: own.basic_get("in", no_ack=True))
        assert came.delivery_info["routing_key"] == ADMISSION
        assert came.properties["content_type"] == "application/cloudevents+json"
        message = json.loads(came.body)
        own.basic_publish(amqp.Message(json.dumps(a_reply(message["id"]))), "", "out")

        assert answer.result(timeout=10)["causationid"] == message["id"] == "m-1"


def test_a_broker_that_is_away_takes_nothing():
    by_amqp = ByAmqp(broker_url="amqp://nobody:nothing@127.0.0.1:1/nowhere")

    with pytest.raises(NotSentError):
        by_amqp.send(b"{}", routing_key=ADMISSION, message_id="m-3")
