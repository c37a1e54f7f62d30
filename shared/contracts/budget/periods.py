"""The periods of the books."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema, sha256, version


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodClosed(Event):
    """A period of a pool's books was closed for good; a reopening leads to another version.

    Whoever keeps ``hash`` can later see that the period's statement is still the same.
    """

    event_type: ClassVar[str] = "budget.period_closed.v1"
    subject_id: ClassVar[str] = "period_id"
    period_id: UUID
    version: int  # of the snapshot: it rises when the period was reopened
    pool_id: UUID
    starts_on: date
    ends_on: date  # the first day that is not in it
    last_seq: int  # the number of the pool's last journal then
    hash: str  # SHA-256 over the snapshot, in hexadecimal


class PeriodClosedSchema(EventSchema):
    event_class = PeriodClosed
    period_id = fields.UUID(required=True)
    version = version()
    pool_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    last_seq = fields.Integer(strict=True, required=True, validate=validate.Range(min=0))
    hash = sha256()
