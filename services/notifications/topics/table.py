"""What is said when: the table. One line for each event of which somebody hears."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notifications.audiences.rules import Concern
from services.notifications.on_file.library import library
from services.notifications.people.rules import STAFF, Audience, Channel
from services.notifications.topics.rules import Importance

ANY = (Channel.SMS, Channel.EMAIL, Channel.LETTER)
WRITTEN = (Channel.EMAIL, Channel.LETTER)  # to keep, and not for whoever holds the phone
AT_WORK = (Channel.EMAIL,)
TO_REPRESENTATIVES = (Channel.EMAIL, Channel.SMS)  # a text says no more than that there is news
MONEY, PLAN, OTHER = Concern


class TopicWithoutWordsError(Exception):
    """The table and the words on file do not fit together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing that people are told."""

    event: str  # without its version
    name: str  # of the topic and of its template
    audiences: tuple[Audience, ...]
    concern: Concern
    channels: tuple[Channel, ...]  # to the person
    importance: Importance

    def channels_to(self, audience: Audience) -> tuple[Channel, ...]:
        """Return by which channels somebody may be told."""
        if audience in STAFF:
            return AT_WORK
        return TO_REPRESENTATIVES if audience is Audience.REPRESENTATIVE else self.channels

    def importance_to(self, audience: Audience) -> Importance:
        """Return how much it matters to somebody. Nothing passes the working hours of staff."""
        return Importance.NORMAL if audience in STAFF else self.importance

    def words_for(self, audience: Audience) -> str:
        """Return the name of the words on file that are for somebody beside the person."""
        if audience is Audience.REPRESENTATIVE:
            return f"copy_{self.concern}"
        return f"{self.name}_{audience}"


def _topic(
    event: str,
    name: str,
    channels: tuple[Channel, ...],
    concern: Concern | None = None,
    *,
    critical: bool = False,
    staff: tuple[Audience, ...] = (),
) -> Topic:
    """Return a topic of which the person hears, and whoever acts for them if it has a concern."""
    copied = () if concern is None else (Audience.REPRESENTATIVE,)
    return Topic(
        event=event,
        name=name,
        audiences=(Audience.HOLDER, *copied, *staff),
        concern=concern or OTHER,
        channels=channels,
        importance=Importance.CRITICAL if critical else Importance.NORMAL,
    )


def _for_staff(event: str, name: str, audience: Audience) -> Topic:
    return Topic(
        event=event,
        name=name,
        audiences=(audience,),
        concern=OTHER,
        channels=(),
        importance=Importance.NORMAL,
    )


_TABLE = (
    _topic("assessment.referral_received", "request_received", ANY, OTHER),
    _topic("assessment.referral_refused", "request_refused", WRITTEN, OTHER),
    _topic("assessment.assessment_booked", "assessment_booked", ANY, OTHER),
    _topic("assessment.assessment_agreed", "assessment_agreed", ANY, OTHER),
    _topic("assessment.worker_change_answered", "worker_change_answered", WRITTEN, OTHER),
    _topic("assessment.indicative_budget_calculated", "indicative_budget", WRITTEN, MONEY),
    _topic("assessment.budget_declined", "budget_declined", WRITTEN, MONEY),
    _topic("assessment.plan_submitted", "plan_to_sign", ANY, PLAN),
    _topic("assessment.plan_escalated", "plan_with_decider", ANY, PLAN, staff=(Audience.DECIDER,)),
    _topic("assessment.plan_approved", "plan_approved", WRITTEN, PLAN),
    _topic("assessment.plan_returned", "plan_returned", WRITTEN, PLAN),
    _topic("assessment.plan_refused", "plan_refused", WRITTEN, PLAN),
    _topic("assessment.plan_without_money_approved", "plan_without_money", WRITTEN, PLAN),
    _topic("assessment.deadline_missed", "answer_late", ANY, OTHER),
    _topic("assessment.complaint_made", "complaint_received", WRITTEN),
    _topic("assessment.complaint_answered", "complaint_answered", WRITTEN),
    _topic("assessment.appeal_lodged", "appeal_received", WRITTEN, OTHER),
    _topic("assessment.appeal_decided", "appeal_decided", WRITTEN, OTHER),
    # Kept to the person: it may be about whoever acts for them.
    _topic("assessment.emergency_access_opened", "record_opened", ANY),
    _topic("assessment.crisis_plan_activated", "crisis_plan_active", ANY, OTHER, critical=True),
    _topic(
        "assessment.crisis_plan_activated", "substitute_manager", WRITTEN, OTHER
    ),  # if there is one
    _topic("assessment.crisis_plan_stood_down", "crisis_plan_ended", ANY, OTHER),
    _topic("assessment.representative_changed", "representative_changed", WRITTEN),
    _topic("assessment.review_due", "rapid_review", ANY, PLAN, critical=True),  # of kind rapid
    _topic("assessment.review_held", "review_held", WRITTEN, PLAN),
    _topic("budget.budget_activated", "budget_ready", ANY, MONEY),
    _topic("budget.budget_revised", "budget_changed", WRITTEN, MONEY),
    _topic("budget.balance_low", "balance_low", ANY, MONEY),
    _topic("budget.overspend_expected", "money_may_run_out", WRITTEN, MONEY),
    _topic("budget.overspend_recorded", "overspend", ANY, MONEY),
    _topic("budget.budget_ended", "budget_ended", WRITTEN, MONEY),  # not of somebody who has died
    _topic("budget.refund_posted", "refund", ANY, MONEY),
    # A notice is given in writing (SI 2013/1617, reg. 15); of a person who has died, not by us.
    _topic("budget.repayment_notified", "repayment_notified", WRITTEN, MONEY),
    _topic("budget.repayment_reconsidered", "repayment_reconsidered", WRITTEN, MONEY),
    _topic("budget.repayment_withdrawn", "repayment_withdrawn", WRITTEN, MONEY),
    _topic("budget.return_overdue", "return_missing", ANY, MONEY),
    _topic("payments.direct_payment_paid", "money_paid_in", ANY, MONEY),
    _topic("payments.purchase_completed", "purchase_made", ANY, MONEY),
    _topic("payments.purchase_approval_wanted", "purchase_being_checked", ANY, MONEY),
    _topic("payments.purchase_refused", "purchase_refused", ANY, MONEY),
    _topic(
        "payments.authorisation_declined",
        "payment_declined",
        ANY,
        MONEY,
        critical=True,
        staff=(Audience.BROKER,),
    ),
    # Of what nobody but those who work on it hears.
    _for_staff("payments.receipt_missing", "receipt_wanted", Audience.BROKER),
    _for_staff("assessment.deadline_missed", "deadline_missed", Audience.COORDINATOR),
    _for_staff("notifications.message_undeliverable", "undeliverable", Audience.COORDINATOR),
    _for_staff("assessment.emergency_answer_wanted", "emergency_answer_wanted", Audience.SECOND),
    # Of a budget by its number alone: who pays is told nothing of whose it is.
    _for_staff("budget.contribution_called", "contribution_called", Audience.FUNDER),
    _for_staff("budget.contribution_late", "contribution_late", Audience.FUNDER),
    _for_staff("budget.overspend_recorded", "overspend_of_budget", Audience.FUNDER),
)


def check(topics: Mapping[str, Topic]) -> Mapping[str, Topic]:
    """Return the table if there are words for each line of it, and no others.

    Raises:
        TopicWithoutWordsError: names the topics that do not fit.
    """
    templates, others = library().templates, library().others
    theirs = {name: one for name, one in topics.items() if Audience.HOLDER in one.audiences}
    wanted = {
        (topic.words_for(audience), audience)
        for topic in topics.values()
        for audience in topic.audiences
        if audience is not Audience.HOLDER
    }
    there = {(name, words.audience) for name, words in others.items()}
    unfit = sorted(templates.keys() ^ theirs.keys()) + sorted(name for name, _ in wanted ^ there)
    unfit += sorted(
        name
        for name, topic in theirs.items()
        if name in templates
        and (templates[name].sms is None) != (Channel.SMS not in topic.channels)
    )
    if unfit:
        raise TopicWithoutWordsError(", ".join(unfit))
    return topics


TOPICS = check({topic.name: topic for topic in _TABLE})
