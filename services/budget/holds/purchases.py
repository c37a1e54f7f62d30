"""A purchase in the ledger: how it stands, and how a change of it is booked and told.

Everything that a decision about it needs comes at once, in one question to the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text, update
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import Entry, KeptHold, KeptPortion, account_name
from services.budget.agreements.models import Budget
from services.budget.agreements.rules import Funding
from services.budget.holds.rules import Host, Part
from services.budget.money_routes.rules import SPENT_TO, Route
from shared.contracts.budget.holds import (
    BalanceLow,
    HoldCaptured,
    HoldReleased,
    OverspendRecorded,
    RefundPosted,
)
from shared.contracts.event import Event
from shared.messaging import outbox
from shared.trace import Trace

_AS_IT_STANDS = text("SELECT purchase_as_it_stands(:purchase_id, :budget_id, :item_id, :day)")
_KEEP_LOW = (
    update(Budget)
    .where(Budget.budget_id == bindparam("of_budget"))
    .values(is_low=bindparam("is_low_now"))
)
_FUNDINGS = text("SELECT fundings_of(:agreement_id)")


REASONS = {
    JournalKind.CAPTURE: "The card network or the bank took the money for a purchase.",
    JournalKind.REFUND: "Money for a purchase came back.",
    JournalKind.REAPPORTIONMENT: "Disputed shares were decided.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A purchase, its budget, and the agreement under which it is paid.

    The budget is locked until the transaction ends, so none of this changes meanwhile.
    """

    budget_id: UUID
    person_id: UUID
    low_below_pence: int
    is_low: bool  # and was told to be
    ends_on: date | None  # of a budget that ends: then nothing new is bought
    is_item_in_plan: bool
    route: Route  # of the item when the purchase was asked for; on the day, if it has no hold
    committed_pence: Mapping[UUID, int]  # by each item of the plan, where there is no hold yet
    hold: KeptHold | None
    agreement_id: UUID | None  # the hold's; for a new one that of the item's purpose on the day
    fundings: Sequence[Funding]
    parts: Mapping[UUID, Part]
    host: Host | None

    @property
    def free_pence(self) -> int:
        return sum(part.free_pence for part in self.parts.values())

    @property
    def spent_to(self) -> str:
        """The account to which its spending is credited, by the item's way."""
        return account_name(SPENT_TO[self.route])


def as_it_stands(
    session: Session,
    purchase_id: UUID,
    *,
    budget_id: UUID | None = None,
    item_id: UUID | None = None,
    on: date,
) -> Standing | None:
    """Lock a purchase's budget and return how it stands; None where there is no budget.

    Args:
        session: of a transaction.
        purchase_id: whose hold is looked for.
        budget_id: of a purchase that may have no hold yet.
        item_id: what such a purchase is of.
        on: the day whose agreement counts for a new hold.
    """
    asked = {"purchase_id": purchase_id, "budget_id": budget_id, "item_id": item_id, "day": on}
    found = session.scalar(_AS_IT_STANDS, asked)
    return None if found is None else _standing(found)


def fundings_of(session: Session, agreement_id: UUID) -> list[Funding]:
    """Return the fundings of an agreement as they are used now."""
    return [_funding(share) for share in session.scalar(_FUNDINGS, {"agreement_id": agreement_id})]


def _standing(found: Mapping[str, Any]) -> Standing:
    host = found["host"]
    return Standing(
        budget_id=UUID(found["budget_id"]),
        person_id=UUID(found["person_id"]),
        low_below_pence=found["low_below_pence"],
        is_low=found["is_low"],
        ends_on=date.fromisoformat(found["ends_on"]) if found["ends_on"] else None,
        is_item_in_plan=found["is_item_in_plan"],
        route=Route(found["route"]),
        committed_pence={UUID(item): left for item, left in (found["committed"] or {}).items()},
        hold=_hold(found["hold"], found["portions"]) if found["hold"] else None,
        agreement_id=UUID(found["agreement_id"]) if found["agreement_id"] else None,
        fundings=[_funding(share) for share in found["shares"]],
        parts={part.funder_id: part for part in map(_part, found["parts"])},
        host=Host(funder_id=UUID(host["funder_id"]), code=host["code"]) if host else None,
    )


