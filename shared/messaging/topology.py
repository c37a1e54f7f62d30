"""What exists on the broker: exchanges, queues, bindings, policies, users and what they may do.

This manifest is the one source. A deploy step applies it (``python -m
shared.messaging.topology apply``); no service declares anything. ``definitions`` prints it as
RabbitMQ's own definitions file, which is kept in ``deploy/rabbitmq/definitions.json``.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import requests

from shared import settings
from shared.contracts.listeners import LISTENERS

VIRTUAL_HOST = "commonpurse"
RPC_EXCHANGE = "nameko-rpc"
SERVICES = ("assessment", "budget", "payments", "notifications")
EDGE_USER = "edge"  # whoever calls services: the demo, the tests, later gateway and partners
MONITOR_USER = "monitor"  # reads counts from the management API and touches no message

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_GIBIBYTE = 1024**3
_LASTING = {"durable": True, "auto_delete": False, "arguments": {}}
_QUORUM = {"x-queue-type": "quorum"}


def events_exchange(service: str) -> str:
    return f"{service}.events"


def inbox_queue(service: str) -> str:
    return f"{service}.inbox"


def dead_letter_queue(service: str) -> str:
    return f"{service}.dead"


def rpc_queue(service: str) -> str:
    return f"rpc-{service}"


def has_listener(event_type: str) -> bool:
    """Tell whether somebody must receive ``event_type``: ``budget.hold_placed.v1``."""
    return bool(LISTENERS.get(event_type.rpartition(".")[0]))


def definitions() -> dict[str, Any]:
    """Return the manifest in the form of RabbitMQ's definitions, users without passwords."""
    calls = f"^({'|'.join(SERVICES)})[.][a-z_]+$"
    exchanges = [RPC_EXCHANGE, *(events_exchange(service) for service in SERVICES)]
    return {
        "vhosts": [{"name": VIRTUAL_HOST}],
        "users": [
            *({"name": name, "password_hash": "", "tags": []} for name in (*SERVICES, EDGE_USER)),
            {"name": MONITOR_USER, "password_hash": "", "tags": ["monitoring"]},
        ],
        "exchanges": [
            {"name": name, "vhost": VIRTUAL_HOST, "type": "topic", **_LASTING, "internal": False}
            for name in exchanges
        ],
        "queues": [
            {"name": name, "vhost": VIRTUAL_HOST, **_LASTING, "arguments": _QUORUM}
            for service in SERVICES
            for name in (inbox_queue(service), dead_letter_queue(service), rpc_queue(service))
        ],
        "bindings": [*_event_bindings(), *_rpc_bindings()],
        "policies": [policy for service in SERVICES for policy in _policies(service)],
        "permissions": [*map(_service_permission, SERVICES), *_edge_permissions()],
        "topic_permissions": [
            *(permission for service in SERVICES for permission in _service_topics(service)),
            _permission(EDGE_USER, exchange=RPC_EXCHANGE, write=calls, read=f"^{_UUID}$"),
        ],
    }


def _binding(exchange: str, queue: str, routing_key: str) -> dict[str, Any]:
    return {
        "source": exchange,
        "vhost": VIRTUAL_HOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": routing_key,
        "arguments": {},
    }


def _event_bindings() -> list[dict[str, Any]]:
    return [
        _binding(events_exchange(event.split(".")[0]), inbox_queue(listener), f"{event}.*")
        for event, listeners in LISTENERS.items()
        for listener in listeners
    ]


def _rpc_bindings() -> list[dict[str, Any]]:
    return [_binding(RPC_EXCHANGE, rpc_queue(service), f"{service}.*") for service in SERVICES]


def _policies(service: str) -> list[dict[str, Any]]:
    """Limits and dead letters are policies, since a queue's arguments can never be changed."""
    inbox = {
        "delivery-limit": 20,
        "dead-letter-exchange": "",
        "dead-letter-routing-key": dead_letter_queue(service),
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
        "max-length-bytes": 2 * _GIBIBYTE,
    }
    dead = {"overflow": "reject-publish", "max-length-bytes": _GIBIBYTE}
    calls = {"message-ttl": 30_000, "max-length": 1_000, "overflow": "reject-publish"}
    queues = {
        inbox_queue(service): inbox,
        dead_letter_queue(service): dead,
        rpc_queue(service): calls,
    }
    return [
        {
            "name": queue,
            "vhost": VIRTUAL_HOST,
            "pattern": f"^{queue.replace('.', '[.]')}$",
            "apply-to": "queues",
            "definition": definition,
            "priority": 1,
        }
        for queue, definition in queues.items()
    ]


def _permission(user: str, **may: str) -> dict[str, Any]:
    """Return what a user may do: on objects, or on the routing keys of one ``exchange``."""
    return {"user": user, "vhost": VIRTUAL_HOST, **may}


def _service_permission(service: str) -> dict[str, Any]:
    """Let a service tell its own events and replies, and read its own two queues. That is all."""
    return _permission(
        service,
        configure="^$",
        write=f"^({RPC_EXCHANGE}|{service}[.]events)$",
        read=f"^({rpc_queue(service)}|{service}[.]inbox)$",
    )


def _service_topics(service: str) -> list[dict[str, Any]]:
    own_events = f"^{service}[.][a-z_]+[.]v[0-9]+$"
    return [
        _permission(service, exchange=RPC_EXCHANGE, write=f"^{_UUID}$", read="^$"),
        _permission(service, exchange=events_exchange(service), write=own_events, read="^$"),
    ]


def _edge_permissions() -> list[dict[str, Any]]:
    replies = "rpc[.]reply-edge-"
    both = f"^({RPC_EXCHANGE}|{replies}.*)$"
    return [
        _permission(EDGE_USER, configure=f"^{replies}", write=both, read=both),
        _permission(MONITOR_USER, configure="^$", write="^$", read="^$"),
    ]


def apply(*, management_url: str, passwords: Mapping[str, str]) -> None:
    """Bring the broker to the manifest. Safe to repeat; nothing is ever deleted.

    Args:
        management_url: of the management API, with an administrator's name and password.
        passwords: one for each user of the manifest.

    Raises:
        requests.RequestException: the broker cannot be reached or refuses.
    """
    wanted = definitions()
    for user in wanted["users"]:
        del user["password_hash"]
        user["password"] = passwords[user["name"]]
    answer = requests.post(f"{management_url}/api/definitions", json=wanted, timeout=30)
    answer.raise_for_status()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m shared.messaging.topology", description="What exists on the broker."
    )
    parser.add_argument(
        "act",
        choices=["apply", "definitions"],
        help="apply: bring the broker to the manifest; definitions: print it as RabbitMQ's file",
    )
    if parser.parse_args(arguments).act == "definitions":
        sys.stdout.write(json.dumps(definitions(), indent=2) + "\n")
        return 0
    required = partial(settings.required, os.environ)
    users = [user["name"] for user in definitions()["users"]]
    try:
        passwords = {
            user: required(f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}") for user in users
        }
        apply(management_url=required("COMMONPURSE_BROKER_MANAGEMENT_URL"), passwords=passwords)
    except (settings.SettingMissingError, requests.RequestException) as error:
        sys.stderr.write(f"The topology was not applied: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
