"""What is said when: the table. One line for each event of which a person hears."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.messages.rules import Importance
from services.notifications.on_file.library import library
from services.notifications.people.rules import Channel

ANY = (Channel.SMS, Channel.EMAIL, Channel.LETTER)
WRITTEN = (Channel.EMAIL, Channel.LETTER)  # to keep, and not for whoever holds the phone


class Audience(enum.StrEnum):
    """Who is told. How to reach anybody else is in no event so far."""

    HOLDER = "holder"  # of the budget: the person


class TopicWithoutWordsError(Exception):
    """The table and the words on file do not fit together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing that people are told."""

    event: str  # without its version
    name: str  # of the topic and of its template
    audience: Audience
    channels: tuple[Channel, ...]
    importance: Importance


def _topic(
    event: str, name: str, channels: tuple[Channel, ...], *, critical: bool = False
) -> Topic:
    importance = Importance.CRITICAL if critical else Importance.NORMAL
    return Topic(
        event=event,
        name=name,
        audience=Audience.HOLDER,
        channels=channels,
        importance=importance,
    )


_TABLE = (
    _topic("assessment.referral_received", "request_received", ANY),
    _topic("assessment.referral_refused", "request_refused", WRITTEN),
    _topic("assessment.assessment_agreed", "assessment_agreed", ANY),
    _topic("assessment.worker_change_answered", "worker_change_answered", WRITTEN),
    _topic("assessment.indicative_budget_calculated", "indicative_budget", WRITTEN),
    _topic("assessment.budget_declined", "budget_declined", WRITTEN),
    _topic("assessment.plan_submitted", "plan_to_sign", ANY),
    _topic("assessment.plan_escalated", "plan_with_decider", ANY),
    _topic("assessment.plan_approved", "plan_approved", WRITTEN),
    _topic("assessment.plan_returned", "plan_returned", WRITTEN),
    _topic("assessment.plan_refused", "plan_refused", WRITTEN),
    _topic("assessment.plan_without_money_approved", "plan_without_money", WRITTEN),
    _topic("assessment.deadline_missed", "answer_late", ANY),
    _topic("assessment.complaint_made", "complaint_received", WRITTEN),
    _topic("assessment.complaint_answered", "complaint_answered", WRITTEN),
    _topic("assessment.appeal_lodged", "appeal_received", WRITTEN),
    _topic("assessment.appeal_decided", "appeal_decided", WRITTEN),
    _topic("assessment.crisis_plan_activated", "crisis_plan_active", ANY, critical=True),
    _topic("assessment.crisis_plan_activated", "substitute_manager", WRITTEN),  # if there is one
    _topic("assessment.crisis_plan_stood_down", "crisis_plan_ended", ANY),
    _topic("assessment.representative_changed", "representative_changed", WRITTEN),
    _topic("assessment.review_due", "rapid_review", ANY, critical=True),  # of kind rapid
    _topic("assessment.review_held", "review_held", WRITTEN),
    _topic("budget.budget_activated", "budget_ready", ANY),
    _topic("budget.budget_revised", "budget_changed", WRITTEN),
    _topic("budget.balance_low", "balance_low", ANY),
    _topic("budget.overspend_expected", "money_may_run_out", WRITTEN),
    _topic("budget.budget_ended", "budget_ended", WRITTEN),  # not of somebody who has died
    _topic("budget.refund_posted", "refund", ANY),
    # A notice is given in writing (SI 2013/1617, reg. 15); of a person who has died, not by us.
    _topic("budget.repayment_notified", "repayment_notified", WRITTEN),
    _topic("budget.repayment_reconsidered", "repayment_reconsidered", WRITTEN),
    _topic("budget.repayment_withdrawn", "repayment_withdrawn", WRITTEN),
    _topic("budget.return_overdue", "return_missing", ANY),
    _topic("payments.purchase_completed", "purchase_made", ANY),
    _topic("payments.purchase_approval_wanted", "purchase_being_checked", ANY),
    _topic("payments.purchase_refused", "purchase_refused", ANY),
    _topic("payments.authorisation_declined", "payment_declined", ANY, critical=True),
)


def check(topics: Mapping[str, Topic]) -> Mapping[str, Topic]:
    """Return the table if there are words for each line of it, and no others.

    Raises:
        TopicWithoutWordsError: names the topics that do not fit.
    """
    templates = library().templates
    unfit = sorted(templates.keys() ^ topics.keys()) + sorted(
        name
        for name, topic in topics.items()
        if name in templates
        and (templates[name].sms is None) != (Channel.SMS not in topic.channels)
    )
    if unfit:
        raise TopicWithoutWordsError(", ".join(unfit))
    return topics


TOPICS = check({topic.name: topic for topic in _TABLE})
