"""What budget tells the others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import (
    DataClass,
    Event,
    EventSchema,
    PartSchema,
    count,
    pence,
    version,
    words,
)


def sha256() -> fields.String:
    """Return a field for a SHA-256 in hexadecimal."""
    return fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


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


class ContributionCalledSchema(EventSchema):
    event_class = ContributionCalled
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCommitted(Event):
    """A funder gave its word for a contribution, under the pool's agreement."""

    event_type: ClassVar[str] = "budget.contribution_committed.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    amount_pence: int


class ContributionCommittedSchema(EventSchema):
    event_class = ContributionCommitted
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()


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


class ContributionLateSchema(EventSchema):
    event_class = ContributionLate
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    missing_pence = pence()
    due_on = fields.Date(required=True)
    is_committed = fields.Boolean(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLow(Event):
    """What is left in a budget fell below what its partners want to hear of; told once a fall."""

    event_type: ClassVar[str] = "budget.balance_low.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    available_pence: int
    low_below_pence: int


class BalanceLowSchema(EventSchema):
    event_class = BalanceLow
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    available_pence = pence()
    low_below_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverspendExpected(Event):
    """If spending goes on as it does, a plan's money does not last. Told once a turn."""

    event_type: ClassVar[str] = "budget.overspend_expected.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    total_pence: int  # what the plan comes to
    expected_pence: int  # what is spent by its end if the pace goes on
    weekly_pence: int  # the pace: the mean of so many weeks
    pace_weeks: int
    weeks_left: int


class OverspendExpectedSchema(EventSchema):
    event_class = OverspendExpected
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    expected_pence = pence()
    weekly_pence = pence()
    pace_weeks = count()
    weeks_left = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderspendExpected(Event):
    """If spending goes on as it does, much of a plan's money is not used. Told once a turn."""

    event_type: ClassVar[str] = "budget.underspend_expected.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    total_pence: int  # what the plan comes to
    expected_pence: int  # what is spent by its end if the pace goes on
    weekly_pence: int  # the pace: the mean of so many weeks
    pace_weeks: int
    weeks_left: int


class UnderspendExpectedSchema(EventSchema):
    event_class = UnderspendExpected
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    expected_pence = pence()
    weekly_pence = pence()
    pace_weeks = count()
    weeks_left = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetActivated(Event):
    """Every funder has paid in or committed: the budget can be spent."""

    event_type: ClassVar[str] = "budget.budget_activated.v1"
    subject_id: ClassVar[str] = "budget_id"
    business_key: ClassVar[str] = "version"
    budget_id: UUID
    version: int
    plan_id: UUID
    person_id: UUID
    available_pence: int


class BudgetActivatedSchema(EventSchema):
    event_class = BudgetActivated
    budget_id = fields.UUID(required=True)
    version = version()
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRevised(Event):
    """A later version of the plan counts from now on.

    Where it costs less than what is spent and held, nothing is undone: ``gap_pence`` is overspent.
    """

    event_type: ClassVar[str] = "budget.budget_revised.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    version: int
    plan_id: UUID
    person_id: UUID
    total_pence: int
    used_pence: int  # spent and held
    gap_pence: int


class BudgetRevisedSchema(EventSchema):
    event_class = BudgetRevised
    budget_id = fields.UUID(required=True)
    version = version()
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    used_pence = pence()
    gap_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Event):
    """Money was set aside for a purchase. Only payments ends a hold."""

    event_type: ClassVar[str] = "budget.hold_placed.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int  # rises with every change of this hold
    budget_id: UUID
    held_pence: int  # what is held now, not the step
    available_pence: int
    expires_at: datetime  # payments stops using it an hour before


class HoldPlacedSchema(EventSchema):
    event_class = HoldPlaced
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    held_pence = pence()
    available_pence = pence()
    expires_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRefused(Event):
    """No money was set aside for a purchase, with the reason."""

    event_type: ClassVar[str] = "budget.hold_refused.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    code: str
    reason: str
    next_step: str


