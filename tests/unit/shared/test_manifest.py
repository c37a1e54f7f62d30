"""What exists on the broker, and who may do what there."""

import json
import re
from pathlib import Path

import pytest
import yaml

from shared.contracts import catalogue, documents, manifest
from shared.contracts.listeners import LISTENERS
from tests.factories import a_trace

MANIFEST = manifest.definitions()
REPLY = "6f1c1f0a-7d3b-4d53-9c39-3a4f1c6f2a10"
EXAMPLES = Path(__file__).parents[2] / "contract" / "events"


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

    assert told == set(LISTENERS)


def test_every_listener_gets_its_events_in_every_version():
    bound = {
        (one["source"], one["routing_key"], one["destination"]) for one in MANIFEST["bindings"]
    }

    for event, listeners in LISTENERS.items():
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


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_what_a_service_cannot_read_ends_in_its_own_dead_letter_queue(service):
    (policy,) = (one for one in MANIFEST["policies"] if one["name"] == f"{service}.inbox")

    assert policy["definition"]["dead-letter-routing-key"] == f"{service}.dead"


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_a_message_that_comes_back_for_ever_is_given_up_after_twenty_times(service):
    (policy,) = (one for one in MANIFEST["policies"] if one["name"] == f"{service}.inbox")

    assert policy["definition"]["delivery-limit"] == 20
    assert policy["definition"]["dead-letter-strategy"] == "at-least-once"


def test_an_inbox_takes_seven_days_of_the_peak():
    week = 7 * 24 * 60 * 60

    assert week * 5 * 2 * 1024 == manifest.INBOX_BYTES
    for service in manifest.SERVICES:
        assert manifest.bounds()[f"{service}.inbox"] == manifest.INBOX_BYTES


def test_no_event_is_larger_than_the_inboxes_are_reckoned_for():
    for path in EXAMPLES.glob("*.json"):
        event = catalogue.load(json.loads(path.read_text()))
        body = documents.write(catalogue.dump(event, trace=a_trace()))

        assert len(body) <= manifest.LARGE_EVENT_BYTES, path.name


def test_the_bounds_are_those_of_the_policies():
    bounded = {
        one["name"]: one["definition"]["max-length-bytes"]
        for one in MANIFEST["policies"]
        if "max-length-bytes" in one["definition"]
    }

    assert manifest.bounds() == bounded
    assert {f"{service}.inbox" for service in manifest.SERVICES} <= set(bounded)


def test_each_bounded_queue_has_an_alarm_at_half_and_blindness_has_one_too():
    (group,) = yaml.safe_load(manifest.alarms_file())["groups"]
    expressions = [rule["expr"] for rule in group["rules"]]
    size = 'rabbitmq_queue_messages_bytes{vhost="commonpurse"'

    assert expressions == [
        *(f'{size},queue="{queue}"}} > {bound // 2}' for queue, bound in manifest.bounds().items()),
        f"absent({size}}})",
    ]
    assert all(rule["alert"] and rule["annotations"]["summary"] for rule in group["rules"])


def test_a_new_listener_changes_the_stamp_of_the_one_who_listens_and_no_other(monkeypatch):
    before = {service: manifest.stamp(service) for service in manifest.SERVICES}
    monkeypatch.setitem(LISTENERS, "payments.card_issued", ("notifications",))

    after = {service: manifest.stamp(service) for service in manifest.SERVICES}

    assert {one for one in after if after[one] != before[one]} == {"notifications"}
    assert re.fullmatch(r"notifications[.]topology[.][0-9a-f]{12}", after["notifications"])


def test_the_order_in_which_listeners_are_written_changes_no_stamp(monkeypatch):
    before = manifest.stamp("notifications")
    reversed_order = dict(reversed(LISTENERS.items()))

    monkeypatch.setattr(manifest, "LISTENERS", reversed_order)

    assert manifest.stamp("notifications") == before


def test_nobody_can_write_to_a_stamp_and_nothing_is_bound_to_it():
    internal = {one["name"] for one in MANIFEST["exchanges"] if one["internal"]}

    assert internal == {manifest.stamp(service) for service in manifest.SERVICES}
    assert internal.isdisjoint({one["source"] for one in MANIFEST["bindings"]})


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_a_service_reads_its_own_queues_and_declares_nothing(service):
    permission = permission_of(service)
    others = [one for one in manifest.SERVICES if one != service]

    for queue_of in (manifest.inbox_queue, manifest.dead_letter_queue, manifest.rpc_queue):
        assert re.search(permission["read"], queue_of(service))
        assert not any(re.search(permission["read"], queue_of(other)) for other in others)
    assert not any(re.search(permission["write"], f"{other}.events") for other in others)
    assert not re.search(permission["configure"], f"{service}.inbox")


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_a_service_may_reply_and_may_not_call(service):
    may_write = topics_of(service, manifest.RPC_EXCHANGE)["write"]

    assert re.search(may_write, REPLY)
    assert not re.search(may_write, "budget.receive_contribution")


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_a_service_tells_only_facts_of_its_own(service):
    may_write = topics_of(service, f"{service}.events")["write"]

    assert re.search(may_write, f"{service}.something_happened.v12")
    assert not re.search(may_write, f"{service}.something_happened")
    assert not re.search(may_write, "somebody.something_happened.v1")


@pytest.mark.parametrize("user", manifest.EDGE_USERS)
def test_the_edge_calls_and_reads_its_own_replies_and_no_inbox(user):
    permission = permission_of(user)
    calls = topics_of(user, manifest.RPC_EXCHANGE)

    assert re.search(calls["write"], "budget.receive_contribution")
    assert not re.search(calls["write"], REPLY)
    for other in manifest.EDGE_USERS:
        is_own = other == user
        assert bool(re.search(permission["read"], f"rpc.reply-{other}-1")) == is_own
        assert bool(re.search(permission["configure"], f"rpc.reply-{other}-1")) == is_own
    assert not re.search(permission["read"], "budget.inbox")
    assert not re.search(permission["write"], "budget.events")


def test_the_monitor_touches_no_message():
    permission = permission_of(manifest.MONITOR_USER)

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
    assert manifest.has_listener(event_type) is is_heard
