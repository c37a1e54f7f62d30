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
from typing import Any

import requests

from shared import settings

VIRTUAL_HOST = "commonpurse"
RPC_EXCHANGE = "nameko-rpc"
SERVICES = ("assessment", "budget", "payments", "notifications")
EDGE_USER = "edge"  # whoever calls services: the demo, the tests, later gateway and partners
MONITOR_USER = "monitor"  # reads counts from the management API and touches no message

# Who listens to which event, in every version. An event that nobody listens to is still told.
LISTENERS: Mapping[str, Sequence[str]] = {
    "assessment.referral_received": ("notifications",),
    "assessment.contact_details_changed": ("notifications",),
    "assessment.care_team_changed": ("payments", "notifications"),
    "assessment.assessment_agreed": (),
    "assessment.indicative_budget_calculated": ("notifications",),
    "assessment.budget_declined": ("notifications",),
    "assessment.plan_submitted": ("notifications",),
    "assessment.plan_signed": (),
    "assessment.plan_escalated": ("notifications",),
    "assessment.plan_approved": ("budget", "payments", "notifications"),
    "assessment.crisis_plan_activated": ("notifications",),
    "assessment.review_due": ("notifications",),
    "budget.contribution_called": (),
    "budget.contribution_received": (),
    "budget.budget_activated": ("payments", "notifications"),
    "budget.hold_placed": ("payments",),
    "budget.hold_refused": ("payments",),
    "budget.hold_captured": ("payments",),
    "budget.hold_released": ("payments",),
    "budget.refund_posted": ("payments", "notifications"),
    "payments.purchase_requested": ("budget",),
    "payments.purchase_ready": (),
    "payments.purchase_refused": ("notifications",),
    "payments.card_issued": (),
    "payments.authorisation_decided": ("notifications",),
    "payments.purchase_amounts_changed": ("budget",),
    "payments.purchase_completed": ("notifications",),
    "payments.purchase_cancelled": (),
    "notifications.message_sent": (),
    "notifications.message_delivered": ("assessment",),
    "notifications.message_undeliverable": ("assessment",),
}

_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_GIBIBYTE = 1024**3


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
    exchanges = [RPC_EXCHANGE, *(events_exchange(service) for service in SERVICES)]
    return {
        "vhosts": [{"name": VIRTUAL_HOST}],
        "users": [
            *({"name": name, "password_hash": "", "tags": []} for name in (*SERVICES, EDGE_USER)),
            {"name": MONITOR_USER, "password_hash": "", "tags": ["monitoring"]},
        ],
        "exchanges": [
            {
                "name": name,
                "vhost": VIRTUAL_HOST,
                "type": "topic",
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": {},
            }
            for name in exchanges
        ],
        "queues": [
            {
                "name": name,
                "vhost": VIRTUAL_HOST,
                "durable": True,
                "auto_delete": False,
                "arguments": {"x-queue-type": "quorum"},
            }
            for service in SERVICES
            for name in (inbox_queue(service), dead_letter_queue(service), rpc_queue(service))
        ],
        "bindings": [*_event_bindings(), *_rpc_bindings()],
        "policies": [policy for service in SERVICES for policy in _policies(service)],
        "permissions": [*map(_service_permission, SERVICES), *_edge_permissions()],
        "topic_permissions": [
            permission for service in SERVICES for permission in _service_topics(service)
        ]
        + [_topic_permission(EDGE_USER, RPC_EXCHANGE, write=_calls(), read=f"^{_UUID}$")],
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


def _permission(user: str, *, configure: str, write: str, read: str) -> dict[str, Any]:
    return {
        "user": user,
        "vhost": VIRTUAL_HOST,
        "configure": configure,
        "write": write,
        "read": read,
    }


def _topic_permission(user: str, exchange: str, *, write: str, read: str) -> dict[str, Any]:
    return {
        "user": user,
        "vhost": VIRTUAL_HOST,
        "exchange": exchange,
        "write": write,
        "read": read,
    }


def _service_permission(service: str) -> dict[str, Any]:
    """Let a service tell its own events and replies, and read its own two queues. That is all."""
    return _permission(
        service,
        configure="^$",
        write=f"^({RPC_EXCHANGE}|{service}[.]events)$",
        read=f"^({rpc_queue(service)}|{service}[.]inbox)$",
    )


def _service_topics(service: str) -> list[dict[str, Any]]:
    return [
        _topic_permission(service, RPC_EXCHANGE, write=f"^{_UUID}$", read="^$"),
        _topic_permission(
            service, events_exchange(service), write=f"^{service}[.][a-z_]+[.]v[0-9]+$", read="^$"
        ),
    ]


def _edge_permissions() -> list[dict[str, Any]]:
    replies = "rpc[.]reply-edge-"
    both = f"^({RPC_EXCHANGE}|{replies}.*)$"
    return [
        _permission(EDGE_USER, configure=f"^{replies}", write=both, read=both),
        _permission(MONITOR_USER, configure="^$", write="^$", read="^$"),
    ]


def _calls() -> str:
    return f"^({'|'.join(SERVICES)})[.][a-z_]+$"


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
    users = [user["name"] for user in definitions()["users"]]
    try:
        apply(
            management_url=settings.required(os.environ, "COMMONPURSE_BROKER_MANAGEMENT_URL"),
            passwords={
                user: settings.required(os.environ, f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}")
                for user in users
            },
        )
    except (settings.SettingMissingError, requests.RequestException) as error:
        sys.stderr.write(f"The topology was not applied: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
