"""The table of what is said when: complete, and fitting the words and the broker's manifest."""

from datetime import UTC, date, datetime

import pytest

from services.notifications.choices.rules import london_day
from services.notifications.from_assessment.rules import decider_in_words
from services.notifications.from_budget.rules import decision_in_words, who_pays_in_words
from services.notifications.messages.rules import DeliveryState, day_in_words, is_later
from services.notifications.people.rules import STAFF, Audience, Channel
from services.notifications.service import NotificationsService
from services.notifications.topics.table import TOPICS, TopicWithoutWordsError, check
from shared.contracts.listeners import LISTENERS
from shared.messaging.entrypoints import Subscription

OUR_OWN = {"notifications.message_undeliverable"}  # told by whoever finds it out, in here
OF_PEOPLE = {
    "assessment.contact_details_changed",
    "assessment.care_team_changed",
    "assessment.people_merged",
    "assessment.person_died",
    "assessment.death_corrected",
    "assessment.emergency_access_ended",  # says who may read no more; the person was told why
    "budget.funder_contact_named",
}


def listened_to():
    return {event for event, listeners in LISTENERS.items() if "notifications" in listeners}


def test_every_event_that_arrives_is_told_or_says_how_people_are_reached():
    assert {topic.event for topic in TOPICS.values()} | OF_PEOPLE == listened_to() | OUR_OWN


def test_the_service_subscribes_to_every_event_that_arrives():
    subscribed = {
        entrypoint.event_class.event_type.rpartition(".")[0]
        for member in vars(NotificationsService).values()
        for entrypoint in getattr(member, "nameko_entrypoints", ())
        if isinstance(entrypoint, Subscription)
    }

    assert subscribed == listened_to()


def test_figures_of_a_budget_and_decisions_go_in_writing_only():
    written = {
        name
        for name, topic in TOPICS.items()
        if Audience.HOLDER in topic.audiences and Channel.SMS not in topic.channels
    }

    assert written == {
        "indicative_budget",
        "budget_declined",
        "plan_approved",
        "plan_returned",
        "plan_refused",
        "appeal_decided",
        "repayment_notified",
        "repayment_reconsidered",
        "repayment_withdrawn",
        "request_refused",
        "worker_change_answered",
        "plan_without_money",
        "complaint_received",
        "complaint_answered",
        "appeal_received",
        "substitute_manager",
        "representative_changed",
        "review_held",
        "budget_changed",
        "money_may_run_out",
        "budget_ended",
    }


def test_a_topic_without_words_stops_the_start():
    without = {name: topic for name, topic in TOPICS.items() if name != "refund"}

    with pytest.raises(TopicWithoutWordsError, match="refund"):
        check(without)


def test_a_topic_for_texts_without_a_text_stops_the_start():
    swapped = {**TOPICS, "budget_declined": TOPICS["refund"]}

    with pytest.raises(TopicWithoutWordsError, match="budget_declined"):
        check(swapped)


def test_who_hears_of_what_beside_the_person():
    staff = {
        (name, audience)
        for name, topic in TOPICS.items()
        for audience in topic.audiences
        if audience in STAFF
    }
    kept_to_the_person = {
        name for name, topic in TOPICS.items() if topic.audiences == (Audience.HOLDER,)
    }

    assert staff == {
        ("payment_declined", "broker"),
        ("receipt_wanted", "broker"),
        ("deadline_missed", "coordinator"),
        ("undeliverable", "coordinator"),
        ("plan_with_decider", "decider"),
        ("emergency_answer_wanted", "second"),
        ("contribution_called", "funder"),
        ("contribution_late", "funder"),
        ("overspend_of_budget", "funder"),
    }
    # A complaint may be about whoever acts for them, and so may an emergency.
    assert kept_to_the_person == {
        "representative_changed",
        "complaint_received",
        "complaint_answered",
        "record_opened",
    }


def test_staff_get_emails_and_representatives_no_letters():
    for topic in TOPICS.values():
        assert {topic.channels_to(one) for one in STAFF} == {(Channel.EMAIL,)}
        assert Channel.LETTER not in topic.channels_to(Audience.REPRESENTATIVE)
        assert {topic.importance_to(one) for one in STAFF} == {"normal"}


@pytest.mark.parametrize("gone", ["receipt_wanted", "deadline_missed"])
def test_words_for_others_that_nobody_is_told_stop_the_start(gone):
    without = {name: topic for name, topic in TOPICS.items() if name != gone}

    with pytest.raises(TopicWithoutWordsError, match=gone):
        check(without)


def test_dates_and_deciders_are_put_into_words():
    assert day_in_words(date(2026, 3, 3)) == "3 March 2026"
    assert decider_in_words("risk_enablement_panel") == "risk enablement panel"


@pytest.mark.parametrize(
    ("paid_by", "words"),
    [
        ("host", "You do not have to do anything. It is paid from your budget by 3 March 2026."),
        ("person", "You pay it back by 3 March 2026."),
        ("nominee", "Your nominee pays it back by 3 March 2026."),
        ("representative", "Your representative pays it back by 3 March 2026."),
    ],
)
def test_who_must_pay_something_back_is_put_into_words(paid_by, words):
    assert who_pays_in_words(paid_by, payable_on=date(2026, 3, 3)) == words


def test_what_a_reconsideration_came_to_is_put_into_words():
    assert decision_in_words("upheld", total="£8.00") == "We still plan to take back £8.00."
    assert decision_in_words("reduced", total="£8.00") == "We take back less. It is £8.00 now."
    assert decision_in_words("withdrawn", total="£0.00") == "We do not take anything back."


def test_the_day_is_the_one_on_calendars_in_london():
    assert london_day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_a_delivery_only_ever_moves_on():
    ready, withdrawn, accepted, failed, delivered = DeliveryState

    assert is_later(withdrawn, than=ready)
    assert is_later(accepted, than=withdrawn)
    assert is_later(delivered, than=failed)
    assert not is_later(failed, than=delivered)
    assert not is_later(accepted, than=failed)
    assert not is_later(delivered, than=delivered)
