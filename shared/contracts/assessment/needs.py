"""What assessment tells of the joint assessment."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, count, version


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentAgreed(Event):
    """NHS and council have both contributed: there is one assessment now."""

    event_type: ClassVar[str] = "assessment.assessment_agreed.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    version: int  # rises with each contribution that changes what counts
    domain_count: int


class AssessmentAgreedSchema(EventSchema):
    event_class = AssessmentAgreed
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    domain_count = count()
