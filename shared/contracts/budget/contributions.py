"""What funders and the person are called for, and what comes in."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCalled(Event):
    """A funder, or the person, is asked to pay its part into a budget."""

    event_type: ClassVar[str] = "budget.contribution_called.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID  # an organisation's, or the person's
    amount_pence: int
    due_on: date
    person_id: UUID | None = None  # whose budget it is; an earlier release did not tell it


class ContributionCalledSchema(EventSchema):
    event_class = ContributionCalled
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    due_on = fields.Date(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCommitted(Event):
    """A funder gave its word for a contribution, under the pool's agreement."""

    event_type: ClassVar[str] = "budget.contribution_committed.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    # On which terms, if the funder tells; an earlier release told none.
    starts_on: date | None = None
    ends_on: date | None = None  # the last day that it pays for
    cost_centre: str | None = None
    source: str | None = None  # new, released_block, pooled_s75


class ContributionCommittedSchema(EventSchema):
    event_class = ContributionCommitted
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    starts_on = fields.Date(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True)
    cost_centre = words(may_be_missing=True)
    source = words(may_be_missing=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionReceived(Event):
    """Money came in for a contribution: all of it, or a part of what a person pays."""

    event_type: ClassVar[str] = "budget.contribution_received.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    money: str  # new_money, released from a block contract, or settled with who advanced it


class ContributionReceivedSchema(EventSchema):
    event_class = ContributionReceived
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    money = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionReversed(Event):
    """What was told of a contribution, that it came in or was committed, was not so."""

    event_type: ClassVar[str] = "budget.contribution_reversed.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    was_received: bool  # it was told to have come in; or else to be committed


class ContributionReversedSchema(EventSchema):
    event_class = ContributionReversed
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    was_received = fields.Boolean(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionLate(Event):
    """An organisation has not paid in what it was called for. It is told every week."""

    event_type: ClassVar[str] = "budget.contribution_late.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    missing_pence: int
    due_on: date
    is_committed: bool  # it has given its word, and the host advances the money
    person_id: UUID | None = None  # whose budget it is; an earlier release did not tell it


class ContributionLateSchema(EventSchema):
    event_class = ContributionLate
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    missing_pence = pence()
    due_on = fields.Date(required=True)
    is_committed = fields.Boolean(required=True)
    person_id = fields.UUID(load_default=None, allow_none=True)
