"""Asking for a purchase."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.card_policies.rules import tolerance_pence
from services.payments.entitlements.models import (
    Broker,
    BudgetStop,
    CareTeam,
    LiveBudget,
    Plan,
    PlanItem,
)
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import HANDLING, ExceptionKind
from services.payments.exclusions.queries import Rulebook, rulebook_on, wanted_of
from services.payments.exclusions.rules import check_wanted
from services.payments.limits import rules as limit_rules
from services.payments.limits.handlers import limits_on
from services.payments.limits.rules import Limit
from services.payments.purchases import handlers, rules
from services.payments.purchases.commands import RequestPurchase
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import Approval
from services.payments.requesting import alike
from shared.contracts.payments.purchases import (
    PurchaseApprovalWanted,
    PurchaseRequested,
)
from shared.errors import IdReusedError, NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def request_purchase(
    command: RequestPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Ask the ledger to hold money for a purchase, once for each ``purchase_id``.

    The money is asked for at once, also where somebody has to approve. Where something like it was
    asked for within a day, nothing is kept: the answer asks whether it is the same again.

    Raises:
        NotKnownYetError: plan, budget or care team has not arrived here.
        NobodyMayApproveError: it is above what anybody may approve.
        BudgetStoppedError, ItemNotInPlanError, NotOnCareTeamError, AmountAboveItemError,
        NoOccurrenceLeftError:
            it may not be bought.
        ExcludedError, WrongFunderError: a rule stands against it.
        IdReusedError: ``purchase_id`` was used for something else.
    """
    earlier = session.get(Purchase, command.purchase_id)
    if earlier is not None:
        return _answer_again(earlier, command)
    item, person_id = item_to_buy(command, session=session, trace=trace)
    if command.holder_id is None:  # an allowance goes on when the broker who began it has left
        see_that_a_broker_asks(command.requested_by, person_id, session=session)
    rules.check_request(
        amount_pence=command.amount_pence,
        unit_cost_pence=item.unit_cost_pence,
        earlier_purchases=_purchases_of(item, session=session),
        occurrences=item.occurrences,
    )
    rulebook = rulebook_on(trace.today, session=session)
    check_wanted(rulebook.exclusions, wanted_of(item, shop=item.merchant_category_code))
    # An occurrence of a series is like the one before, and whoever approved the series knows that.
    is_asked_about = not command.is_not_a_repeat and command.series_id is None
    similar = _similar(command, item, session, trace) if is_asked_about else None
    if similar is not None:
        return rules.is_it_a_repeat(command.purchase_id, similar_purchase_id=similar)
    purchase = Purchase(
        purchase_id=command.purchase_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        person_id=person_id,
        requested_by=command.requested_by,
        instruction=command.instruction,
        amount_pence=command.amount_pence,
        tolerance_pence=_tolerance_pence(command, item, rulebook),
        series_id=command.series_id,
        holder_id=command.holder_id,
        counted_pence=command.amount_pence,  # and what belongs to it, below
        rail=item.rail,
        requested_at=trace.at,
        correlation_id=trace.correlation_id,
        is_wage=command.is_wage or item.category in rules.WAGES,
        not_a_repeat_because=command.not_a_repeat_because or None,
    )
    session.add(purchase)
    ask_for_approval(purchase, session=session, trace=trace)
    outbox.add(session, _purchase_requested(purchase, trace=trace), trace=trace)
    return handlers.state_of(purchase)


