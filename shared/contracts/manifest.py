"""What exists on the broker: exchanges, queues, bindings, policies, users and what they may do.

This manifest is the one source: who may say what to whom, and where it waits. A deploy step
applies it (``python -m shared.messaging.topology apply``); no service declares anything.
"""

import json
from collections.abc import Mapping
from typing import Any

from shared.contracts import documents
from shared.contracts.listeners import LISTENERS

VIRTUAL_HOST = "commonpurse"
RPC_EXCHANGE = "nameko-rpc"
SERVICES = ("assessment", "budget", "payments", "notifications", "partners")
# Whoever calls services, each with reply queues of its own name: the demo and the tests, the
# gateway, and the errands of the partners' door.
EDGE_USER = "edge"
EDGE_USERS = (EDGE_USER, "gateway", "partners_calls")
MONITOR_USER = "monitor"  # reads counts from the management API and touches no message
USERS = (*SERVICES, *EDGE_USERS, MONITOR_USER)

# An inbox takes seven days of the peak, even if every event of the suite were meant for it.
# The peak: 5,000 budget holders who buy twice a day, eight events for a purchase, are one event
# a second; the busiest hours have five times that. No event's example is larger than 2 KiB
# (tests/unit/shared/test_manifest.py); the broker counts bodies. Together: 5.8 GiB.
PEAK_EVENTS_PER_SECOND = 5
LARGE_EVENT_BYTES = 2 * 1024
INBOX_BYTES = 7 * 24 * 60 * 60 * PEAK_EVENTS_PER_SECOND * LARGE_EVENT_BYTES
DEAD_LETTER_BYTES = 1024**3

UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
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


def stamp(service: str) -> str:
    """Name the exchange that says: what ``service`` needs of this very manifest is there.

    A service may look whether an exchange exists, but not at bindings. So ``apply`` makes this
    one last, and a service that does not find the stamp of its own manifest does not start.
    """
    queues = _queues(service)
    bindings = [one for one in _bindings() if one["destination"] in queues]
    needed = {
        "exchange": _exchange(events_exchange(service), is_internal=False),
        "queues": queues,
        "bindings": sorted(bindings, key=lambda one: str(one["routing_key"])),
    }
    return f"{service}.topology.{documents.digest(needed)[:12]}"


def bounds() -> dict[str, int]:
    """Return how many bytes each queue may hold that is bounded by bytes."""
    return {
        queue: limit
        for service in SERVICES
        for queue, limit in (
            (inbox_queue(service), INBOX_BYTES),
            (dead_letter_queue(service), DEAD_LETTER_BYTES),
        )
    }


def has_listener(event_type: str) -> bool:
    """Tell whether somebody must receive ``event_type``: ``budget.hold_placed.v1``."""
    return bool(LISTENERS.get(event_type.rpartition(".")[0]))


def definitions() -> dict[str, Any]:
    """Return the manifest in the form of RabbitMQ's definitions, users without passwords."""
    calls = f"^({'|'.join(SERVICES)})[.][a-z_]+$"
    exchanges = [RPC_EXCHANGE, *map(events_exchange, SERVICES)]
    return {
        "vhosts": [{"name": VIRTUAL_HOST}],
        "users": [
            {
                "name": name,
                "password_hash": "",
                "tags": ["monitoring"] if name == MONITOR_USER else [],
            }
            for name in USERS
        ],
        "exchanges": [
            *(_exchange(name, is_internal=False) for name in exchanges),
            *(_exchange(stamp(service), is_internal=True) for service in SERVICES),
        ],
        "queues": [queue for service in SERVICES for queue in _queues(service).values()],
        "bindings": _bindings(),
        "policies": [policy for service in SERVICES for policy in _policies(service)],
        "permissions": [
            *map(_service_permission, SERVICES),
            *map(_edge_permission, EDGE_USERS),
            _permission(MONITOR_USER, configure="^$", write="^$", read="^$"),
        ],
        "topic_permissions": [
            *(permission for service in SERVICES for permission in _service_topics(service)),
            *(
                _permission(user, exchange=RPC_EXCHANGE, write=calls, read=f"^{UUID_PATTERN}$")
                for user in EDGE_USERS
            ),
        ],
    }


def definitions_file() -> str:
    return json.dumps(definitions(), indent=2) + "\n"


def alarms_file() -> str:
    """Return Prometheus's rules: each queue that is bounded by bytes calls when it is half full.

    The names are those of RabbitMQ's own ``/metrics/per-object``. The last rule calls when
    nobody asks there: without it no news would look like good news.
    """
    size = f'rabbitmq_queue_messages_bytes{{vhost="{VIRTUAL_HOST}"'
    rules = [
        _alarm("QueueHalfFull", f'{size},queue="{queue}"}} > {limit // 2}', f"{queue}: half full.")
        for queue, limit in bounds().items()
    ]
    unseen = _alarm("QueueSizesUnseen", f"absent({size}}})", "The sizes of queues are not seen.")
    return "".join(("groups:\n  - name: queues\n    rules:\n", *rules, unseen))


def _alarm(name: str, expression: str, summary: str) -> str:
    return (
        f"      - alert: {name}\n"
        f"        expr: '{expression}'\n"
        f"        annotations: {{summary: '{summary}'}}\n"
    )


def _exchange(name: str, *, is_internal: bool) -> dict[str, Any]:
    """Nobody can publish to an internal exchange."""
    kind = {"type": "topic", **_LASTING, "internal": is_internal}
    return {"name": name, "vhost": VIRTUAL_HOST, **kind}


def _queues(service: str) -> Mapping[str, dict[str, Any]]:
    names = (inbox_queue(service), dead_letter_queue(service), rpc_queue(service))
    return {
        name: {"name": name, "vhost": VIRTUAL_HOST, **_LASTING, "arguments": _QUORUM}
        for name in names
    }


def _bindings() -> list[dict[str, Any]]:
    return [*_event_bindings(), *_rpc_bindings()]


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
        "max-length-bytes": INBOX_BYTES,
    }
    dead = {
        "delivery-limit": 1_000_000,  # RabbitMQ 4 would drop at 20 what a long outage holds up
        "overflow": "reject-publish",
        "max-length-bytes": DEAD_LETTER_BYTES,
    }
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
    """Let a service tell its own events and replies, and read its own queues. That is all."""
    return _permission(
        service,
        configure="^$",
        write=f"^({RPC_EXCHANGE}|{service}[.]events)$",
        read=f"^({rpc_queue(service)}|{service}[.](inbox|dead))$",
    )


def _service_topics(service: str) -> list[dict[str, Any]]:
    own_events = f"^{service}[.][a-z_]+[.]v[0-9]+$"
    return [
        _permission(service, exchange=RPC_EXCHANGE, write=f"^{UUID_PATTERN}$", read="^$"),
        _permission(service, exchange=events_exchange(service), write=own_events, read="^$"),
    ]


def _edge_permission(user: str) -> dict[str, Any]:
    replies = f"rpc[.]reply-{user}-"
    both = f"^({RPC_EXCHANGE}|{replies}.*)$"
    return _permission(user, configure=f"^{replies}", write=both, read=both)
