"""Each event that people hear of, put into the facts of its topic."""

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.messages import handlers
from services.notifications.messages.commands import Tell
from services.notifications.messages.rules import (
    NOTHING_MORE,
    NOTHING_TO_DO,
    appeal_in_words,
    change_in_words,
    day_in_words,
    decider_in_words,
    decision_in_words,
    london_day,
    refusal_in_words,
    who_pays_in_words,
)
from services.notifications.templates.rules import Fact
from shared.contracts.assessment.appeals import AppealDecided
from shared.contracts.assessment.crisis import CrisisPlanActivated
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.contracts.assessment.people import WorkerChangeAnswered
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.assessment.reviews import ReviewDue
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
)
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.contracts.budget.budgets import BudgetActivated
from shared.contracts.budget.direct_payments import ReturnOverdue
from shared.contracts.budget.holds import RefundPosted
from shared.contracts.budget.repayments import (
    RepaymentNotified,
    RepaymentReconsidered,
    RepaymentWithdrawn,
)
from shared.contracts.payments.decisions import AuthorisationDeclined
from shared.contracts.payments.purchases import (
    PurchaseApprovalWanted,
    PurchaseCompleted,
    PurchaseRefused,
)
from shared.money import pounds
from shared.trace import Trace


class _AboutPerson(Protocol):
    @property
    def event_id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID: ...


def _about(event: _AboutPerson, topic: str, **facts: Fact) -> Tell:
    return Tell(event_id=event.event_id, person_id=event.person_id, topic=topic, facts=facts)


def tell_request_received(event: ReferralReceived, *, session: Session, trace: Trace) -> None:
    told = _about(event, "request_received", answer_due_on=day_in_words(event.answer_due_on))
    handlers.tell(told, session=session, trace=trace)


