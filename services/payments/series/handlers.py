"""Starting and ending series, and asking for each purchase when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from services.payments.cards import handlers as cards
from services.payments.cards.queries import is_closed_by_somebody
from services.payments.entitlements.models import Plan, PlanItem, TeamRole
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.holds import handlers as holds
from services.payments.holds.rules import WhyUnused
from services.payments.limits.approvers import see_that_they_may_approve
from services.payments.purchases import handlers as purchases
from services.payments.purchases.commands import RequestPurchase
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import (
    AmountAboveItemError,
    BudgetStoppedError,
    ItemNotInPlanError,
)
from services.payments.purchases.states import OPEN, PurchaseState
from services.payments.requesting.alike import pence_of_alike
from services.payments.requesting.handlers import request_purchase, see_that_a_broker_asks
from services.payments.series import rules
from services.payments.series.commands import (
    ApproveSeries,
    AskForOccurrence,
    EndSeries,
    StartSeries,
)
from services.payments.series.models import Occurrence, Series
from services.payments.series.rules import Days, SeriesKind, SeriesState
from shared.errors import IdReusedError, NotKnownYetError, Refusal
from shared.trace import Trace


def start_series(command: StartSeries, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Keep what is asked for, once for each ``series_id``; nothing is bought before approval.

    Raises:
        NotKnownYetError: the plan or the care team has not arrived here.
        ItemNotInPlanError, NotOnCareTeamError, AmountAboveItemError: the plan does not have it.
        ItemNotByCardError, HolderIsStaffError: the holder cannot have a card for it.
        SeriesInThePastError: it would begin before today.
        IdReusedError: ``series_id`` was used for another series.
    """
    said = asdict(command)
    del said["holder_name"]  # kept beside the issuer's id of the holder, and nowhere else
    earlier = session.get(Series, command.series_id)
    if earlier is not None:
        if any(getattr(earlier, name) != value for name, value in said.items()):
            raise IdReusedError("Another series has this id.")
        _keep_holder(command, session=session)
        return _answer(earlier)
    _see_that_the_plan_has_it(command, session=session)
    rules.check_start(starts_on=command.starts_on, today=trace.today)
    _keep_holder(command, session=session)
    series = Series(**said, next_due_on=command.starts_on, requested_at=trace.at)
    session.add(series)
    return _answer(series)


