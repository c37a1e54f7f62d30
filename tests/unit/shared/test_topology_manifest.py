"""What exists on the broker, and who may do what there."""

import re

import pytest

from shared.contracts import catalogue
from shared.messaging import topology

MANIFEST = topology.definitions()
REPLY = "6f1c1f0a-7d3b-4d53-9c39-3a4f1c6f2a10"


def permission_of(user):
    (permission,) = (one for one in MANIFEST["permissions"] if one["user"] == user)
    return permission


def topics_of(user, exchange):
    return next(
        one
        for one in MANIFEST["topic_permissions"]
        if (one["user"], one["exchange"]) == (user, exchange)
    )


def test_every_event_of_the_catalogue_and_no_other_has_its_listeners_named():
    told = {event_type.rpartition(".")[0] for event_type in catalogue.SCHEMAS}

    assert told == set(topology.LISTENERS)


def test_every_listener_gets_its_events_in_every_version():
    bound = {
        (one["source"], one["routing_key"], one["destination"]) for one in MANIFEST["bindings"]
    }

    for event, listeners in topology.LISTENERS.items():
        exchange = f"{event.split('.')[0]}.events"
        for listener in listeners:
            assert (exchange, f"{event}.*", f"{listener}.inbox") in bound


def test_nothing_is_bound_that_does_not_exist():
    exchanges = {one["name"] for one in MANIFEST["exchanges"]}
    queues = {one["name"] for one in MANIFEST["queues"]}

    assert {one["source"] for one in MANIFEST["bindings"]} <= exchanges
    assert {one["destination"] for one in MANIFEST["bindings"]} <= queues


def test_every_queue_survives_a_lost_machine_and_has_limits():
    for queue in MANIFEST["queues"]:
        (policy,) = (
            one for one in MANIFEST["policies"] if re.search(one["pattern"], queue["name"])
        )
        assert queue["durable"] is True
        assert queue["arguments"] == {"x-queue-type": "quorum"}
        assert policy["definition"]["overflow"] == "reject-publish"


@pytest.mark.parametrize("service", topology.SERVICES)
def test_what_a_service_cannot_read_ends_in_its_own_dead_letter_queue(service):
    (policy,) = (one for one in MANIFEST["policies"] if one["name"] == f"{service}.inbox")

    assert policy["definition"]["dead-letter-routing-key"] == f"{service}.dead"


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_reads_its_own_queues_and_declares_nothing(service):
    permission = permission_of(service)
    others = [one for one in topology.SERVICES if one != service]

    assert re.search(permission["read"], f"{service}.inbox")
    assert re.search(permission["read"], f"rpc-{service}")
    assert not any(re.search(permission["read"], f"{other}.inbox") for other in others)
    assert not any(re.search(permission["read"], f"rpc-{other}") for other in others)
    assert not any(re.search(permission["write"], f"{other}.events") for other in others)
    assert not re.search(permission["configure"], f"{service}.inbox")


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_may_reply_and_may_not_call(service):
    may_write = topics_of(service, topology.RPC_EXCHANGE)["write"]

    assert re.search(may_write, REPLY)
    assert not re.search(may_write, "budget.receive_contribution")


@pytest.mark.parametrize("service", topology.SERVICES)
def test_a_service_tells_only_facts_of_its_own(service):
    may_write = topics_of(service, f"{service}.events")["write"]

    assert re.search(may_write, f"{service}.something_happened.v12")
    assert not re.search(may_write, f"{service}.something_happened")
    assert not re.search(may_write, "somebody.something_happened.v1")


def test_the_edge_calls_and_reads_its_own_replies_and_no_inbox():
    permission = permission_of(topology.EDGE_USER)
    calls = topics_of(topology.EDGE_USER, topology.RPC_EXCHANGE)

    assert re.search(calls["write"], "budget.receive_contribution")
    assert not re.search(calls["write"], REPLY)
    assert re.search(permission["read"], "rpc.reply-edge-1")
    assert not re.search(permission["read"], "budget.inbox")
    assert not re.search(permission["write"], "budget.events")


def test_the_monitor_touches_no_message():
    permission = permission_of(topology.MONITOR_USER)

    for queue in MANIFEST["queues"]:
        assert not re.search(permission["read"], queue["name"])
        assert not re.search(permission["write"], queue["name"])


@pytest.mark.parametrize(
    ("event_type", "is_heard"),
    [
        ("payments.purchase_requested.v1", True),
        ("payments.purchase_requested.v9", True),
        ("payments.card_issued.v1", False),
        ("payments.never_heard_of.v1", False),
    ],
)
def test_it_is_known_whether_somebody_must_get_an_event(event_type, is_heard):
    assert topology.has_listener(event_type) is is_heard