def tell_request_refused(event: ReferralRefused, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "request_refused",
        reason=event.because,
        lines=event.alternatives,
        appeal_route=event.appeal_route,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_worker_change_answered(
    event: WorkerChangeAnswered, *, session: Session, trace: Trace
) -> None:
    told = _about(
        event,
        "worker_change_answered",
        answer=change_in_words(is_agreed=event.is_agreed),
        reason=event.reasons,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_indicative_budget(
    event: IndicativeBudgetCalculated, *, session: Session, trace: Trace
) -> None:
    told = _about(
        event,
        "indicative_budget",
        total=pounds(event.total_pence),
        lines=event.lines,
        what_would_change=event.what_would_change,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_budget_declined(event: BudgetDeclined, *, session: Session, trace: Trace) -> None:
    handlers.tell(_about(event, "budget_declined"), session=session, trace=trace)


def tell_plan_to_sign(event: PlanSubmitted, *, session: Session, trace: Trace) -> None:
    handlers.tell(_about(event, "plan_to_sign"), session=session, trace=trace)


def tell_plan_with_decider(event: PlanEscalated, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "plan_with_decider",
        decider=decider_in_words(event.rung),
        decision_due_on=day_in_words(event.decision_due_on),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_plan_returned(event: PlanReturned, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "plan_returned",
        reason=event.reasons,
        lines=[item.reasons for item in event.items] or [NOTHING_MORE],
    )
    handlers.tell(told, session=session, trace=trace)


def tell_plan_refused(event: PlanRefused, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "plan_refused",
        answer=refusal_in_words(is_in_part=event.is_in_part),
        reason=event.reasons,
        lines=[item.reasons for item in event.items] or [NOTHING_MORE],
        alternatives=event.alternatives,
        appeal_route=event.appeal_route,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_appeal_decided(event: AppealDecided, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "appeal_decided",
        answer=appeal_in_words(
            is_upheld=event.outcome == "upheld",
            is_reopened=event.is_reopened,
            is_of_amount=event.amount_version is not None,
        ),
        reason=event.reasons,
        next_route=event.next_route or NOTHING_TO_DO,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_plan_approved(event: PlanApproved, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "plan_approved",
        total=pounds(event.total_pence),
        decider=decider_in_words(event.decided_by_rung),
        lines=[_item_line(item) for item in event.items],
    )
    handlers.tell(told, session=session, trace=trace)


def tell_crisis_plan_active(event: CrisisPlanActivated, *, session: Session, trace: Trace) -> None:
    """Tell once that a crisis plan is in force; that it is prolonged says nothing new of that."""
    if event.version == 1:
        activated_on = day_in_words(london_day(event.activated_at))
        told = _about(event, "crisis_plan_active", activated_on=activated_on)
        handlers.tell(told, session=session, trace=trace)


def tell_rapid_review(event: ReviewDue, *, session: Session, trace: Trace) -> None:
    """Tell of a review that somebody asked for now. A planned one may be a year away."""
    if event.kind == "rapid":
        told = _about(event, "rapid_review", due_on=day_in_words(event.due_on))
        handlers.tell(told, session=session, trace=trace)


def tell_budget_ready(event: BudgetActivated, *, session: Session, trace: Trace) -> None:
    told = _about(event, "budget_ready", available=pounds(event.available_pence))
    handlers.tell(told, session=session, trace=trace)


def tell_refund(event: RefundPosted, *, session: Session, trace: Trace) -> None:
    refunded, available = pounds(event.refunded_pence), pounds(event.available_pence)
    told = _about(event, "refund", refunded=refunded, available=available)
    handlers.tell(told, session=session, trace=trace)


def tell_repayment_notified(event: RepaymentNotified, *, session: Session, trace: Trace) -> None:
    """Give the person written notice of a repayment, with what the law asks for.

    Whoever acts for a person who has died is not known here: somebody must write to them.
    """
    if event.addressee == "person":
        told = _about(
            event,
            "repayment_notified",
            total=pounds(event.amount_pence),
            reason=event.reason,
            who_pays=who_pays_in_words(event.paid_by, payable_on=event.payable_on),
            lines=_whose_it_is(event),
            notice_ends_on=day_in_words(event.notice_ends_on),
        )
        handlers.tell(told, session=session, trace=trace)


def tell_repayment_reconsidered(
    event: RepaymentReconsidered, *, session: Session, trace: Trace
) -> None:
    """Tell the person what came of a reconsideration, and why (SI 2013/1617, reg. 15(5))."""
    if event.addressee == "person":
        total = pounds(event.amount_pence)
        told = _about(
            event,
            "repayment_reconsidered",
            decision=decision_in_words(event.outcome, total=total),
            reason=event.reason,
        )
        handlers.tell(told, session=session, trace=trace)


def tell_repayment_withdrawn(event: RepaymentWithdrawn, *, session: Session, trace: Trace) -> None:
    if event.addressee == "person":
        told = _about(event, "repayment_withdrawn", reason=event.reason)
        handlers.tell(told, session=session, trace=trace)


def tell_return_missing(event: ReturnOverdue, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "return_missing",
        amount=pounds(event.unevidenced_pence),
        since_on=day_in_words(event.since_on),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_purchase_made(event: PurchaseCompleted, *, session: Session, trace: Trace) -> None:
    told = _about(
        event,
        "purchase_made",
        description=event.description,
        cost=pounds(event.posted_pence),
        available=pounds(event.available_pence),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_purchase_being_checked(
    event: PurchaseApprovalWanted, *, session: Session, trace: Trace
) -> None:
    due_on = day_in_words(london_day(event.due_at))
    told = _about(event, "purchase_being_checked", due_on=due_on)
    handlers.tell(told, session=session, trace=trace)


def tell_purchase_refused(event: PurchaseRefused, *, session: Session, trace: Trace) -> None:
    told = _about(event, "purchase_refused", reason=event.reason, next_step=event.next_step)
    handlers.tell(told, session=session, trace=trace)


def tell_payment_declined(event: AuthorisationDeclined, *, session: Session, trace: Trace) -> None:
    """Tell of a payment that did not go through. One that did is told when it is booked."""
    told = _about(
        event,
        "payment_declined",
        amount=pounds(event.amount_pence),
        reason=event.reason,
        next_step=event.next_step,
    )
    handlers.tell(told, session=session, trace=trace)


def _whose_it_is(event: RepaymentNotified) -> list[str]:
    """Return to whom a repayment goes, in lines: the person's own part is told apart."""
    persons_pence = event.to_person_pence + event.charge_lowered_pence
    lines = {
        "Back to those who pay for your care": event.amount_pence - persons_pence,
        "Back to you, of what you have paid": event.to_person_pence,
        "Less for you to pay": event.charge_lowered_pence,
    }
    return [f"{whose}: {pounds(pence)}" for whose, pence in lines.items() if pence]


def _item_line(item: ApprovedItem) -> str:
    if item.occurrences == 1:
        return f"{item.description}: {pounds(item.total_pence)}"
    each, whole = pounds(item.unit_cost_pence), pounds(item.total_pence)
    return f"{item.description}: {item.occurrences} times {each}, together {whole}"
