"""The topology tool on a real broker: it shows every drift, mends it, and loses no message."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import amqp
import pytest
import requests

from operations import topology
from shared.contracts import manifest
from shared.messaging.publisher import connect
from tests.probe.fixtures import Broker
from tests.waiting import eventually

URL = "COMMONPURSE_BROKER_MANAGEMENT_URL"
BY_HAND = " (cannot be changed: drain it, delete it by hand, then apply)"
STAYS = " (stays until it is empty and nobody reads it: drain it, then apply)"
AGREED = "The broker is as the manifest says."
HOST = manifest.VIRTUAL_HOST
LASTING = {"durable": True, "auto_delete": False, "arguments": {}}
QUORUM = LASTING | {"arguments": {"x-queue-type": "quorum"}}
CLOSED = {"configure": "^$", "write": "^$", "read": "^$"}
OPEN = {"configure": ".*", "write": ".*", "read": ".*"}
POLICY = {"pattern": "^x$", "apply-to": "queues", "definition": {"max-length": 1}, "priority": 1}


class Ended(NamedTuple):
    """What a run of the tool left."""

    status: int
    lines: list[str]
    errors: str


pytestmark = pytest.mark.prove  # a broker is brought out of order and back, test by test


@pytest.fixture
def tool(servers, capsys) -> Iterator[Callable[..., Ended]]:
    """Run the tool as a person does: only ``apply`` is told the users' passwords.

    The broker is as the manifest has it before the test, and after it.
    """

    def run(act: str, **environment: str) -> Ended:
        known = servers.topology_environment()
        needed = known if act == "apply" else {URL: known[URL]}
        with pytest.MonkeyPatch.context() as patch:
            for name in known.keys() | environment.keys():
                patch.setenv(name, (needed | environment).get(name, ""))
            status = topology.main([act])
        written = capsys.readouterr()
        return Ended(status, written.out.splitlines(), written.err)

    assert run("apply").status == 0
    yield run
    assert run("apply").lines == [AGREED]


@pytest.fixture
def change(broker: Broker) -> Callable[..., None]:
    """Change the broker by hand, as its administrator."""

    def by_hand(method: str, place: str, body: object = None, *, expects: int = 0) -> None:
        url = f"{broker.management_url}/api/{place}"
        answer = requests.request(method, url, json=body, timeout=10)
        assert answer.status_code == expects if expects else answer.ok, answer.text

    return by_hand


@pytest.fixture
def channel(broker: Broker) -> Iterator[amqp.Channel]:
    connection = connect(broker.url(), name="tests")
    yield connection.channel()
    connection.collect()


def put(channel: amqp.Channel, queue: str, body: bytes = b"{}") -> None:
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), "", queue)


def everything() -> list[str]:
    """What ``plan`` says of a broker on which nothing is; its users may be there."""
    return [
        str(one)
        for kind, things in manifest.definitions().items()
        if kind not in {"users", "vhosts"}
        for one in (topology.Difference("+", kind, thing) for thing in things)
    ]


# What it shows and mends


def test_a_fresh_broker_lacks_everything_and_after_apply_nothing(tool, change):
    change("DELETE", f"vhosts/{HOST}")

    *lines, last = tool("plan").lines
    assert sorted(lines) == sorted(everything())
    assert last.startswith(f"Differences: {len(lines)}. To mend them: python -m ")
    assert tool("check").status == 1
    assert tool("apply") == (0, [AGREED], "")
    assert tool("plan") == (0, [AGREED], "")
    assert tool("check") == (0, [AGREED], "")


def policy(name: str, **different: object) -> dict:
    (one,) = (one for one in manifest.definitions()["policies"] if one["name"] == name)
    return one | {"definition": one["definition"] | different}


STAMP = manifest.stamp("budget")
OLDER_STAMP = "budget.topology.0123456789ab"
BINDING = f"bindings/{HOST}/e/payments.events/q/budget.inbox"
HEARD = "payments.purchase_requested.*"
EVENTS = "^budget[.][a-z_]+[.]v[0-9]+$"
MISSING = {
    "+ exchange budget.events": f"exchanges/{HOST}/budget.events",
    f"+ exchange {STAMP}": f"exchanges/{HOST}/{STAMP}",
    "+ queue budget.dead": f"queues/{HOST}/budget.dead",
    f"+ binding payments.events -> queue budget.inbox: {HEARD}": (
        f"{BINDING}/payments.purchase_requested.%252A"
    ),
    "+ policy budget.inbox": f"policies/{HOST}/budget.inbox",
    "+ user monitor": "users/monitor",
    "+ permission monitor": f"permissions/{HOST}/monitor",
    "+ topic permission budget on nameko-rpc": f"topic-permissions/{HOST}/budget/nameko-rpc",
}
DIFFERENT = {
    f"~ policy budget.inbox: max-length-bytes 1 -> {manifest.INBOX_BYTES}": (
        f"policies/{HOST}/budget.inbox",
        policy("budget.inbox", **{"max-length-bytes": 1}),
    ),
    "~ policy budget.dead: expires 9999999 -> None": (
        f"policies/{HOST}/budget.dead",
        policy("budget.dead", expires=9_999_999),
    ),
    "~ user budget: tags ['administrator'] -> []": (
        "users/budget",
        {"password": "another", "tags": "administrator"},
    ),
    "~ permission monitor: configure .* -> ^$, read .* -> ^$, write .* -> ^$": (
        f"permissions/{HOST}/monitor",
        OPEN,
    ),
    f"~ topic permission budget on budget.events: read .* -> ^$, write .* -> {EVENTS}": (
        f"topic-permissions/{HOST}/budget",
        {"exchange": "budget.events", "write": ".*", "read": ".*"},
    ),
}
SURPLUS = {
    "- binding payments.events -> queue budget.inbox: #": (
        "POST",
        BINDING,
        {"routing_key": "#"},
    ),
    f"- binding payments.events -> queue budget.inbox: {HEARD} {{'x': 1}}": (
        "POST",
        BINDING,
        {"routing_key": HEARD, "arguments": {"x": 1}},
    ),
    "- binding budget.events -> exchange payments.events: #": (
        "POST",
        f"bindings/{HOST}/e/budget.events/e/payments.events",
        {"routing_key": "#"},
    ),
    "- policy more/of it": ("PUT", f"policies/{HOST}/more%2Fof%20it", POLICY),
    "- topic permission budget on payments.events": (
        "PUT",
        f"topic-permissions/{HOST}/budget",
        {"exchange": "payments.events", "write": ".*", "read": ".*"},
    ),
    "- exchange former.events": ("PUT", f"exchanges/{HOST}/former.events", {"type": "topic"}),
    f"- exchange {OLDER_STAMP}": (
        "PUT",
        f"exchanges/{HOST}/{OLDER_STAMP}",
        {"type": "topic", "internal": True},
    ),
}
DRIFTS = {
    **{line: ("DELETE", place) for line, place in MISSING.items()},
    **{line: ("PUT", *drift) for line, drift in DIFFERENT.items()},
    **SURPLUS,
}


@pytest.mark.parametrize("line", DRIFTS, ids=lambda line: line.split(":")[0])
def test_a_drift_is_shown_and_mended(tool, change, line):
    change(*DRIFTS[line])

    shown = tool("plan")
    assert shown.status == 0
    assert line in shown.lines
    assert tool("check") == shown._replace(status=1)
    assert tool("apply") == (0, [AGREED], "")
    assert tool("check") == (0, [AGREED], "")


def test_a_user_of_ours_that_is_no_longer_one_loses_its_permission_and_its_login(tool, change):
    change("PUT", "users/former", {"password": "former", "tags": ""})
    change("PUT", f"permissions/{HOST}/former", CLOSED)

    assert tool("plan").lines[:2] == ["- permission former", "- user former"]
    assert tool("apply") == (0, [AGREED], "")
    assert tool("plan") == (0, [AGREED], "")
    change("GET", "users/former", expects=requests.codes.not_found)


def test_a_user_whose_password_was_changed_by_hand_can_log_in_again(tool, change, servers):
    change("PUT", "users/budget", {"password": "another", "tags": ""})

    tool("apply")

    connect(servers.process_environment("budget")["COMMONPURSE_BROKER_URL"], name="tests").close()


def test_a_user_of_another_virtual_host_loses_what_it_may_do_in_ours_and_stays(
    tool, broker, change
):
    broker.add_virtual_host("another")
    change("PUT", "users/another", {"password": "another", "tags": ""})
    for host in ("another", HOST):
        change("PUT", f"permissions/{host}/another", OPEN)
    try:
        assert tool("plan").lines[0] == "- permission another"
        assert tool("apply") == (0, [AGREED], "")

        change("GET", "permissions/another/another")
        change("GET", f"permissions/{HOST}/another", expects=requests.codes.not_found)
    finally:
        broker.remove_virtual_host("another")
        change("DELETE", "users/another")


def test_what_is_not_ours_is_neither_shown_nor_removed(tool, broker, change, servers):
    """An administrator, a user of another virtual host, and the queues of those who call."""
    edge = connect(servers.environment()["COMMONPURSE_BROKER_URL"], name="tests")
    reply = "rpc.reply-edge-6f1c1f0a-7d3b-4d53-9c39-3a4f1c6f2a10"
    edge.channel().queue_declare(reply, exclusive=True, auto_delete=True)
    edge.channel().queue_bind(reply, manifest.RPC_EXCHANGE, reply.removeprefix("rpc.reply-edge-"))
    broker.add_virtual_host("another")
    for user, tags in (("another", "monitoring"), ("chief", "administrator")):
        change("PUT", f"users/{user}", {"password": user, "tags": tags})
    change("PUT", "permissions/another/another", OPEN)
    change("PUT", f"permissions/{HOST}/chief", OPEN)
    try:
        assert tool("plan").lines == [AGREED]
        assert tool("apply") == (0, [AGREED], "")

        edge.channel().queue_declare(reply, passive=True)
        for user in ("another", "chief"):
            url = f"{broker.management_url}/api/users/{user}/permissions"
            assert len(requests.get(url, timeout=10).json()) == 1
    finally:
        edge.close()
        broker.remove_virtual_host("another")
        for user in ("another", "chief"):
            change("DELETE", f"users/{user}")


# What it must not do


@pytest.mark.parametrize("declared", [QUORUM, LASTING], ids=["quorum", "classic"])
def test_a_queue_that_is_too_much_goes_when_it_is_empty_and_not_before(
    tool, broker, change, channel, declared
):
    change("PUT", f"queues/{HOST}/former.inbox", declared)
    change("POST", f"bindings/{HOST}/e/budget.events/q/former.inbox", {"routing_key": "budget.#"})
    put(channel, "former.inbox")
    put(channel, "former.inbox")

    ended = tool("apply")

    assert ended.status == 1
    assert ended.lines == [
        f"- queue former.inbox{STAYS}",
        "Differences: 1. Do what their lines say.",
    ]
    assert broker.waiting("former.inbox") == 2

    channel.basic_get("former.inbox", no_ack=True)
    assert tool("apply").status == 1
    assert broker.waiting("former.inbox") == 1

    channel.basic_get("former.inbox", no_ack=True)
    eventually(lambda: tool("apply").status == 0, within_seconds=60)
    assert "former.inbox" not in "".join(tool("plan").lines)


def test_a_message_that_the_figures_do_not_show_yet_keeps_its_queue(tool, broker, change, channel):
    """They say that the queue is empty for some seconds after it is not."""
    change("PUT", f"queues/{HOST}/former.inbox", QUORUM)
    queue = f"{broker.management_url}/api/queues/{HOST}/former.inbox"
    eventually(lambda: requests.get(queue, timeout=10).json().get("messages") == 0)
    put(channel, "former.inbox")

    assert tool("apply").status == 1

    assert broker.waiting("former.inbox") == 1
    channel.queue_delete("former.inbox")


def test_a_queue_that_is_too_much_stays_while_somebody_reads_it(tool, broker, change, channel):
    change("PUT", f"queues/{HOST}/former.inbox", QUORUM)
    channel.basic_consume("former.inbox")
    queue = f"{broker.management_url}/api/queues/{HOST}/former.inbox"
    eventually(lambda: requests.get(queue, timeout=10).json().get("consumers") == 1)

    assert tool("apply").status == 1

    assert broker.listeners("former.inbox") == 1
    channel.queue_delete("former.inbox")


def test_what_cannot_be_changed_is_named_and_no_service_is_let_start_on_it(
    tool, broker, change, channel
):
    channel.queue_delete("payments.dead")
    channel.queue_declare("payments.dead", durable=True, auto_delete=False)
    channel.exchange_delete(manifest.stamp("payments"))
    put(channel, "payments.dead")

    ended = tool("apply")

    assert ended.status == 1
    assert ended.lines[:2] == [
        f"+ exchange {manifest.stamp('payments')}",
        f"~ queue payments.dead: x-queue-type None -> quorum{BY_HAND}",
    ]
    assert broker.waiting("payments.dead") == 1

    channel.queue_delete("payments.dead")
    assert tool("apply") == (0, [AGREED], "")


def test_older_stamps_stay_until_all_that_is_needed_is_there(tool, change, channel):
    """A service of the former release can still be started while this one is not applied."""
    change("PUT", f"exchanges/{HOST}/budget.topology.0", {"type": "topic", "internal": True})
    channel.queue_delete("payments.dead")
    channel.queue_declare("payments.dead", durable=True, auto_delete=False)

    assert tool("apply").status == 1
    assert "- exchange budget.topology.0" in tool("plan").lines

    channel.queue_delete("payments.dead")
    assert tool("apply") == (0, [AGREED], "")


# What others rely on


def test_a_service_does_not_start_without_the_stamp_of_its_manifest(tool, channel, ours):
    channel.exchange_delete(manifest.stamp("budget"))

    program = ours()

    assert program.status(within_seconds=20) != 0
    assert "TopologyDiffersError" in program.output()
    assert "python -m shared.messaging.topology apply" in program.output()
    tool("apply")
    ours().await_line("service_started")


def test_a_queue_that_is_more_than_half_full_is_named(tool, broker, channel, monkeypatch):
    """With a manifest of smaller inboxes, applied to the broker."""
    channel.queue_purge("budget.inbox")
    inbox = f"{broker.management_url}/api/queues/{HOST}/budget.inbox"

    def held() -> int:
        return requests.get(inbox, timeout=10).json()["message_bytes"]

    with monkeypatch.context() as smaller:
        smaller.setattr(manifest, "INBOX_BYTES", 2_000)
        assert tool("apply").status == 0
        put(channel, "budget.inbox", b"x" * 1_000)
        eventually(lambda: held() == 1_000)
        assert tool("check") == (0, [AGREED], "")

        put(channel, "budget.inbox", b"x")
        eventually(lambda: held() == 1_001)
        full = "! queue budget.inbox is more than half full: 1001 of 2000 bytes"
        assert tool("check") == (1, [full, AGREED], "")
    channel.queue_purge("budget.inbox")


# When something is wrong


def test_a_broker_that_is_away_is_named_and_nothing_is_traced(tool):
    ended = tool("plan", **{URL: "http://deploy:secret@127.0.0.1:9"})

    assert ended.status == 1
    assert ended.errors.startswith("The topology could not be read or applied: ")
    assert "Traceback" not in ended.errors


def test_no_password_is_in_an_error(tool, broker):
    wrong = broker.management_url.replace("deploy:", "deploy:secret")

    ended = tool("check", **{URL: wrong})

    assert ended.status == 1
    assert "401" in ended.errors
    assert "secret" not in ended.errors


def test_apply_says_which_password_it_lacks(tool):
    ended = tool("apply", COMMONPURSE_BROKER_PASSWORD_EDGE="")

    assert ended.status == 1
    assert "COMMONPURSE_BROKER_PASSWORD_EDGE" in ended.errors
