"""What notifications tells the others: that a message went out, arrived or could not."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema, words

CHANNELS = ("sms", "email", "letter")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """A provider accepted a message for a person."""

    event_type: ClassVar[str] = "notifications.message_sent.v1"
    subject_id: ClassVar[str] = "message_id"
    message_id: UUID
    person_id: UUID
    topic: str
    channel: str


class MessageSentSchema(EventSchema):
    event_class = MessageSent
    message_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    topic = words()
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """A message reached the person's phone or mailbox, or the post took it."""

    event_type: ClassVar[str] = "notifications.message_delivered.v1"
    subject_id: ClassVar[str] = "message_id"
    message_id: UUID
    person_id: UUID
    topic: str
    channel: str


class MessageDeliveredSchema(EventSchema):
    event_class = MessageDelivered
    message_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    topic = words()
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUndeliverable(Event):
    """No channel reached the person; somebody has to tell them in another way."""

    event_type: ClassVar[str] = "notifications.message_undeliverable.v1"
    subject_id: ClassVar[str] = "message_id"
    message_id: UUID
    person_id: UUID
    topic: str
    channel: str
    reason: str


class MessageUndeliverableSchema(EventSchema):
    event_class = MessageUndeliverable
    message_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    topic = words()
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    reason = words()
