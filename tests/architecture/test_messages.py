"""What is said and who listens: catalogue, manifest and services agree."""

import pytest

from shared.contracts import catalogue
from shared.messaging import topology
from shared.messaging.calls import CallQueue
from shared.messaging.events import EventQueue
from tests.architecture.entrypoints import operations, subscriptions

EVERY_SERVICE = pytest.mark.parametrize("service", topology.SERVICES)


def noun_of(event_type: str) -> str:
    return event_type.rpartition(".")[0]


def test_the_manifest_names_exactly_the_events_of_the_catalogue():
    assert set(topology.LISTENERS) == {noun_of(event_type) for event_type in catalogue.SCHEMAS}


def test_nobody_listens_twice_and_only_services_listen():
    for event, listeners in topology.LISTENERS.items():
        assert len(set(listeners)) == len(listeners), event
        assert set(listeners) <= set(topology.SERVICES), event


def test_nobody_listens_to_itself():
    own = [event for event, who in topology.LISTENERS.items() if event.split(".")[0] in who]

    assert own == []


@EVERY_SERVICE
def test_a_service_subscribes_once_to_each_event_that_the_manifest_brings_it(service):
    brought = [event for event, listeners in topology.LISTENERS.items() if service in listeners]
    heard = [noun_of(one.event_class.event_type) for one in subscriptions(service)]

    assert sorted(heard) == sorted(brought)


@EVERY_SERVICE
def test_every_queue_has_a_consumer_but_the_one_that_waits_for_a_person(service):
    every = {queue["name"] for queue in topology.definitions()["queues"]}
    consumed = set()
    if subscriptions(service):
        consumed.add(EventQueue().queue_name(service))
    if operations(service):
        consumed.add(CallQueue().queue_name(service))
    own = {name for name in every if service in name.replace("-", ".").split(".")}

    assert own - consumed == {topology.dead_letter_queue(service)}
    assert consumed <= every


def test_every_queue_belongs_to_a_service():
    kinds = (topology.inbox_queue, topology.rpc_queue, topology.dead_letter_queue)
    owned = {queue(service) for service in topology.SERVICES for queue in kinds}

    assert {queue["name"] for queue in topology.definitions()["queues"]} == owned
