"""A message, and how NHS Notify shows it: never to whom it went, nor what it said."""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulators.nhs_notify.plans import ChannelPlan

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KSUID_EPOCH = 1_400_000_000
_RANDOM_BYTES = 16
_KSUID_LENGTH = 27


@dataclass(slots=True, kw_only=True)
class Channel:
    """One channel on its way."""

    plan: ChannelPlan
    status: str = "created"

    def as_wire(self, order: int) -> dict[str, Any]:
        return {
            "type": self.plan.type,
            "cascadeType": "primary",
            "cascadeOrder": order,
            "channelStatus": self.status,
        }


@dataclass(slots=True, kw_only=True)
class Message:
    """One message to one person. Changed under the store's lock only."""

    message_id: str
    reference: str
    routing_plan_id: str
    nhs_number: str
    personalisation: Mapping[str, str]
    channels: list[Channel]
    status: str = "created"
    description: str | None = None
    timestamps: dict[str, datetime] = field(default_factory=dict)

    def move(self, status: str, *, at: datetime, description: str | None = None) -> None:
        self.status = status
        self.description = description
        self.timestamps[status] = at

    def as_wire(self, *, self_link: str) -> dict[str, Any]:
        """Show the message as ``GET /v1/messages/{id}`` does."""
        described = {"messageStatusDescription": self.description} if self.description else {}
        attributes = {
            "messageReference": self.reference,
            "messageStatus": self.status,
            **described,
            "routingPlan": {"id": self.routing_plan_id, "version": "1"},
            "channels": [
                channel.as_wire(order) for order, channel in enumerate(self.channels, start=1)
            ],
            "timestamps": {name: written(at) for name, at in self.timestamps.items()},
        }
        return {
            "type": "Message",
            "id": self.message_id,
            "attributes": attributes,
            "links": {"self": self_link},
        }

    def as_callback(self, *, link: str, at: datetime, idempotency_key: str) -> dict[str, Any]:
        """Show the message as a callback of its status does."""
        described = {"messageStatusDescription": self.description} if self.description else {}
        attributes = {
            "messageId": self.message_id,
            "messageReference": self.reference,
            "messageStatus": self.status,
            **described,
            "channels": [
                {"type": channel.plan.type, "channelStatus": channel.status}
                for channel in self.channels
            ],
            "timestamp": written(at),
            "routingPlan": {"id": self.routing_plan_id, "version": "1"},
        }
        status = {
            "type": "MessageStatus",
            "attributes": attributes,
            "links": {"message": link},
            "meta": {"idempotencyKey": idempotency_key},
        }
        return {"data": [status]}


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def new_ksuid(at: datetime) -> str:
    """Make an id of 27 letters and digits that sort by time."""
    seconds = int(at.timestamp()) - _KSUID_EPOCH
    number = int.from_bytes(seconds.to_bytes(4, "big") + secrets.token_bytes(_RANDOM_BYTES), "big")
    letters = []
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters)).rjust(_KSUID_LENGTH, "0")
