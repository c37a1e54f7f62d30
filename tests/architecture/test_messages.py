"""What is said and who listens: catalogue, manifest and services agree."""

import pytest

from shared.contracts import catalogue, manifest
from shared.contracts.listeners import LISTENERS
from shared.messaging.calls import CallQueue
from shared.messaging.dead_letter_queue import DeadLetterQueue
from shared.messaging.events import EventQueue
from tests.architecture.entrypoints import operations, subscriptions

EVERY_SERVICE = pytest.mark.parametrize("service", manifest.SERVICES)


def noun_of(event_type: str) -> str:
    return event_type.rpartition(".")[0]


def test_the_manifest_names_exactly_the_events_of_the_catalogue():
    assert set(LISTENERS) == {noun_of(event_type) for event_type in catalogue.SCHEMAS}


def test_nobody_listens_twice_and_only_services_listen():
    for event, listeners in LISTENERS.items():
        assert len(set(listeners)) == len(listeners), event
        assert set(listeners) <= set(manifest.SERVICES), event


def test_nobody_listens_to_itself():
    own = [event for event, who in LISTENERS.items() if event.split(".")[0] in who]

    assert own == []


@EVERY_SERVICE
def test_a_service_subscribes_once_to_each_event_that_the_manifest_brings_it(service):
    brought = [event for event, listeners in LISTENERS.items() if service in listeners]
    heard = [noun_of(one.event_class.event_type) for one in subscriptions(service)]

    assert sorted(heard) == sorted(brought)


@EVERY_SERVICE
def test_every_queue_has_a_consumer(service):
    every = {queue["name"] for queue in manifest.definitions()["queues"]}
    consumed = set()
    if subscriptions(service):
        consumed.add(EventQueue().queue_name(service))
        consumed.add(DeadLetterQueue().queue_name(service))
    if operations(service):
        consumed.add(CallQueue().queue_name(service))
    own = {name for name in every if service in name.replace("-", ".").split(".")}

    assert own == consumed


def test_every_queue_belongs_to_a_service():
    kinds = (manifest.inbox_queue, manifest.rpc_queue, manifest.dead_letter_queue)
    owned = {queue(service) for service in manifest.SERVICES for queue in kinds}

    assert {queue["name"] for queue in manifest.definitions()["queues"]} == owned
