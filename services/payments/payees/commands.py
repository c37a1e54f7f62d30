"""What can be asked about payees."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.payments.payees.rules import Funder, Relationship


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPayee:
    """Write down whom to pay, and where."""

    payee_id: UUID
    name: str
    person_id: UUID | None  # None: a supplier of anybody
    relationship: Relationship
    is_same_household: bool
    sort_code: str = field(repr=False)
    account_number: str = field(repr=False)
    added_by: UUID  # a staff id


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePayeeDetails:
    """Write down another account; a second person has to look at it again."""

    payee_id: UUID
    sort_code: str = field(repr=False)
    account_number: str = field(repr=False)
    changed_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreePayee:
    """Keep that a funder agreed to pay somebody whom its rules leave out as a rule."""

    agreement_id: UUID
    payee_id: UUID
    funder: Funder
    agreed_by: UUID
    reason: str
    from_on: date
    until_on: date | None  # the first day on which it does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPayee:
    """Say which payee a plan's item is paid to; a second person has to look at it."""

    item_id: UUID
    payee_id: UUID
    linked_by: UUID  # a staff id


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLink:
    """Say as a second person that an item is paid to the payee to whom it was linked."""

    item_id: UUID
    payee_id: UUID  # that was looked at
    confirmed_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPayee:
    """Say that the details are right, as a second person who has checked them with the payee."""

    payee_id: UUID
    details_version: int  # that was looked at
    confirmed_by: UUID
