"""A partner may publish what it agreed to and read its own queue, and nothing else at all."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import amqp
import pytest
import requests
import yaml

from operations.topology import Broker
from services.partners.hosts import QUEUES
from services.partners.register import read_file
from shared.messaging.publisher import connect
from tests.waiting import eventually

TRUST, COUNCIL = "aldermoor-trust", "aldermoor-council"
ADMISSION = "admission.notify.v1"


@pytest.fixture
def url(servers, register, tmp_path):
    """Return the address of a partner's virtual host, or of another's with its password."""

    def of(code, host=None):
        agreement = register.agreements.get(code) or read_file(tmp_path / f"{code}.yml")
        own = servers.partner_environment(agreement)["PARTNER_BROKER_URL"]
        return own if host is None else urlunsplit(urlsplit(own)._replace(path=f"/{host}"))

    return of


@pytest.fixture
def bridge_url(servers):
    """Return the address of a partner's virtual host for our own bridge."""
    own = servers.process_environment("partners")["PARTNERS_BRIDGE_URL"]
    return lambda host: urlunsplit(urlsplit(own)._replace(path=f"/{host}"))


@pytest.fixture
def channel(url):
    """Open a channel as a partner; what it closes is closed with it."""
    opened = []

    def of(code):
        connection = connect(url(code), name="a partner")
        opened.append(connection)
        own = connection.channel()
        own.confirm_select()
        return own

    yield of
    for connection in opened:
        if connection.connected:
            connection.close()


def publish(own, key, exchange="in"):
    own.basic_publish_confirm(amqp.Message("{}"), exchange, key)


def test_a_partner_publishes_what_it_agreed_to(channel, management):
    publish(channel(TRUST), ADMISSION)

    queue = management.ask("GET", f"queues/partner-{TRUST}/in")
    assert queue["name"] == "in"


def test_no_more_waits_for_us_than_was_agreed(channel, management):
    """What is beyond, the broker refuses, and the partner sends it again later."""
    (policy,) = (
        one for one in management.ask("GET", f"policies/partner-{TRUST}") if one["name"] == "in"
    )

    assert policy["definition"]["max-length"] == 10_000
    assert policy["definition"]["overflow"] == "reject-publish"


@pytest.mark.parametrize("key", ["move.notify.v1", "admission.notify.v2", "#", "", "payments.x.v1"])
def test_no_other_type_is_taken_from_it(channel, key):
    with pytest.raises(amqp.AccessRefused):
        publish(channel(TRUST), key)


@pytest.mark.parametrize("exchange", ["amq.topic", "", "amq.direct"])
def test_it_publishes_nowhere_else(channel, exchange):
    with pytest.raises(amqp.AccessRefused):
        publish(channel(TRUST), "out", exchange)


@pytest.mark.parametrize("queue", ["in", "in.dead", "out.dead"])
def test_it_reads_no_queue_but_its_own(channel, queue):
    with pytest.raises(amqp.AccessRefused):
        channel(TRUST).basic_get(queue)


def test_it_reads_its_own_queue(channel):
    assert channel(TRUST).basic_get("out") is None


@pytest.mark.parametrize(
    "declare",
    [
        lambda own: own.queue_declare("mine"),
        lambda own: own.exchange_declare("mine", "topic"),
        lambda own: own.queue_bind("out", "in", "#"),
        lambda own: own.queue_delete("out"),
        lambda own: own.queue_purge("in"),
    ],
)
def test_it_declares_binds_and_removes_nothing(channel, declare):
    with pytest.raises(amqp.AccessRefused):
        declare(channel(TRUST))


@pytest.mark.parametrize("host", [f"partner-{COUNCIL}", "commonpurse", "/"])
def test_it_enters_no_other_virtual_host(url, host):
    with pytest.raises((amqp.AMQPError, OSError)):
        connect(url(TRUST, host), name="a partner")


def test_a_wrong_password_lets_nobody_in(url):
    parts = urlsplit(url(TRUST))
    wrong = urlunsplit(parts._replace(netloc=f"{parts.username}:x@{parts.hostname}:{parts.port}"))

    with pytest.raises((amqp.AMQPError, OSError)):
        connect(wrong, name="a partner")


def is_refused(url, opened):
    try:
        opened.append(connect(url, name="a partner"))
    except (amqp.AMQPError, OSError):
        return True
    return False


def test_it_opens_no_more_connections_than_it_agreed_to(url):
    opened = []
    try:
        while len(opened) < 20 and not is_refused(url(TRUST), opened):
            pass
        assert 4 <= len(opened) <= 8
    finally:
        for connection in opened:
            connection.close()


@pytest.fixture
def management(servers):
    environment = servers.topology_environment()
    return Broker(environment["COMMONPURSE_BROKER_MANAGEMENT_URL"])


@pytest.fixture
def tool(servers, tmp_path):
    """Run the tool with files of one's own beside those that are there."""
    environment = servers.partner_hosts_environment()
    for file in Path(environment["PARTNERS_DIRECTORY"]).glob("*.yml"):
        (tmp_path / file.name).write_text(file.read_text())

    def run(act):
        done = subprocess.run(
            [sys.executable, "-m", "operations.partner_hosts", act],
            env={
                **os.environ,
                **environment,
                "PARTNERS_DIRECTORY": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture
def thornby(tmp_path):
    """Let a new council join by a file and nothing else."""
    document = yaml.safe_load((tmp_path / f"{COUNCIL}.yml").read_text())
    document |= {
        "code": "thornby-council",
        "name": "Thornby Council",
        "is_local": False,
        "organisation": "other-council",
        "identifier": "E09999998",
        "funder_id": "6f2c4df1-0b59-4a4a-9a3e-2f0f0d7b7a11",
    }
    file = tmp_path / "thornby-council.yml"
    file.write_text(yaml.safe_dump(document))
    return file


def test_a_new_partner_joins_by_a_file_and_leaves_when_nothing_waits(
    tool, thornby, management, url, bridge_url
):
    host = "partner-thornby-council"
    assert tool("check")[0] == 1
    assert tool("apply")[0] == 0
    assert {one["name"] for one in management.ask("GET", f"queues/{host}")} == set(QUEUES)

    theirs = url("thornby-council")
    with closing(connect(theirs, name="a partner")) as connection:
        publish(connection.channel(), "death.notify.v1")
    thornby.unlink()
    code, said = tool("apply")
    assert (code, host in said) == (0, True)
    assert tool("check")[0] == 1

    with (
        closing(connect(theirs, name="who left")) as connection,
        pytest.raises(amqp.AccessRefused),
    ):
        publish(connection.channel(), "death.notify.v1")

    with closing(connect(bridge_url(host), name="the bridge")) as connection:
        channel = connection.channel()
        channel.basic_ack(channel.basic_get("in").delivery_tag)
    # The figure that says so is seconds old.
    eventually(lambda: host not in tool("apply")[1])
    with pytest.raises(requests.HTTPError):
        management.ask("GET", f"vhosts/{host}")


def test_what_somebody_changed_by_hand_is_named_and_mended(tool, management):
    host = f"partner-{TRUST}"
    management.ask(
        "PUT",
        f"permissions/{host}/{host}",
        {"configure": ".*", "write": ".*", "read": ".*"},
    )

    code, said = tool("check")
    assert code == 1
    assert f"{host}: ~ permission {host}" in said

    code, said = tool("apply")
    assert code == 0, said
