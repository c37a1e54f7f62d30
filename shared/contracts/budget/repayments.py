"""What is left over, on its way back to whose it is."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, pence, version, words


def addressee() -> fields.String:
    """Return a field for who is told: of a person who has died, who acts for their estate."""
    return fields.String(required=True, validate=validate.OneOf(("person", "representative")))


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentNotified(Event):
    """Written notice that money which is left over will go back, with what the law asks for.

    SI 2013/1617, reg. 15(2): the reasons, the amount, the time, and who must pay.
    """

    event_type: ClassVar[str] = "budget.repayment_notified.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # the reasons are about somebody
    subject_id: ClassVar[str] = "repayment_id"
    repayment_id: UUID
    version: int
    budget_id: UUID
    person_id: UUID
    addressee: str
    ground: str  # one of the regulation's, in a word
    reason: str  # in the words of whoever decides
    amount_pence: int  # all of it
    to_person_pence: int  # of it, what the person has paid and gets back
    charge_lowered_pence: int  # of it, what the person need not pay any more
    notice_ends_on: date  # until then it can be put right; the first day on which it is confirmed
    payable_on: date
    paid_by: str  # host: out of the budget's account, so that the person has nothing to do
    manner: str


class RepaymentNotifiedSchema(EventSchema):
    event_class = RepaymentNotified
    repayment_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    addressee = addressee()
    ground = words()
    reason = words()
    amount_pence = pence()
    to_person_pence = pence()
    charge_lowered_pence = pence()
    notice_ends_on = fields.Date(required=True)
    payable_on = fields.Date(required=True)
    paid_by = words()
    manner = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentReconsidered(Event):
    """Somebody had a repayment reconsidered, and this is what was decided, with the reasons."""

    event_type: ClassVar[str] = "budget.repayment_reconsidered.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "repayment_id"
    repayment_id: UUID
    version: int
    budget_id: UUID
    person_id: UUID
    addressee: str
    outcome: str
    reason: str
    amount_pence: int  # that is to go back now


class RepaymentReconsideredSchema(EventSchema):
    event_class = RepaymentReconsidered
    repayment_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    addressee = addressee()
    outcome = fields.String(
        required=True, validate=validate.OneOf(("upheld", "reduced", "withdrawn"))
    )
    reason = words()
    amount_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentWithdrawn(Event):
    """A repayment of which notice was given will not be made."""

    event_type: ClassVar[str] = "budget.repayment_withdrawn.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "repayment_id"
    repayment_id: UUID
    version: int
    budget_id: UUID
    person_id: UUID
    addressee: str
    reason: str


class RepaymentWithdrawnSchema(EventSchema):
    event_class = RepaymentWithdrawn
    repayment_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    addressee = addressee()
    reason = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentPosted(Event):
    """Money that was left over went back to whose it was."""

    event_type: ClassVar[str] = "budget.repayment_posted.v1"
    subject_id: ClassVar[str] = "repayment_id"
    repayment_id: UUID
    version: int
    budget_id: UUID
    person_id: UUID
    amount_pence: int  # all of it
    to_person_pence: int  # of it, what the person had paid
    charge_lowered_pence: int  # of it, what the person need not pay any more
    available_pence: int


class RepaymentPostedSchema(EventSchema):
    event_class = RepaymentPosted
    repayment_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    amount_pence = pence()
    to_person_pence = pence()
    charge_lowered_pence = pence()
    available_pence = pence()
