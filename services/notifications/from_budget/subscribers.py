"""What budget tells and people hear of, put into the facts of its topic."""

from dataclasses import replace

from sqlalchemy.orm import Session

from services.notifications.from_budget.rules import (
    decision_in_words,
    end_in_words,
    over_in_words,
    who_pays_in_words,
)
from services.notifications.messages import handlers
from services.notifications.messages.commands import Tell, about
from services.notifications.messages.rules import day_in_words
from shared.contracts.budget.budgets import BudgetActivated, BudgetEnded, BudgetRevised
from shared.contracts.budget.contributions import ContributionCalled, ContributionLate
from shared.contracts.budget.direct_payments import ReturnOverdue
from shared.contracts.budget.forecasts import OverspendExpected
from shared.contracts.budget.holds import BalanceLow, OverspendRecorded, RefundPosted
from shared.contracts.budget.repayments import (
    RepaymentNotified,
    RepaymentReconsidered,
    RepaymentWithdrawn,
)
from shared.money import pounds
from shared.trace import Trace


def tell_budget_ready(event: BudgetActivated, *, session: Session, trace: Trace) -> None:
    told = about(event, "budget_ready", available=pounds(event.available_pence))
    handlers.tell(told, session=session, trace=trace)


def tell_budget_changed(event: BudgetRevised, *, session: Session, trace: Trace) -> None:
    total, used = pounds(event.total_pence), pounds(event.used_pence)
    over = over_in_words(pounds(event.gap_pence) if event.gap_pence else None)
    told = about(event, "budget_changed", total=total, used=used, over=over)
    handlers.tell(told, session=session, trace=trace)


def tell_balance_low(event: BalanceLow, *, session: Session, trace: Trace) -> None:
    told = about(event, "balance_low", available=pounds(event.available_pence))
    handlers.tell(told, session=session, trace=trace)


def tell_money_may_run_out(event: OverspendExpected, *, session: Session, trace: Trace) -> None:
    total, expected = pounds(event.total_pence), pounds(event.expected_pence)
    told = about(event, "money_may_run_out", total=total, expected=expected)
    handlers.tell(told, session=session, trace=trace)


def tell_overspend(event: OverspendRecorded, *, session: Session, trace: Trace) -> None:
    """Tell the person, and whoever pays, that more was spent than was there.

    That a part of it was mended is not told: the refund is. Of what an earlier release told it
    is not known whom it concerns.
    """
    more_pence = event.overspent_pence - event.overspent_before_pence
    if event.person_id is None or more_pence <= 0:
        return
    overspent = pounds(event.overspent_pence)
    told = Tell(
        event_id=event.event_id,
        person_id=event.person_id,
        topic="overspend",
        facts={"overspent": overspent},
    )
    handlers.tell(told, session=session, trace=trace)
    by_number = {"reference": str(event.budget_id), "overspent": overspent}
    to_funders = replace(
        told, topic="overspend_of_budget", facts=by_number, named_ids=event.funder_ids
    )
    handlers.tell(to_funders, session=session, trace=trace)


def tell_contribution_called(event: ContributionCalled, *, session: Session, trace: Trace) -> None:
    """Tell who is named at an organisation what it is asked to pay; of a person nobody is."""
    if event.person_id is not None:
        told = Tell(
            event_id=event.event_id,
            person_id=event.person_id,
            topic="contribution_called",
            facts={
                "reference": str(event.budget_id),
                "amount": pounds(event.amount_pence),
                "due_on": day_in_words(event.due_on),
            },
            named_ids=[event.funder_id],
        )
        handlers.tell(told, session=session, trace=trace)


def tell_contribution_late(event: ContributionLate, *, session: Session, trace: Trace) -> None:
    """Tell who is named at an organisation that a day has passed, as often as budget does."""
    if event.person_id is not None:
        told = Tell(
            event_id=event.event_id,
            person_id=event.person_id,
            topic="contribution_late",
            facts={
                "reference": str(event.budget_id),
                "missing": pounds(event.missing_pence),
                "due_on": day_in_words(event.due_on),
            },
            named_ids=[event.funder_id],
        )
        handlers.tell(told, session=session, trace=trace)


def tell_refund(event: RefundPosted, *, session: Session, trace: Trace) -> None:
    refunded, available = pounds(event.refunded_pence), pounds(event.available_pence)
    told = about(event, "refund", refunded=refunded, available=available)
    handlers.tell(told, session=session, trace=trace)


def tell_repayment_notified(event: RepaymentNotified, *, session: Session, trace: Trace) -> None:
    """Give the person written notice of a repayment, with what the law asks for.

    Whoever acts for a person who has died is not known here: somebody must write to them.
    """
    if event.addressee == "person":
        told = about(
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
        told = about(
            event,
            "repayment_reconsidered",
            decision=decision_in_words(event.outcome, total=total),
            reason=event.reason,
        )
        handlers.tell(told, session=session, trace=trace)


def tell_repayment_withdrawn(event: RepaymentWithdrawn, *, session: Session, trace: Trace) -> None:
    if event.addressee == "person":
        told = about(event, "repayment_withdrawn", reason=event.reason)
        handlers.tell(told, session=session, trace=trace)


def tell_return_missing(event: ReturnOverdue, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "return_missing",
        amount=pounds(event.unevidenced_pence),
        since_on=day_in_words(event.since_on),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_budget_ended(event: BudgetEnded, *, session: Session, trace: Trace) -> None:
    """Tell that a budget ends, unless somebody has died: then it is not for a message to tell."""
    reason = end_in_words(event.reason)
    if reason is not None:
        ends_on = day_in_words(event.ends_on)
        told = about(event, "budget_ended", ends_on=ends_on, reason=reason)
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
