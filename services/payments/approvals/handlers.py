"""What a second person says of a purchase, and what the broker makes of it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.payments.approvals import rules
from services.payments.approvals.commands import AmendPurchase, DecideOnPurchase
from services.payments.approvals.models import ApprovalDecision
from services.payments.approvals.rules import Decision
from services.payments.entitlements.models import Broker
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.holds import handlers as holds
from services.payments.limits.approvers import see_that_they_may_approve
from services.payments.purchases import handlers as purchases
from services.payments.purchases import rules as purchase_rules
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import (
    Approval,
    Ending,
    PurchaseState,
    Step,
    see_that_it_is_possible,
)
from services.payments.requesting.handlers import ask_for_approval
from shared.trace import Trace

STEPS: Mapping[Decision, Step] = {
    Decision.APPROVED: Step.APPROVE,
    Decision.RETURNED: Step.RETURN,
    Decision.REJECTED: Step.REJECT,
}


def decide_on_purchase(
    command: DecideOnPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep what the approver says, and let it have its effect, once.

    Raises:
        NotFoundError: no such purchase.
        NotPossibleNowError: nobody is asked, or somebody has answered.
        SamePersonError, NotAllowedToApproveError: somebody else must answer.
    """
    purchase = purchases.locked(session, command.purchase_id)
    if _is_repeat(purchase, command, session=session):
        return {"state": purchase.state}
    see_that_it_is_possible(STEPS[command.decision], purchase.state)
    see_that_they_may_approve(
        command.decided_by,
        asked_by=purchase.requested_by,
        person_id=purchase.person_id,
        counted_pence=purchase.counted_pence,
        session=session,
        trace=trace,
    )
    session.add(
        ApprovalDecision(
            purchase_id=purchase.purchase_id,
            number=purchase.askings,
            decision=command.decision,
            decided_by=command.decided_by,
            reason=command.reason,
            amount_pence=purchase.amount_pence,
            counted_pence=purchase.counted_pence,
            decided_at=trace.at,
        )
    )
    _end_task(purchase, command.decided_by, command.decision, session=session, trace=trace)
    if command.decision is Decision.APPROVED:
        purchase.approval = Approval.GIVEN
        purchase.restate()
        holds.open_way_to_pay(purchase, session=session, trace=trace)
    elif command.decision is Decision.RETURNED:
        _give_back(purchase, session=session, trace=trace)
    else:
        _reject(purchase, command.reason, session=session, trace=trace)
    return {"state": purchase.state}


def amend_purchase(
    command: AmendPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Ask again for what came back. A smaller amount may need nobody's approval any more.

    Raises:
        NotFoundError: no such purchase.
        NotPossibleNowError: it has not come back.
        NotOnCareTeamError: only the person's broker amends.
        AmountAboveFirstError: more is asked for than before.
        NobodyMayApproveError: with what was asked for like it, nobody may approve it any more.
    """
    purchase = purchases.locked(session, command.purchase_id)
    said = (command.amount_pence, command.instruction)
    is_over = purchase.state is not PurchaseState.RETURNED
    if is_over and purchase.askings > 1 and said == (purchase.amount_pence, purchase.instruction):
        return {"state": purchase.state}
    see_that_it_is_possible(Step.AMEND, purchase.state)
    if session.get(Broker, (purchase.person_id, command.amended_by)) is None:
        raise purchase_rules.NotOnCareTeamError("Only the person's own broker can amend it.")
    rules.see_that_it_is_no_more(
        amount_pence=command.amount_pence, first_pence=purchase.amount_pence
    )
    _end_task(purchase, command.amended_by, "amended", session=session, trace=trace)
    purchase.askings += 1
    purchase.requested_by = command.amended_by
    # What a shop may take beyond it shrinks with it.
    purchase.tolerance_pence = (
        purchase.tolerance_pence * command.amount_pence // purchase.amount_pence
    )
    purchase.amount_pence, purchase.instruction = said
    ask_for_approval(purchase, session=session, trace=trace)
    if purchase.held_pence > purchase.reserved_pence:
        purchases.add_up(purchase, session=session, trace=trace)
    holds.open_way_to_pay(purchase, session=session, trace=trace)
    return {"state": purchase.state}


def _is_repeat(purchase: Purchase, command: DecideOnPurchase, *, session: Session) -> bool:
    known = session.get(ApprovalDecision, (purchase.purchase_id, purchase.askings))
    return known is not None and (known.decision, known.decided_by, known.reason) == (
        command.decision,
        command.decided_by,
        command.reason,
    )


def _give_back(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Let the broker change it; the money stays held meanwhile."""
    purchase.approval = Approval.RETURNED
    purchase.restate()
    task = RaiseException(
        kind=ExceptionKind.PURCHASE_RETURNED,
        about=f"purchase/{purchase.purchase_id}/{purchase.askings}",
        purchase_id=purchase.purchase_id,
        amount_pence=purchase.amount_pence,
    )
    exceptions.raise_exception(task, session=session, trace=trace)


def _reject(purchase: Purchase, reason: str, *, session: Session, trace: Trace) -> None:
    is_held = purchase.held_pence > 0
    purchases.refuse(
        purchase,
        code="approval_refused",
        reason=f"It was not approved: {reason}",
        next_step="Talk with your broker about what would be possible instead.",
        ending=Ending.REJECTED,
        session=session,
        trace=trace,
    )
    if not is_held:  # the ledger may be placing the hold right now
        purchases.tell_amounts(purchase, session=session, trace=trace)


def _end_task(
    purchase: Purchase, staff_id: UUID, why: str, *, session: Session, trace: Trace
) -> None:
    exceptions.end_of_purchase(
        purchase.purchase_id, by=staff_id, reason=why, session=session, trace=trace
    )
