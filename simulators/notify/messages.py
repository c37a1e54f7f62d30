"""A message, and how Notify shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from simulators.notify.clock import as_wire
from simulators.notify.content_limits import fragments
from simulators.notify.keys import KeyType
from simulators.notify.templates import Channel, Template

SMS_RATE_POUNDS = 0.0227
LETTER_POUNDS = 0.68
LINES_BEFORE_POSTCODE = 6


class Status(StrEnum):
    """Every status that a query may ask for, in the order in which Notify lists them."""

    CANCELLED = "cancelled"
    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    PENDING = "pending"
    FAILED = "failed"  # in a query only: any of the three failures
    TECHNICAL_FAILURE = "technical-failure"
    TEMPORARY_FAILURE = "temporary-failure"
    PERMANENT_FAILURE = "permanent-failure"
    PENDING_VIRUS_CHECK = "pending-virus-check"
    VALIDATION_FAILED = "validation-failed"
    VIRUS_SCAN_FAILED = "virus-scan-failed"
    RETURNED_LETTER = "returned-letter"
    ACCEPTED = "accepted"
    RECEIVED = "received"


class CallbackPlan(StrEnum):
    """How a message's end will be reported."""

    NONE = "none"
    ONCE = "once"
    TWICE = "twice"
    EARLY = "early"  # before the request that sent the message is answered
    LATE = "late"
    HELD_BACK = "held_back"  # until another message has been reported


FAILURES = (Status.TECHNICAL_FAILURE, Status.TEMPORARY_FAILURE, Status.PERMANENT_FAILURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one person, as it is now: a change makes a new one in the store."""

    message_id: UUID
    channel: Channel
    key_type: KeyType
    recipient: str  # as the caller wrote it; a letter's first address line
    normalised_recipient: str
    address_lines: tuple[str, ...]  # letters only
    template: Template
    reference: str | None
    subject: str | None
    body: str
    one_click_unsubscribe_url: str | None
    created_at: datetime
    status: Status
    outcome: Status  # what its status will be in the end
    callback: CallbackPlan
    callback_delay_seconds: float = 0.0
    pdf: bytes | None = None  # of a letter that came as one
    postage: str | None = None  # letters only
    sent_at: datetime | None = None
    completed_at: datetime | None = None

    def as_wire(self) -> dict[str, Any]:
        """Show the message as ``GET /v2/notifications/{id}`` does."""
        return {
            "id": str(self.message_id),
            "reference": self.reference,
            "email_address": self.recipient if self.channel is Channel.EMAIL else None,
            "phone_number": self.recipient if self.channel is Channel.SMS else None,
            **_address(self.address_lines),
            "type": self.channel.value,
            "status": self.status.value,
            "template": {
                "id": str(self.template.template_id),
                "version": self.template.version,
                "uri": f"/v2/template/{self.template.template_id}/version/{self.template.version}",
            },
            "subject": self.subject,
            "body": self.body,
            "created_at": as_wire(self.created_at),
            "created_by_name": None,
            "sent_at": as_wire(self.sent_at),
            "completed_at": as_wire(self.completed_at),
            "scheduled_for": None,
            "postage": self.postage,
            "one_click_unsubscribe_url": self.one_click_unsubscribe_url,
            **_cost(self),
        }

    def as_callback(self) -> dict[str, Any]:
        """Show the message as a delivery receipt does."""
        return {
            "id": str(self.message_id),
            "reference": self.reference,
            "to": self.recipient,
            "status": self.status.value,
            "created_at": as_wire(self.created_at),
            "completed_at": as_wire(self.completed_at),
            "sent_at": as_wire(self.sent_at),
            "notification_type": self.channel.value,
            "template_id": str(self.template.template_id),
            "template_version": self.template.version,
        }


def _address(lines: tuple[str, ...]) -> dict[str, str | None]:
    before_postcode = [*lines[:-1], *[None] * LINES_BEFORE_POSTCODE]
    numbered = {f"line_{n + 1}": before_postcode[n] for n in range(LINES_BEFORE_POSTCODE)}
    return {**numbered, "postcode": lines[-1] if lines else None}


def _cost(message: Message) -> dict[str, Any]:
    if message.channel is Channel.EMAIL:
        return {"is_cost_data_ready": True, "cost_in_pounds": 0.0, "cost_details": {}}
    if message.channel is Channel.LETTER:
        details: dict[str, Any] = {"billable_sheets_of_paper": 1, "postage": message.postage}
        return {
            "is_cost_data_ready": True,
            "cost_in_pounds": LETTER_POUNDS,
            "cost_details": details,
        }
    count = fragments(message.body)
    details = {
        "billable_sms_fragments": count,
        "international_rate_multiplier": 1.0,
        "sms_rate": SMS_RATE_POUNDS,
    }
    return {
        "is_cost_data_ready": message.sent_at is not None,
        "cost_in_pounds": round(count * SMS_RATE_POUNDS, 4),
        "cost_details": details,
    }
