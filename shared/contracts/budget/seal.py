"""The seals of the ledger."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema, pence, sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSealed(Event):
    """A link was added to the chain of hashes over the journals.

    Whoever keeps ``hash`` can later see that nothing before it was changed.
    """

    event_type: ClassVar[str] = "budget.ledger_sealed.v1"
    subject_id: ClassVar[str] = "seal_id"
    seal_id: UUID
    number: int  # from 1, without a gap
    journals: int
    amount_pence: int  # of all their postings
    previous_hash: str  # SHA-256, in hexadecimal
    hash: str


class LedgerSealedSchema(EventSchema):
    event_class = LedgerSealed
    seal_id = fields.UUID(required=True)
    number = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    journals = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    amount_pence = pence()
    previous_hash = sha256()
    hash = sha256()
