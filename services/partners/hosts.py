"""What a partner's virtual host holds, and who may do what in it."""

import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from services.partners.agreements.rules import Agreement

BRIDGE_USER = "partners_bridge"  # ours, in every partner's virtual host and in no other
IN, OUT = "in", "out"
IN_DEAD, OUT_DEAD = f"{IN}.dead", f"{OUT}.dead"
QUEUES = (IN, IN_DEAD, OUT, OUT_DEAD)
DAY_MILLISECONDS = 24 * 60 * 60 * 1000
_LASTING = {"durable": True, "auto_delete": False}
_NOTHING = "^$"


def definitions(agreement: Agreement) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return a partner's virtual host in the form of RabbitMQ's definitions, without passwords.

    The partner publishes the types that it agreed, to the exchange ``in``, and reads the queue
    ``out``. It declares nothing and sees no dead letters: those our bridge takes, so that they
    become somebody's task.
    """
    host = agreement.virtual_host
    types = "|".join(re.escape(one.message_type) for one in agreement.sends)
    topics = f"^({types})$" if types else _NOTHING
    return {
        "users": [{"name": user, "password_hash": "", "tags": []} for user in (host, BRIDGE_USER)],
        "exchanges": [
            {
                "name": IN,
                "vhost": host,
                "type": "topic",
                **_LASTING,
                "internal": False,
                "arguments": {},
            }
        ],
        "queues": [
            {"name": name, "vhost": host, **_LASTING, "arguments": {"x-queue-type": "quorum"}}
            for name in QUEUES
        ],
        "bindings": [
            {
                "source": IN,
                "vhost": host,
                "destination": IN,
                "destination_type": "queue",
                "routing_key": "#",
                "arguments": {},
            }
        ],
        "policies": _policies(agreement),
        "permissions": [
            {"user": host, "vhost": host, "configure": _NOTHING, "write": "^in$", "read": "^out$"},
            {
                "user": BRIDGE_USER,
                "vhost": host,
                "configure": _NOTHING,
                "write": "^amq[.]default$",
                "read": "^(in|in[.]dead|out[.]dead)$",
            },
        ],
        "topic_permissions": [
            {"user": host, "vhost": host, "exchange": IN, "write": topics, "read": _NOTHING}
        ],
    }


def password(agreement: Agreement, *, seed: str) -> str:
    """Return a partner's password. It follows from our seed: a new file needs no new setting."""
    user = f"{agreement.virtual_host}/{agreement.password_number}"
    return hmac.new(seed.encode(), user.encode(), "sha256").hexdigest()


def limits(agreement: Agreement) -> Mapping[str, int]:
    """Return how many connections and queues a virtual host may have."""
    return {
        "max-connections": agreement.limits.connections + BRIDGE_CONNECTIONS,
        "max-queues": len(QUEUES),
    }


BRIDGE_CONNECTIONS = 4  # of ours: two, and two more while a process takes over from another


def _policies(agreement: Agreement) -> list[Mapping[str, Any]]:
    bytes_ = {"max-length-bytes": agreement.limits.queue_bytes, "overflow": "reject-publish"}
    held = {name: {**_dead_letters(name), **bytes_} for name in (IN, OUT)}
    held[IN]["max-length"] = agreement.limits.queue_messages
    # What nobody fetched in time is kept for us, so that somebody can be asked about it.
    held[OUT]["message-ttl"] = agreement.limits.keep_days * DAY_MILLISECONDS
    held |= {f"{name}.dead": dict(bytes_) for name in (IN, OUT)}
    return [
        {
            "name": name,
            "vhost": agreement.virtual_host,
            "pattern": f"^{re.escape(name)}$",
            "apply-to": "queues",
            "definition": definition,
            "priority": 1,
        }
        for name, definition in held.items()
    ]


def _dead_letters(queue: str) -> dict[str, Any]:
    return {
        "delivery-limit": 20,
        "dead-letter-exchange": "",
        "dead-letter-routing-key": f"{queue}.dead",
        "dead-letter-strategy": "at-least-once",
    }
