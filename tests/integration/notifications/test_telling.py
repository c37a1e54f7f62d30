"""Every event that a person hears of becomes the right message, once."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from marshmallow import ValidationError
from sqlalchemy import func, select

from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.messages import handlers, queries
from services.notifications.messages.commands import Tell
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.schemas import MessagesAsked, MessagesForm
from services.notifications.people.rules import Audience
from services.notifications.people.subscribers import keep_death, keep_life, keep_merged
from services.notifications.templates.wording import FactsUnfitError
from services.notifications.topics.table import TOPICS
from shared.errors import NotKnownYetError
from shared.messaging.tables import Errand
from tests.factories import a_trace
from tests.integration.notifications import facts

TOLD = [
    (assessment.tell_request_received, facts.referral_received, ["22 December 2026"]),
    (
        assessment.tell_indicative_budget,
        facts.indicative_budget,
        [
            "£2,022.87",
            "* NHS: £1,028",
            "would change it, and what would not:\n\n* Feeling safe: one more of the worst days",
        ],
    ),
    (
        assessment.tell_assessment_booked,
        facts.assessment_booked,
        [
            "We do this on 1 December 2026 at 10:30.",
            "Please come to this place: The Old Library, 2 Example Street",
            "* Jo Abu as your care coordinator\n* Priya Example as your nurse",
            "This is the first day that we have booked.",
        ],
    ),
    (
        assessment.tell_record_opened,
        facts.emergency_access_opened,
        [
            "It was a practitioner, for Aldermoor Mental Health NHS Trust.",
            "on 24 November 2026. They can read it for one day, and can change nothing.",
            "They had to help you, and could reach nobody who works with you.",
            "you can complain",
        ],
    ),
    (
        budget.tell_overspend,
        facts.overspend_recorded,
        [
            "It cost £2.00 more than was there.",
            "Your care goes on.",
            "Nobody takes money from you now",
            "please call us.",
            "Or call us on 01632 960123.",
        ],
    ),
    (
        payments.tell_money_paid_in,
        facts.direct_payment_paid,
        ["The bank has paid £120.00 from your budget."],
    ),
    (assessment.tell_budget_declined, facts.budget_declined, ["services stay as they are"]),
    (assessment.tell_plan_to_sign, facts.plan_submitted, ["plan is ready"]),
    (
        assessment.tell_plan_with_decider,
        facts.plan_escalated,
        ["the multidisciplinary team.", "by 1 December 2026"],
    ),
    (
        assessment.tell_plan_approved,
        facts.plan_approved,
        [
            "£240.00",
            "The team manager",
            "* Drum lessons: 10 times £20.00, together £200.00\n* A practice pad: £40.00",
        ],
    ),
    (assessment.tell_crisis_plan_active, facts.crisis_plan_activated, ["from 24 November 2026"]),
    (assessment.tell_rapid_review, facts.review_due, ["by 27 November 2026"]),
    (budget.tell_budget_ready, facts.budget_activated, ["£240.00"]),
    (budget.tell_refund, facts.refund_posted, ["£20.00", "£240.00"]),
    (
        budget.tell_repayment_notified,
        facts.repayment_notified,
        [
            "take £800.00 of",
            "eight weeks of it",
            "pay for your care: £760.00\n* Back to you, of what you have paid: £25.00\n* Less",
            "do not have to do anything. It is paid from your budget by 4 January 2027.",
            "ask us to think again",
            "before 15 December 2026",
        ],
    ),
    (
        budget.tell_repayment_reconsidered,
        facts.repayment_reconsidered,
        ["It is £600.00 now.", "A course is still to be paid."],
    ),
    (budget.tell_repayment_withdrawn, facts.repayment_withdrawn, ["The budget has ended."]),
    (
        assessment.tell_worker_change_answered,
        facts.worker_change_answered,
        ["Somebody else will work with you.", "You want a woman to come."],
    ),
    (
        assessment.tell_request_refused,
        facts.referral_refused,
        ["Another area looks after you.", "Your own GP", "Write to the complaints team"],
    ),
    (
        assessment.tell_plan_returned,
        facts.plan_returned,
        ["We do not see what the course is for.", "Say which goal it serves.", "sign it again"],
    ),
    (
        assessment.tell_plan_refused,
        facts.plan_refused,
        [
            "a part of your plan, and another part not",
            "The law does not let a budget pay for it.",
            "It is a debt.",
            "The advice centre helps with debts.",
            "Write to the appeals team.",
        ],
    ),
    (
        assessment.tell_appeal_decided,
        facts.appeal_decided,
        ["You were right.", "Nobody had asked you what it is for.", "do not have to do anything"],
    ),
    (
        budget.tell_return_missing,
        facts.return_overdue,
        ["£120.00", "31 August", "somebody will help you", "Your payments go on."],
    ),
    (payments.tell_purchase_made, facts.purchase_completed, ["Drum lessons", "£220.00"]),
    (
        payments.tell_purchase_being_checked,
        facts.purchase_approval_wanted,
        ["somebody else looks at it first", "26 November"],
    ),
    (payments.tell_purchase_refused, facts.purchase_refused, ["not enough money", "talk to"]),
    (payments.tell_payment_declined, facts.authorisation_declined, ["£15.00", "another kind"]),
    (assessment.tell_assessment_agreed, facts.assessment_agreed, ["told us what matters to you"]),
    (
        assessment.tell_plan_without_money,
        facts.plan_without_money_approved,
        ["The care coordinator made the decision.", "no budget to pay it from"],
    ),
    (
        assessment.tell_answer_late,
        facts.deadline_missed,
        ["by 1 December 2026: the decision about your plan.", "We are sorry."],
    ),
    (assessment.tell_complaint_received, facts.complaint_made, ["by 4 January 2027"]),
    (assessment.tell_complaint_answered, facts.complaint_answered, ["has been answered"]),
    (assessment.tell_appeal_received, facts.appeal_lodged, ["answer by 22 December 2026"]),
    (assessment.tell_crisis_plan_ended, facts.crisis_plan_stood_down, ["on 22 December 2026"]),
    (
        assessment.tell_representative_changed,
        lambda: facts.representative_changed(
            ("attorney", "Dilys Example", ["manage_money", "sign_plan"]), ("friend", "Bo", [])
        ),
        ["* Dilys Example, your attorney: may look after your money, sign your plan\n* Bo\n"],
    ),
    (
        assessment.tell_review_held,
        facts.review_held,
        ["on 24 November 2026", "again by 24 November 2027."],
    ),
    (
        budget.tell_budget_changed,
        facts.budget_revised,
        ["it is £360.00.", "Of this, £120.00 is spent", "do not have to do anything"],
    ),
    (budget.tell_balance_low, facts.balance_low, ["£29.00 left", "What is in your plan goes on."]),
    (
        budget.tell_money_may_run_out,
        facts.overspend_expected,
        ["has £5,200.00", "comes to £6,400.00", "Your services go on."],
    ),
    (budget.tell_budget_ended, facts.budget_ended, ["24 November 2026. Your plan has come to"]),
]


def test_every_topic_is_tried_here():
    together = {"substitute_manager"}  # told beside that a crisis plan is in force
    theirs = {name for name, topic in TOPICS.items() if Audience.HOLDER in topic.audiences}

    assert len(TOLD) == len(theirs - together)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_at": datetime(2026, 7, 1, 9, tzinfo=UTC)}, ["on 1 July 2026 at 10:00."]),
        ({"starts_at": datetime(2026, 6, 30, 23, 30, tzinfo=UTC)}, ["1 July 2026 at 00:30."]),
        ({"version": 2}, ["The day, the time or the place has changed. This is what counts now."]),
        ({"way": "at_home", "place": None}, ["We come to your home."]),
        ({"way": "by_phone", "place": None}, ["We talk on the phone. We call you."]),
        ({"way": "by_video", "place": None}, ["We talk by video."]),
    ],
)
def test_a_booking_says_when_where_and_whether_it_has_changed(known, hear, messages, changed, said):
    known(preferred_channel="letter")

    hear((assessment.tell_assessment_booked, facts.assessment_booked(**changed)))

    (message,) = messages()
    assert all(words in message.body for words in said)


def test_of_money_that_an_earlier_release_told_nobody_is_told(known, hear, messages):
    known()

    hear((payments.tell_money_paid_in, facts.direct_payment_paid(person_id=None)))

    assert messages() == []


@pytest.mark.parametrize("told", TOLD)
def test_a_letter_says_what_happened_and_whom_to_ask(known, team, hear, messages, told):
    subscriber, event, said = told
    known(preferred_channel="letter")
    team(("care_coordinator", "Jo Abu"))

    hear((subscriber, event()))

    (message,) = messages()
    assert message.channel == "letter"
    assert message.body.startswith("Dear Alex Sample,")
    assert "Ask Jo Abu, your care coordinator." in message.body
    assert all(words in message.body for words in said)
    assert "((" not in message.body


@pytest.mark.parametrize("told", TOLD)
def test_a_text_says_little_and_what_must_be_written_goes_by_email(known, hear, messages, told):
    subscriber, event, _ = told
    known(preferred_channel="sms")

    hear((subscriber, event()))

    (message,) = messages()
    if "sms" in TOPICS[message.topic].channels:
        assert message.channel == "sms"
        assert message.subject is None
        assert message.body.startswith("Alex, ")
        assert "£" not in message.body
    else:
        assert message.channel == "email"
        assert "£" not in message.subject


def test_that_the_same_people_act_for_them_is_no_news(known, hear, messages):
    known()
    first = facts.representative_changed(("attorney", "Dilys Example", ["sign_plan"]))

    for event in (first, replace(first, event_id=uuid4(), version=2)):
        hear((assessment.tell_representative_changed, event))

    assert len(messages()) == 1


@pytest.mark.parametrize("told", TOLD)
def test_until_it_is_known_how_a_person_is_reached_nothing_is_written(hear, messages, told):
    subscriber, event, _ = told
    with pytest.raises(NotKnownYetError):
        hear((subscriber, event()))

    assert messages() == []


def test_a_crisis_plan_that_is_prolonged_is_not_told_a_second_time(known, hear, messages):
    known(preferred_channel="email")

    for version in (2, 1):
        event = facts.crisis_plan_activated(version=version)
        hear((assessment.tell_crisis_plan_active, event))

    assert len(messages()) == 1


def test_who_looks_after_a_budget_in_a_crisis_is_told_in_writing(known, hear, messages):
    known(preferred_channel="sms")

    event = facts.crisis_plan_activated(substitute_manager="Sam, my sister")
    hear(*[(assessment.tell_crisis_plan_active, event)] * 2)

    told = {message.topic: message for message in messages()}
    assert told.keys() == {"crisis_plan_active", "substitute_manager"}
    assert "It is now: Sam, my sister" in told["substitute_manager"].body
    assert told["substitute_manager"].channel == "email"
    assert "Sam" not in told["crisis_plan_active"].body


@pytest.mark.parametrize(
    ("subscriber", "event"),
    [
        (assessment.tell_answer_late, lambda: facts.deadline_missed(stage="signature")),
        (assessment.tell_assessment_agreed, lambda: facts.assessment_agreed(version=2)),
        (budget.tell_budget_ended, lambda: facts.budget_ended(reason="died")),
        (
            assessment.tell_crisis_plan_ended,
            lambda: facts.crisis_plan_stood_down(ended_by="case_closed"),
        ),
    ],
)
def test_what_is_nothing_new_to_a_person_is_not_told(known, hear, messages, subscriber, event):
    known()

    hear((subscriber, event()))

    assert messages() == []


@pytest.mark.parametrize(
    "told",
    [
        (assessment.tell_representative_changed, facts.representative_changed, "Nobody acts"),
        (
            assessment.tell_review_held,
            lambda: facts.review_held(next_due_on=None),
            "The next date is not fixed yet.",
        ),
        (
            budget.tell_budget_changed,
            lambda: facts.budget_revised(gap_pence=20_00),
            "It is £20.00 less than what was used. Your care goes on",
        ),
        (budget.tell_budget_ended, lambda: facts.budget_ended(reason="moved"), "another area"),
    ],
)
def test_what_goes_another_way_is_said(known, hear, messages, told):
    subscriber, event, said = told
    known()

    hear((subscriber, event()))

    (message,) = messages()
    assert said in message.body


def test_who_has_two_ids_hears_once_who_acts_for_them(known, hear, messages):
    other = uuid4()
    known()
    known(person_id=other)
    hear((keep_merged, facts.people_merged(other, facts.ALEX)))

    for person_id in (other, facts.ALEX):
        event = facts.representative_changed(person_id=person_id)
        hear((assessment.tell_representative_changed, event))

    assert [message.person_id for message in messages()] == [facts.ALEX]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "It is decided on anew, by somebody else."),
        ({"is_reopened": False}, "Your plan can be changed"),
        ({"amount_version": 2}, "We work the amount out again with you."),
        ({"amount_version": 2, "is_reopened": False}, "worked out again since you asked."),
        ({"amount_version": 2, "outcome": "not_upheld"}, "The decision stays as it was."),
    ],
)
def test_what_came_of_an_appeal_is_said(known, hear, messages, changes, said):
    known(preferred_channel="email")

    hear((assessment.tell_appeal_decided, facts.appeal_decided(**changes)))

    (message,) = messages()
    assert said in message.body


REPRESENTATIVES = [
    (budget.tell_repayment_notified, facts.repayment_notified),
    (budget.tell_repayment_reconsidered, facts.repayment_reconsidered),
    (budget.tell_repayment_withdrawn, facts.repayment_withdrawn),
]


@pytest.mark.parametrize(("subscriber", "event"), REPRESENTATIVES)
def test_nobody_writes_to_a_person_who_has_died(known, hear, messages, subscriber, event):
    known()

    hear((subscriber, event(addressee="representative")))

    assert messages() == []


@pytest.mark.parametrize("told", TOLD)
def test_whoever_has_died_is_told_nothing(known, hear, messages, told):
    subscriber, event, _ = told
    known()

    hear((keep_death, facts.person_died()), (keep_death, facts.person_died()))
    hear((subscriber, event()))

    assert messages() == []


@pytest.mark.parametrize("is_heard_first", [True, False])
def test_whose_death_was_recorded_wrongly_is_told_things_again(
    known, hear, messages, is_heard_first
):
    known()
    news = [(keep_death, facts.person_died()), (keep_life, facts.death_corrected())]
    hear(*(reversed(news) if is_heard_first else news))

    hear((assessment.tell_rapid_review, facts.review_due()))

    assert [message.topic for message in messages()] == ["rapid_review"]


def test_an_event_told_twice_is_one_message_and_one_errand(known, hear, transaction):
    known()
    event = facts.refund_posted()

    hear(*[(budget.tell_refund, event)] * 2)

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
        errand = session.scalars(select(Errand)).one()
        delivery = session.scalars(select(Delivery)).one()
        assert errand.arguments == {"delivery_id": str(delivery.delivery_id)}


def test_a_planned_review_is_not_told(known, hear, messages):
    known()

    hear((assessment.tell_rapid_review, facts.review_due(kind="planned")))

    assert messages() == []


def test_facts_that_do_not_fit_the_words_are_a_fault_and_leave_nothing(
    known, transaction, messages
):
    known()
    command = Tell(
        event_id=facts.ALEX, person_id=facts.ALEX, topic="refund", facts={"refunded": "£1.00"}
    )

    with pytest.raises(FactsUnfitError), transaction() as session:
        handlers.tell(command, session=session, trace=a_trace())

    assert messages() == []


@pytest.mark.parametrize(
    ("changed", "channel"),
    [
        ({"is_safe_to_text": False}, "email"),
        ({"mobile": None}, "email"),
        ({"mobile": None, "email": None}, "letter"),
        ({"given_name": "Ż" * 150}, "email"),
        ({"given_name": "Ż" * 150, "email": None}, "letter"),
        ({"mobile": None, "preferred_channel": "letter", "address_lines": []}, "email"),
        ({"email": None, "preferred_channel": "letter", "address_lines": []}, "sms"),
    ],
)
def test_where_a_text_cannot_go_an_email_or_a_letter_does(known, hear, messages, changed, channel):
    known(**changed)

    hear((budget.tell_refund, facts.refund_posted()))

    assert messages()[0].channel == channel


def test_where_nothing_reaches_a_person_somebody_has_to(known, hear, messages, events, tasks):
    known(mobile=None, email=None, address_lines=[])

    hear((budget.tell_refund, facts.refund_posted()))

    (message,) = messages()
    assert (message.state, message.reason, message.deliveries) == ("failed", "no_channel", [])
    assert events() == ["message_undeliverable"]
    assert [task["about"] for task in tasks()] == [f"message/{message.message_id}"]


def test_large_print_and_another_language_are_noted_and_decisions_go_by_letter(
    known, hear, messages
):
    known(preferred_channel="email", accessible_format="large_print", language="cy")

    hear((assessment.tell_plan_approved, facts.plan_approved()))

    (message,) = messages()
    assert (message.channel, message.format_wanted) == ("letter", "large_print")
    assert (message.language, message.language_wanted) == ("en", "cy")


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "<b>Alex</b>",
        "'; DROP TABLE messages; --",
        "((phone))",
        "王小明",
        "عائشة 🎉",
        "%s {0}",
    ],
)
def test_names_and_things_bought_come_out_as_they_went_in(known, hear, transaction, name):
    known(given_name=name, family_name="", preferred_channel="letter")

    hear((payments.tell_purchase_made, facts.purchase_completed(description=f"{name} &c")))

    with transaction() as session:
        (shown,) = queries.messages(MessagesAsked(person_id=facts.ALEX), session=session)
    assert shown["body"].startswith(f"Dear {name},")
    assert f"\n{name} &c\n" in shown["body"]


def test_the_messages_of_one_person_are_asked_for_by_id_alone(known, hear, transaction):
    known()
    hear((budget.tell_refund, facts.refund_posted()))

    with transaction() as session:
        asked = MessagesForm().load({"person_id": str(facts.ALEX)})
        (shown,) = queries.messages(asked, session=session)
        assert queries.messages(MessagesAsked(person_id=uuid4()), session=session) == []

    assert shown["topic"] == "refund"
    with pytest.raises(ValidationError):
        MessagesForm().load({"name": "Alex"})