def approve_series(
    command: ApproveSeries, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Let a series begin, once. What it may cost in a period is what is approved.

    The caps of the same broker's other series for the same item or payee count with it.

    Raises:
        UnknownSeriesError: there is none.
        SeriesOverError: it has ended.
        SamePersonError, NotAllowedToApproveError: somebody else must approve it.
    """
    series = _locked(command.series_id, session=session)
    if series.state is SeriesState.ACTIVE:
        return _answer(series)
    rules.check_approval(state=series.state)
    # Of two that are approved at once the second counts the first.
    plan = session.get_one(Plan, series.budget_id, with_for_update={"key_share": True})
    see_that_they_may_approve(
        command.approved_by,
        asked_by=series.requested_by,
        person_id=plan.person_id,
        counted_pence=series.period_cap_pence + _others_pence(series, session=session),
        session=session,
        trace=trace,
    )
    series.state = SeriesState.ACTIVE
    series.approved_by = command.approved_by
    return _answer(series)


def end_series(command: EndSeries, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Ask for nothing more. What a shop was promised stays; the rest is free again.

    Raises:
        UnknownSeriesError: there is none.
    """
    series = _locked(command.series_id, session=session)
    if series.state is not SeriesState.ENDED:
        _end(series, by=command.ended_by, because=command.reason, session=session, trace=trace)
    return _answer(series)


def locked_of_budget(budget_id: UUID, *, session: Session) -> Sequence[Series]:
    """Return a budget's series that have not ended, locked: always before their purchases."""
    return session.scalars(
        select(Series)
        .where(Series.budget_id == budget_id, Series.state != SeriesState.ENDED)
        .order_by(Series.series_id)
        .with_for_update()
    ).all()


def end_with_budget(
    ended: Sequence[Series], *, because: str, session: Session, trace: Trace
) -> None:
    """End what a budget that has come to its end bought again and again, and close the cards."""
    for one in ended:
        _close(one, by=None, because=because, session=session, trace=trace)


def ask_for_occurrence(command: AskForOccurrence, *, session: Session, trace: Trace) -> None:
    """Ask for what is due, once for each day, within the caps; what cannot be asked is told.

    Raises:
        NotKnownYetError: something has not arrived here yet; it is tried again.
    """
    series = _locked(command.series_id, session=session)
    if series.state is not SeriesState.ACTIVE or series.next_due_on != command.due_on:
        return
    if command.due_on > series.ends_on:
        because = "Its last day has passed."
        _end(series, by=None, because=because, session=session, trace=trace)
        return
    if any(one.state is PurchaseState.REQUESTED for one in _open(series, session=session)):
        return  # the ledger has yet to answer; it is tried again
    _end_open(series, rules.NOT_TAKEN, session=session, trace=trace)
    purchase_id, refusal_code = uuid5(series.series_id, command.due_on.isoformat()), None
    try:
        with session.begin_nested():
            _ask(series, purchase_id, on=command.due_on, session=session, trace=trace)
    except NotKnownYetError:
        raise
    except BudgetStoppedError:
        return  # whatever ends a stopped budget's series has not come to this one yet
    except Refusal as refusal:
        refusal_code = refusal.code
        _have_looked_at(series, command.due_on, session=session, trace=trace)
    session.add(
        Occurrence(
            series_id=series.series_id,
            due_on=command.due_on,
            purchase_id=None if refusal_code else purchase_id,
            refusal_code=refusal_code,
        )
    )
    # Days that were missed, while nothing ran, are not made up for: nobody had a lesson then.
    after = max(command.due_on, trace.today)
    series.next_due_on = rules.next_due(starts_on=series.starts_on, every=series.every, after=after)


def _others_pence(series: Series, *, session: Session) -> int:
    """Return the caps of what is bought again and again like this, under the plan's lock."""
    others = and_(
        Series.item_id == PlanItem.item_id,
        Series.requested_by == series.requested_by,
        Series.series_id != series.series_id,
        Series.state == SeriesState.ACTIVE,
    )
    item = session.get_one(PlanItem, series.item_id)
    cap = Series.period_cap_pence
    return pence_of_alike(item, table=Series, which=others, cost=cap, session=session)


def _see_that_the_plan_has_it(command: StartSeries, *, session: Session) -> None:
    plan = session.get(Plan, command.budget_id)
    if plan is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    item = session.get(PlanItem, command.item_id)
    if item is None or (item.budget_id, item.plan_version) != (plan.budget_id, plan.version):
        raise ItemNotInPlanError("This budget's plan has no such item.")
    see_that_a_broker_asks(command.requested_by, plan.person_id, session=session)
    if command.holder_id is not None:
        roles = select(TeamRole.role).where(TeamRole.staff_id == command.holder_id).limit(1)
        rules.check_holder(
            is_by_card=item.rail is Rail.CARD,
            is_staff=session.scalar(roles) is not None,
        )
    if command.amount_pence > item.unit_cost_pence:
        raise AmountAboveItemError(
            amount_pence=command.amount_pence, unit_cost_pence=item.unit_cost_pence
        )


def _keep_holder(command: StartSeries, *, session: Session) -> None:
    if command.holder_id is not None and command.holder_name is not None:
        cards.keep_holder(command.holder_id, command.holder_name, session=session)


def _ask(series: Series, purchase_id: UUID, *, on: date, session: Session, trace: Trace) -> None:
    if series.kind is SeriesKind.HOLDER and is_closed_by_somebody(
        series.series_id, session=session
    ):
        raise rules.HoldersCardClosedError("Somebody has closed this card.")
    if series.period is not None:
        rules.check_period(
            amount_pence=series.amount_pence,
            spent_pence=_spent_pence(series, rules.period_of(on, series.period), session=session),
            cap_pence=series.period_cap_pence,
        )
    command = RequestPurchase(
        purchase_id=purchase_id,
        budget_id=series.budget_id,
        item_id=series.item_id,
        amount_pence=series.amount_pence,
        requested_by=series.requested_by,
        instruction=series.instruction,
        series_id=series.series_id,
        holder_id=series.holder_id,
        most_tolerance_pence=_most_tolerance_pence(series, on=on),
    )
    request_purchase(command, session=session, trace=trace)


def _most_tolerance_pence(series: Series, *, on: date) -> int:
    """Return what the cap leaves to each occurrence for a tolerance; to an allowance nothing."""
    if series.period is None:
        return 0
    times = rules.times_in_period(
        starts_on=series.starts_on,
        every=series.every,
        period=rules.period_of(on, series.period),
    )
    return rules.most_tolerance_pence(
        amount_pence=series.amount_pence, cap_pence=series.period_cap_pence, times=times
    )


def _spent_pence(series: Series, days: Days, *, session: Session) -> int:
    """Return what a period's occurrences have cost; of open ones what they may cost."""
    cost = case(
        (Purchase.state.in_(OPEN), func.greatest(series.amount_pence, Purchase.posted_pence)),
        else_=Purchase.posted_pence,
    )
    spent = session.scalar(
        select(func.sum(cost))
        .join(Occurrence, Occurrence.purchase_id == Purchase.purchase_id)
        .where(Occurrence.series_id == series.series_id)
        .where(Occurrence.due_on.between(days.first, days.last))
    )
    return int(spent or 0)


def _open(series: Series, *, session: Session) -> list[Purchase]:
    found = session.scalars(
        select(Purchase)
        .where(Purchase.series_id == series.series_id, Purchase.state.in_(OPEN))
        .order_by(Purchase.purchase_id)
        .with_for_update()
    )
    return list(found)


def _end_open(series: Series, why: WhyUnused, *, session: Session, trace: Trace) -> None:
    """End what nobody used; of an allowance, that may be used in part, what is left."""
    for purchase in _open(series, session=session):
        story = purchases.in_story(trace, purchase)
        if series.kind is SeriesKind.BROKER:
            holds.end_unused(purchase, why=why, session=session, trace=story)
        elif purchase.finished_at is None:
            holds.call_off(purchase, rules.ALLOWANCE_OVER, session=session, trace=story)


def _end(series: Series, *, by: UUID | None, because: str, session: Session, trace: Trace) -> None:
    _end_open(series, rules.SERIES_ENDED, session=session, trace=trace)
    _close(series, by=by, because=because, session=session, trace=trace)


def _close(
    series: Series, *, by: UUID | None, because: str, session: Session, trace: Trace
) -> None:
    cards.close_cards_of_series(series.series_id, session=session, trace=trace)
    series.state = SeriesState.ENDED
    series.ended_by = by
    series.ended_because = because
    series.ended_at = trace.at


def _have_looked_at(series: Series, on: date, *, session: Session, trace: Trace) -> None:
    command = RaiseException(
        kind=ExceptionKind.OCCURRENCE_NOT_ASKED,
        about=f"series/{series.series_id}/{on.isoformat()}",
        amount_pence=series.amount_pence,
    )
    exceptions.raise_exception(command, session=session, trace=trace)


def _locked(series_id: UUID, *, session: Session) -> Series:
    series = session.get(Series, series_id, with_for_update=True, populate_existing=True)
    if series is None:
        raise rules.UnknownSeriesError("There is no such series.", series_id=str(series_id))
    return series


def _answer(series: Series) -> Mapping[str, object]:
    return {"series_id": series.series_id, "state": series.state}
