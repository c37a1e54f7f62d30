"""Starting and ending series, and asking for each purchase when it is due."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from services.payments.cards import handlers as cards
from services.payments.entitlements.models import Broker, CareTeam, Plan, PlanItem
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
    ItemNotInPlanError,
    NotOnCareTeamError,
)
from services.payments.purchases.states import OPEN, PurchaseState
from services.payments.requesting.alike import pence_of_alike
from services.payments.requesting.handlers import request_purchase
from services.payments.series import rules
from services.payments.series.commands import (
    ApproveSeries,
    AskForOccurrence,
    EndSeries,
    StartSeries,
)
from services.payments.series.models import Occurrence, Series
from services.payments.series.rules import SeriesState
from shared.errors import IdReusedError, NotKnownYetError, Refusal
from shared.trace import Trace


def start_series(command: StartSeries, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Keep what is asked for, once for each ``series_id``; nothing is bought before approval.

    Raises:
        NotKnownYetError: the plan or the care team has not arrived here.
        ItemNotInPlanError, NotOnCareTeamError, AmountAboveItemError: the plan does not have it.
        SeriesInThePastError: it would begin before today.
        IdReusedError: ``series_id`` was used for another series.
    """
    earlier = session.get(Series, command.series_id)
    if earlier is not None:
        said = asdict(command).items()
        if any(getattr(earlier, name) != value for name, value in said):
            raise IdReusedError("Another series has this id.")
        return _answer(earlier)
    _see_that_the_plan_has_it(command, session=session)
    rules.check_start(starts_on=command.starts_on, today=trace.today)
    series = Series(**asdict(command), next_due_on=command.starts_on, requested_at=trace.at)
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
    _end_unused(series, rules.NOT_TAKEN, session=session, trace=trace)
    purchase_id, refusal_code = uuid5(series.series_id, command.due_on.isoformat()), None
    try:
        with session.begin_nested():
            _ask(series, purchase_id, on=command.due_on, session=session, trace=trace)
    except NotKnownYetError:
        raise
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
    if session.get(Broker, (plan.person_id, command.requested_by)) is None:
        if session.get(CareTeam, plan.person_id) is None:
            raise NotKnownYetError("The person's care team is not known here yet.")
        raise NotOnCareTeamError("Only the person's own broker can buy for them.")
    if command.amount_pence > item.unit_cost_pence:
        raise AmountAboveItemError(
            amount_pence=command.amount_pence, unit_cost_pence=item.unit_cost_pence
        )


def _ask(series: Series, purchase_id: UUID, *, on: date, session: Session, trace: Trace) -> None:
    rules.check_period(
        amount_pence=series.amount_pence,
        spent_pence=_spent_pence(series, on=on, session=session),
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
        most_tolerance_pence=rules.most_tolerance_pence(
            amount_pence=series.amount_pence,
            cap_pence=series.period_cap_pence,
            times=rules.times_in_period(
                starts_on=series.starts_on,
                every=series.every,
                period=rules.period_of(on, series.period),
            ),
        ),
    )
    request_purchase(command, session=session, trace=trace)


def _spent_pence(series: Series, *, on: date, session: Session) -> int:
    """Return what this period's occurrences have cost; of open ones what they may cost."""
    days = rules.period_of(on, series.period)
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


def _end_unused(series: Series, why: WhyUnused, *, session: Session, trace: Trace) -> None:
    for purchase in _open(series, session=session):
        holds.end_unused(
            purchase,
            why=why,
            session=session,
            trace=purchases.in_story(trace, purchase),
        )


def _end(series: Series, *, by: UUID | None, because: str, session: Session, trace: Trace) -> None:
    _end_unused(series, rules.SERIES_ENDED, session=session, trace=trace)
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