def _hold(hold: Mapping[str, Any], portions: Sequence[Mapping[str, Any]]) -> KeptHold:
    columns = {
        **hold,
        **{name: UUID(hold[name]) for name in hold if name.endswith("_id")},
        "expires_at": datetime.fromisoformat(hold["expires_at"]),
        "expired_at": hold["expired_at"] and datetime.fromisoformat(hold["expired_at"]),
        "portions": [
            KeptPortion(**{**portion, "funder_id": UUID(portion["funder_id"])})
            for portion in portions
        ],
    }
    return KeptHold(**columns)


def _funding(share: Mapping[str, Any]) -> Funding:
    return Funding(**{**share, "funder_id": UUID(share["funder_id"])})


def _part(part: Mapping[str, Any]) -> Part:
    return Part(**{**part, "funder_id": UUID(part["funder_id"])})


def watch(standing: Standing, available_pence: int, *, session: Session, trace: Trace) -> None:
    """Tell that what is left in a budget is low, once for each time it falls below."""
    is_low = available_pence < standing.low_below_pence
    if is_low == standing.is_low:
        return
    session.execute(_KEEP_LOW, {"of_budget": standing.budget_id, "is_low_now": is_low})
    if is_low:
        event = BalanceLow(
            occurred_at=trace.at,
            budget_id=standing.budget_id,
            person_id=standing.person_id,
            available_pence=available_pence,
            low_below_pence=standing.low_below_pence,
        )
        outbox.add(session, event, trace=trace)


def booking(hold: KeptHold, *, kind: JournalKind, entries: list[Entry], trace: Trace) -> Booking:
    """Return what a change of a purchase does to the books today."""
    return bookkeeper.todays_booking(
        hold.budget_id,
        kind=kind,
        source_id=hold.purchase_id,
        reason=REASONS[kind],
        entries=entries,
        trace=trace,
        hold=hold,
    )


def book(booked: Booking, standing: Standing, *, session: Session, trace: Trace) -> int:
    """Book a change of a purchase, and return what is available in its budget then, in pence."""
    bookkeeper.book(session, booked)
    available_pence = _available_pence(booked, standing)
    watch(standing, available_pence, session=session, trace=trace)
    return available_pence


def _available_pence(booked: Booking, standing: Standing) -> int:
    held_before_pence = standing.hold.held_pence if standing.hold else 0
    free_step_pence = bookkeeper.free_step_pence(booked, held_before_pence=held_before_pence)
    return standing.free_pence + free_step_pence


def book_and_tell(
    booked: Booking,
    hold: KeptHold,
    *,
    before: KeptHold,
    standing: Standing,
    session: Session,
    trace: Trace,
) -> None:
    """Book how a hold is to stand, and tell of it where what it holds or has cost differs."""
    bookkeeper.book(session, booked)
    tell_overspent(hold, standing, before=before, session=session, trace=trace)
    if hold.version == before.version:
        return
    available_pence = _available_pence(booked, standing)
    watch(standing, available_pence, session=session, trace=trace)
    event = _changed(
        hold,
        before=before,
        available_pence=available_pence,
        person_id=standing.person_id,
        trace=trace,
    )
    outbox.add(session, event, trace=trace)


def tell_overspent(
    hold: KeptHold, standing: Standing, *, before: KeptHold, session: Session, trace: Trace
) -> None:
    """Tell what is overspent on a purchase, where that has changed."""
    if hold.overspent_pence == before.overspent_pence:
        return
    event = OverspendRecorded(
        occurred_at=trace.at,
        purchase_id=hold.purchase_id,
        budget_id=hold.budget_id,
        overspent_pence=hold.overspent_pence,
        posted_pence=hold.posted_pence,
        overspent_before_pence=before.overspent_pence,
        person_id=standing.person_id,
        funder_ids=[portion.funder_id for portion in hold.portions],
    )
    outbox.add(session, event, trace=trace)


def _changed(
    hold: KeptHold, *, before: KeptHold, available_pence: int, person_id: UUID, trace: Trace
) -> Event:
    """Return the event that tells of a change: spent, refunded, or only released."""
    told: dict[str, Any] = {
        "occurred_at": trace.at,
        "purchase_id": hold.purchase_id,
        "version": hold.version,
        "budget_id": hold.budget_id,
        "available_pence": available_pence,
    }
    refunded_pence = before.posted_pence - hold.posted_pence
    if refunded_pence < 0:
        return HoldCaptured(posted_pence=hold.posted_pence, held_pence=hold.held_pence, **told)
    if refunded_pence > 0:
        return RefundPosted(
            person_id=person_id,
            refunded_pence=refunded_pence,
            posted_pence=hold.posted_pence,
            **told,
        )
    return HoldReleased(held_pence=hold.held_pence, **told)