class HoldRefusedSchema(EventSchema):
    event_class = HoldRefused
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    code = words()
    reason = words()
    next_step = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCaptured(Event):
    """Money was spent. ``posted_pence`` is all that this purchase has cost until now."""

    event_type: ClassVar[str] = "budget.hold_captured.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    posted_pence: int
    held_pence: int
    available_pence: int


class HoldCapturedSchema(EventSchema):
    event_class = HoldCaptured
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    posted_pence = pence()
    held_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(Event):
    """Money that had been set aside is free again."""

    event_type: ClassVar[str] = "budget.hold_released.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    held_pence: int
    available_pence: int


class HoldReleasedSchema(EventSchema):
    event_class = HoldReleased
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    held_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired(Event):
    """A hold was kept for too long; what it still held is free again, and it holds no more."""

    event_type: ClassVar[str] = "budget.hold_expired.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    released_pence: int
    available_pence: int


class HoldExpiredSchema(EventSchema):
    event_class = HoldExpired
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    released_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverspendRecorded(Event):
    """The card network took more than was there, or gave it back: what is overspent now."""

    event_type: ClassVar[str] = "budget.overspend_recorded.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    overspent_pence: int  # on this purchase; 0 when a refund has mended it
    posted_pence: int


class OverspendRecordedSchema(EventSchema):
    event_class = OverspendRecorded
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    overspent_pence = pence()
    posted_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPosted(Event):
    """Money came back, to each funder what it had paid of it."""

    event_type: ClassVar[str] = "budget.refund_posted.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    person_id: UUID
    refunded_pence: int  # this refund
    posted_pence: int  # what the purchase still costs
    available_pence: int


class RefundPostedSchema(EventSchema):
    event_class = RefundPosted
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    refunded_pence = pence()
    posted_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeInvoiced(Event):
    """One funder of a pool has to pay another what was spent in its place, netted, for a month."""

    event_type: ClassVar[str] = "budget.recharge_invoiced.v1"
    subject_id: ClassVar[str] = "invoice_id"
    invoice_id: UUID
    run_id: UUID
    pool_id: UUID
    from_funder_id: UUID  # who pays
    to_funder_id: UUID
    month: str  # 2026-11
    net_pence: int
    due_on: date