def ask_for_approval(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Have somebody else approve what is above the broker's own limit.

    Compared with limits is the amount with its tolerance and with what the same broker asked for
    like it lately. A series was approved as a whole.

    Raises:
        NobodyMayApproveError: it is above what anybody may approve.
    """
    limits = limits_on(session, trace.today)
    limit = limits.get(limit_rules.BROKER, limit_rules.NOTHING)
    counted = _counted(purchase, limit, session=session, trace=trace)
    purchase.counted_pence = counted.pence
    if purchase.series_id is not None or not limit_rules.needs_approval(limit, counted):
        purchase.approval = Approval.NOT_NEEDED
        purchase.restate()
        return
    role = limit_rules.first_approver(limits, counted_pence=counted.pence)
    if role is None:
        raise limit_rules.NobodyMayApproveError(counted)
    purchase.approval = Approval.WANTED
    purchase.restate()
    task = RaiseException(
        kind=ExceptionKind.PURCHASE_TO_APPROVE,
        about=f"purchase/{purchase.purchase_id}/{purchase.askings}",
        purchase_id=purchase.purchase_id,
        amount_pence=purchase.amount_pence,
        role=role,
    )
    exceptions.raise_exception(task, session=session, trace=trace)
    event = PurchaseApprovalWanted(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        person_id=purchase.person_id,
        amount_pence=purchase.amount_pence,
        counted_pence=counted.pence,
        role=role,
        due_at=trace.at + HANDLING[ExceptionKind.PURCHASE_TO_APPROVE].within,
    )
    outbox.add(session, event, trace=trace)


def _counted(
    purchase: Purchase, limit: Limit, *, session: Session, trace: Trace
) -> limit_rules.Counted:
    others_pence = 0
    if purchase.series_id is None:
        since = trace.at - timedelta(days=limit.counts_for_days)
        others_pence = alike.others_pence(purchase, since=since, session=session)
    return limit_rules.Counted(
        amount_pence=purchase.amount_pence,
        tolerance_pence=purchase.limit_pence - purchase.amount_pence,
        others_pence=others_pence,
    )


def item_to_buy(
    command: RequestPurchase, *, session: Session, trace: Trace
) -> tuple[PlanItem, UUID]:
    """Return the item, locked so that its purchases are counted one at a time, and the person."""
    plan = session.get(Plan, command.budget_id)
    if plan is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    if session.get(LiveBudget, command.budget_id) is None:
        raise NotKnownYetError("This budget is not known here to be active yet.")
    stop = session.get(BudgetStop, command.budget_id)
    if stop is not None and stop.stops_on <= trace.today:
        raise rules.BudgetStoppedError("This budget buys nothing new any more.")
    item = session.get(PlanItem, command.item_id, with_for_update=True)
    if item is None or (item.budget_id, item.plan_version) != (plan.budget_id, plan.version):
        raise rules.ItemNotInPlanError("This budget's plan has no such item.")
    return item, plan.person_id


def _answer_again(earlier: Purchase, command: RequestPurchase) -> Mapping[str, object]:
    asked = (command.budget_id, command.item_id, command.amount_pence)
    known = (earlier.budget_id, earlier.item_id, earlier.amount_pence)
    said = (command.requested_by, command.instruction)
    if asked != known or said != (earlier.requested_by, earlier.instruction):
        raise IdReusedError("Another purchase has this id.")
    return handlers.state_of(earlier)


def see_that_a_broker_asks(staff_id: UUID, person_id: UUID, *, session: Session) -> None:
    """Look whether somebody is the person's own broker.

    Raises:
        NotKnownYetError: the care team has not arrived here.
        NotOnCareTeamError: they are not.
    """
    if session.get(Broker, (person_id, staff_id)) is not None:
        return
    if session.get(CareTeam, person_id) is None:
        raise NotKnownYetError("The person's care team is not known here yet.")
    raise rules.NotOnCareTeamError("Only the person's own broker can buy for them.")


def _similar(
    command: RequestPurchase, item: PlanItem, session: Session, trace: Trace
) -> UUID | None:
    """Return the newest purchase of the same amount for the same item, or from the same payee.

    What was called off is no purchase.
    """
    like_it = (
        select(Purchase.purchase_id)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .where(Purchase.budget_id == command.budget_id)
        .where(Purchase.amount_pence == command.amount_pence)
        .where((Purchase.item_id == item.item_id) | (PlanItem.payee == item.payee))
        .where(Purchase.ending.is_(None))
        .where(Purchase.requested_at > trace.at - rules.SIMILAR_WITHIN)
        .order_by(Purchase.requested_at.desc())
        .limit(1)
    )
    return session.scalar(like_it)


def _purchases_of(item: PlanItem, *, session: Session) -> int:
    counted = (
        select(func.count())
        .select_from(Purchase)
        .where(Purchase.item_id == item.item_id)
        .where(Purchase.ending.is_(None) | (Purchase.captured_pence > 0))
    )
    return session.scalar(counted) or 0


def _purchase_requested(purchase: Purchase, *, trace: Trace) -> PurchaseRequested:
    return PurchaseRequested(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        item_id=purchase.item_id,
        amount_pence=purchase.amount_pence,
        tolerance_pence=purchase.tolerance_pence,
    )


def _tolerance_pence(command: RequestPurchase, item: PlanItem, rulebook: Rulebook) -> int:
    """Return what a shop may take beyond the amount.

    An invoice or a transfer is exact, and so is an allowance: it may be spent to its last penny.
    """
    if item.rail is not Rail.CARD or command.holder_id is not None:
        return 0
    share = tolerance_pence(rulebook.policy, amount_pence=command.amount_pence)
    most = command.most_tolerance_pence
    return share if most is None else min(share, most)
