"""Each funder's portion of a hold: how it is found, saved, moved in the books, and told of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts.bookkeeper import Available, Entry
from services.budget.accounts.rules import AccountKind, FunderId, InsufficientFundsError
from services.budget.agreements.models import FunderShare
from services.budget.agreements.rules import Funding
from services.budget.holds import rules
from services.budget.holds.models import Hold, HoldPortion
from services.budget.holds.rules import Portion
from shared.contracts.budget import HoldCaptured, HoldPlaced, HoldReleased, RefundPosted
from shared.contracts.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What changes in one funder's portion: what it holds, what it uses, and the entries."""

    held_pence: int
    used_pence: int  # held and spent together: what counts for the next odd penny
    entries: list[Entry]


def shares_of(session: Session, budget_id: UUID) -> list[FunderShare]:
    shares = select(FunderShare).where(FunderShare.budget_id == budget_id)
    return list(session.scalars(shares.order_by(FunderShare.funder_id)))


def find(amount_pence: int, *, payer: str, shares: list[FunderShare]) -> dict[FunderId, int]:
    """Return what each funder sets aside for a purchase, in pence."""
    fundings = [
        Funding(
            funder_id=share.funder_id,
            agreed_pence=share.joint_agreed_pence,
            spent_pence=share.joint_spent_pence,
        )
        for share in shares
    ]
    portions = rules.portions_to_hold(amount_pence=amount_pence, payer=payer, fundings=fundings)
    return {FunderId(funder_id): pence for funder_id, pence in portions.items()}


def see_that_they_are_there(
    portions: Mapping[FunderId, int], available: Mapping[FunderId, Available]
) -> None:
    """Look whether each funder has its portion: nobody pays with another's money.

    Raises:
        InsufficientFundsError: one of them has less.
    """
    for funder_id, portion_pence in portions.items():
        free_pence = available[funder_id].free_pence
        if portion_pence > free_pence:
            raise InsufficientFundsError(requested_pence=portion_pence, available_pence=free_pence)


def use_shares(shares: list[FunderShare], steps_pence: Mapping[FunderId, int]) -> None:
    """Count what is held and captured of the joint items, for the next odd penny."""
    for share in shares:
        share.joint_spent_pence += steps_pence.get(share.funder_id, 0)


def wanted(hold: Hold, *, held_pence: int, posted_pence: int) -> dict[str, Portion]:
    """Return what each funder is to have of a hold at these amounts."""
    return rules.portions_at(
        held_pence=held_pence,
        posted_pence=posted_pence,
        asked_pence={portion.funder_id: portion.asked_pence for portion in hold.portions},
    )


def move(portion: HoldPortion, want: Portion, available: Available) -> Step:
    """Bring one funder's portion to what is wanted, as far as its money goes.

    What was spent is spent. What is to be held is held as far as there is money for it.
    """
    in_reach_pence = available.free_pence + portion.held_pence
    spent = rules.capture(
        step_pence=want.posted_pence - portion.posted_pence,
        in_reach_pence=in_reach_pence,
        overspent_pence=portion.overspent_pence,
    )
    held_pence = min(want.held_pence, in_reach_pence - spent.from_available_pence)
    held_step = held_pence - portion.held_pence
    posted_step = want.posted_pence - portion.posted_pence
    portion.held_pence, portion.posted_pence = held_pence, want.posted_pence
    portion.overspent_pence += spent.overspent_pence
    return Step(
        held_pence=held_step,
        used_pence=held_step + posted_step,
        entries=[
            _spend(portion.funder_id, AccountKind.AVAILABLE, spent.from_available_pence),
            _spend(portion.funder_id, AccountKind.OVERSPENT, spent.overspent_pence),
        ],
    )


def _spend(funder_id: FunderId, source: AccountKind, amount_pence: int) -> Entry:
    """Return the entry for money paid out of ``source``, or back into it if negative."""
    debit, credit = source, AccountKind.PAID_OUT
    if amount_pence < 0:
        debit, credit = credit, debit
    return Entry(funder_id=funder_id, debit=debit, credit=credit, amount_pence=abs(amount_pence))


def placed(hold: Hold, *, available_pence: int, at: datetime) -> HoldPlaced:
    return HoldPlaced(
        occurred_at=at,
        purchase_id=hold.purchase_id,
        version=hold.version,
        budget_id=hold.budget_id,
        held_pence=hold.held_pence,
        available_pence=available_pence,
        expires_at=hold.expires_at,
    )


def changed(
    hold: Hold, *, refunded_pence: int, available_pence: int, person_id: UUID, at: datetime
) -> Event:
    """Return the event that tells of a change: spent, refunded, or only released."""
    if refunded_pence < 0:
        return HoldCaptured(
            occurred_at=at,
            purchase_id=hold.purchase_id,
            version=hold.version,
            budget_id=hold.budget_id,
            posted_pence=hold.posted_pence,
            held_pence=hold.held_pence,
            available_pence=available_pence,
        )
    if refunded_pence > 0:
        return RefundPosted(
            occurred_at=at,
            purchase_id=hold.purchase_id,
            version=hold.version,
            budget_id=hold.budget_id,
            person_id=person_id,
            refunded_pence=refunded_pence,
            posted_pence=hold.posted_pence,
            available_pence=available_pence,
        )
    return HoldReleased(
        occurred_at=at,
        purchase_id=hold.purchase_id,
        version=hold.version,
        budget_id=hold.budget_id,
        held_pence=hold.held_pence,
        available_pence=available_pence,
    )
