"""What assessment tells of who agrees with a domain and who does not."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, pence, version, words

PARTIES = ("person", "nhs", "council")
POSITIONS = ("agreed", "disputed")
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPositionTaken(Event):
    """The person or a funder agrees with what was written of a domain, or disputes it."""

    event_type: ClassVar[str] = "assessment.domain_position_taken.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    version: int  # of what this party says of this domain
    domain: str
    party: str
    position: str


class DomainPositionTakenSchema(EventSchema):
    event_class = DomainPositionTaken
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    domain = words()
    party = fields.String(required=True, validate=validate.OneOf(PARTIES))
    position = fields.String(required=True, validate=validate.OneOf(POSITIONS))


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeDecided(Event):
    """A dispute about who pays is settled: what was paid half and half can be trued up.

    The amounts are of a year, or of the one-off budget if there is one; what the person gets
    is the same before and after.
    """

    event_type: ClassVar[str] = "assessment.dispute_decided.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "dispute_id"
    dispute_id: UUID
    referral_id: UUID
    person_id: UUID
    domain: str
    nhs_basis_points: int
    council_basis_points: int
    nhs_pence_before: int
    nhs_pence: int
    council_pence_before: int
    council_pence: int


def _share() -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=BASIS_POINTS)
    )


class DisputeDecidedSchema(EventSchema):
    event_class = DisputeDecided
    dispute_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    domain = words()
    nhs_basis_points = _share()
    council_basis_points = _share()
    nhs_pence_before = pence()
    nhs_pence = pence()
    council_pence_before = pence()
    council_pence = pence()