class RechargeInvoicedSchema(EventSchema):
    event_class = RechargeInvoiced
    invoice_id = fields.UUID(required=True)
    run_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    from_funder_id = fields.UUID(required=True)
    to_funder_id = fields.UUID(required=True)
    month = fields.String(required=True, validate=validate.Regexp(r"[0-9]{4}-[0-9]{2}\Z"))
    net_pence = pence()
    due_on = fields.Date(required=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FunderAtEnd:
    """How one funder's book for a budget stood when the end was recorded, in pence."""

    funder_id: UUID
    paid_in_pence: int  # paid in or released
    promised_pence: int  # committed, and not paid in
    spent_pence: int  # paid out by it, or by another in its place
    held_pence: int
    left_pence: int  # available or not allocated, less what is held
    overspent_pence: int
    due_to_pence: int  # what it owes others
    due_from_pence: int  # what others owe it
    person_owes_pence: int  # what the person has still to pay towards its part


class FunderAtEndSchema(PartSchema):
    part_class = FunderAtEnd
    funder_id = fields.UUID(required=True)
    paid_in_pence = pence()
    promised_pence = pence()
    spent_pence = pence()
    held_pence = pence()
    left_pence = pence()
    overspent_pence = pence()
    due_to_pence = pence()
    due_from_pence = pence()
    person_owes_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetEnded(Event):
    """A budget has an end. From that day on nothing new is bought; what is held runs its course."""

    event_type: ClassVar[str] = "budget.budget_ended.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody has died, or moved
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    ends_on: date
    reason: str
    funders: list[FunderAtEnd]


class BudgetEndedSchema(EventSchema):
    event_class = BudgetEnded
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    ends_on = fields.Date(required=True)
    reason = fields.String(
        required=True,
        validate=validate.OneOf(("plan_ended", "persons_wish", "died", "moved")),
    )
    funders = fields.List(fields.Nested(FunderAtEndSchema), required=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationMade(Event):
    """A period of an allocation began, or the allocation has ended: its run was made, once."""

    event_type: ClassVar[str] = "budget.allocation_made.v1"
    subject_id: ClassVar[str] = "allocation_id"
    allocation_id: UUID
    budget_id: UUID
    funder_id: UUID
    period_starts_on: date
    allocated_pence: int  # became the person's to spend
    taken_back_pence: int  # of what was left before: it is unallocated again
    short_pence: int  # was not there; where it is carried, all that is still short


class AllocationMadeSchema(EventSchema):
    event_class = AllocationMade
    allocation_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    period_starts_on = fields.Date(required=True)
    allocated_pence = pence()
    taken_back_pence = pence()
    short_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisReserveActivated(Event):
    """What the funders promised for a crisis can be used from now on."""

    event_type: ClassVar[str] = "budget.crisis_reserve_activated.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody is in a crisis
    subject_id: ClassVar[str] = "crisis_id"
    crisis_id: UUID
    budget_id: UUID
    person_id: UUID
    usable_pence: int


class CrisisReserveActivatedSchema(EventSchema):
    event_class = CrisisReserveActivated
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    usable_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisReserveStoodDown(Event):
    """A crisis is over: what was not used of the reserve stands again."""

    event_type: ClassVar[str] = "budget.crisis_reserve_stood_down.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody was in a crisis
    subject_id: ClassVar[str] = "crisis_id"
    crisis_id: UUID
    budget_id: UUID
    person_id: UUID
    usable_pence: int  # what it came to; used and returned make it up
    used_pence: int
    returned_pence: int


class CrisisReserveStoodDownSchema(EventSchema):
    event_class = CrisisReserveStoodDown
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    usable_pence = pence()
    used_pence = pence()
    returned_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisReserveNotCalled(Event):
    """A crisis plan is in force, and there is no reserve to call: somebody must look for money."""

    event_type: ClassVar[str] = "budget.crisis_reserve_not_called.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody is in a crisis
    subject_id: ClassVar[str] = "crisis_id"
    crisis_id: UUID
    budget_id: UUID
    person_id: UUID
    code: str  # reserve_not_promised, reserve_used_up, crisis_active, budget_ended


class CrisisReserveNotCalledSchema(EventSchema):
    event_class = CrisisReserveNotCalled
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    code = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPaymentMade(Event):
    """A direct payment for one period counts as made: the money is the person's to spend."""

    event_type: ClassVar[str] = "budget.direct_payment_made.v1"
    subject_id: ClassVar[str] = "payment_id"
    payment_id: UUID
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    period_starts_on: date


class DirectPaymentMadeSchema(EventSchema):
    event_class = DirectPaymentMade
    payment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    period_starts_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPaymentNotMade(Event):
    """A direct payment that is due could not be made; it is tried again. Once for each reason."""

    event_type: ClassVar[str] = "budget.direct_payment_not_made.v1"
    subject_id: ClassVar[str] = "payment_id"
    payment_id: UUID  # of the payment that would have been made
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    period_starts_on: date
    code: str  # of the refusal


class DirectPaymentNotMadeSchema(EventSchema):
    event_class = DirectPaymentNotMade
    payment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    period_starts_on = fields.Date(required=True)
    code = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOverdue(Event):
    """For twelve weeks it was not shown what direct payments for an item were spent on."""

    event_type: ClassVar[str] = "budget.return_overdue.v1"
    subject_id: ClassVar[str] = "item_id"
    budget_id: UUID
    item_id: UUID
    unevidenced_pence: int
    since_on: date  # of the oldest payment that is not wholly evidenced


class ReturnOverdueSchema(EventSchema):
    event_class = ReturnOverdue
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    unevidenced_pence = pence()
    since_on = fields.Date(required=True)
