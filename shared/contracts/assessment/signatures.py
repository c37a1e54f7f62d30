"""What assessment tells of signatures."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSigned(Event):
    """One of the three signed the plan as it is."""

    event_type: ClassVar[str] = "assessment.plan_signed.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    role: str
    content_sha256: str
    is_by_representative: bool  # somebody in scope signed, because the person could not


class PlanSignedSchema(EventSchema):
    event_class = PlanSigned
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    role = words()
    content_sha256 = words()
    is_by_representative = fields.Boolean(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturesVoided(Event):
    """A plan was edited: nobody's signature over the earlier version counts any more."""

    event_type: ClassVar[str] = "assessment.signatures_voided.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int  # that was signed
    roles: list[str]  # who had signed it


class SignaturesVoidedSchema(EventSchema):
    event_class = SignaturesVoided
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    roles = fields.List(words(), required=True)
