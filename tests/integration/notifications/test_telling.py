"""Every event that a person hears of becomes the right message, once."""

from uuid import uuid4

import pytest
from marshmallow import ValidationError
from sqlalchemy import func, select

from services.notifications.messages import handlers, queries, subscribers
from services.notifications.messages.commands import Tell
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.schemas import MessagesAsked, MessagesForm
from services.notifications.messages.topics import TOPICS
from services.notifications.people.subscribers import keep_death, keep_life
from services.notifications.templates.wording import FactsUnfitError
from shared.errors import NotKnownYetError
from shared.messaging.tables import Errand
from tests.factories import a_trace
from tests.integration.notifications import facts

TOLD = [
    (subscribers.tell_request_received, facts.referral_received, ["22 December 2026"]),
    (
        subscribers.tell_indicative_budget,
        facts.indicative_budget,
        [
            "£2,022.87",
            "* NHS: £1,028",
            "would change it, and what would not:\n\n* Feeling safe: one more of the worst days",
        ],
    ),
    (subscribers.tell_budget_declined, facts.budget_declined, ["services stay as they are"]),
    (subscribers.tell_plan_to_sign, facts.plan_submitted, ["plan is ready"]),
    (
        subscribers.tell_plan_with_decider,
        facts.plan_escalated,
        ["the multidisciplinary team.", "by 1 December 2026"],
    ),
    (
        subscribers.tell_plan_approved,
        facts.plan_approved,
        [
            "£240.00",
            "The team manager",
            "* Drum lessons: 10 times £20.00, together £200.00\n* A practice pad: £40.00",
        ],
    ),
    (subscribers.tell_crisis_plan_active, facts.crisis_plan_activated, ["from 24 November 2026"]),
    (subscribers.tell_rapid_review, facts.review_due, ["by 27 November 2026"]),
    (subscribers.tell_budget_ready, facts.budget_activated, ["£240.00"]),
    (subscribers.tell_refund, facts.refund_posted, ["£20.00", "£240.00"]),
    (
        subscribers.tell_repayment_notified,
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
        subscribers.tell_repayment_reconsidered,
        facts.repayment_reconsidered,
        ["It is £600.00 now.", "A course is still to be paid."],
    ),
    (subscribers.tell_repayment_withdrawn, facts.repayment_withdrawn, ["The budget has ended."]),
    (
        subscribers.tell_worker_change_answered,
        facts.worker_change_answered,
        ["Somebody else will work with you.", "You want a woman to come."],
    ),
    (
        subscribers.tell_request_refused,
        facts.referral_refused,
        ["Another area looks after you.", "Your own GP", "Write to the complaints team"],
    ),
    (
        subscribers.tell_plan_returned,
        facts.plan_returned,
        ["We do not see what the course is for.", "Say which goal it serves.", "sign it again"],
    ),
    (
        subscribers.tell_plan_refused,
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
        subscribers.tell_appeal_decided,
        facts.appeal_decided,
        ["You were right.", "Nobody had asked you what it is for.", "do not have to do anything"],
    ),
    (
        subscribers.tell_return_missing,
        facts.return_overdue,
        ["£120.00", "31 August", "somebody will help you", "Your payments go on."],
    ),
    (subscribers.tell_purchase_made, facts.purchase_completed, ["Drum lessons", "£220.00"]),
    (
        subscribers.tell_purchase_being_checked,
        facts.purchase_approval_wanted,
        ["somebody else looks at it first", "26 November"],
    ),
    (subscribers.tell_purchase_refused, facts.purchase_refused, ["not enough money", "talk to"]),
    (subscribers.tell_payment_declined, facts.authorisation_decided, ["£15.00", "another kind"]),
]


def test_every_topic_is_tried_here():
    assert len(TOLD) == len(TOPICS)


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
        hear((subscribers.tell_crisis_plan_active, event))

    assert len(messages()) == 1


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

    hear((subscribers.tell_appeal_decided, facts.appeal_decided(**changes)))

    (message,) = messages()
    assert said in message.body


REPRESENTATIVES = [
    (subscribers.tell_repayment_notified, facts.repayment_notified),
    (subscribers.tell_repayment_reconsidered, facts.repayment_reconsidered),
    (subscribers.tell_repayment_withdrawn, facts.repayment_withdrawn),
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

    hear((subscribers.tell_rapid_review, facts.review_due()))

    assert [message.topic for message in messages()] == ["rapid_review"]


def test_an_event_told_twice_is_one_message_and_one_errand(known, hear, transaction):
    known()
    event = facts.refund_posted()

    hear(*[(subscribers.tell_refund, event)] * 2)

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
        errand = session.scalars(select(Errand)).one()
        delivery = session.scalars(select(Delivery)).one()
        assert errand.arguments == {"delivery_id": str(delivery.delivery_id)}


def test_a_planned_review_and_an_approved_payment_are_not_told(known, hear, messages):
    known()

    hear(
        (subscribers.tell_rapid_review, facts.review_due(kind="planned")),
        (subscribers.tell_payment_declined, facts.authorisation_decided(is_approved=True)),
    )

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

    hear((subscribers.tell_refund, facts.refund_posted()))

    assert messages()[0].channel == channel


def test_where_nothing_reaches_a_person_somebody_has_to(known, hear, messages, events, tasks):
    known(mobile=None, email=None, address_lines=[])

    hear((subscribers.tell_refund, facts.refund_posted()))

    (message,) = messages()
    assert (message.state, message.reason, message.deliveries) == ("failed", "no_channel", [])
    assert events() == ["message_undeliverable"]
    assert [task["about"] for task in tasks()] == [f"message/{message.message_id}"]


def test_large_print_and_another_language_are_noted_and_decisions_go_by_letter(
    known, hear, messages
):
    known(preferred_channel="email", accessible_format="large_print", language="cy")

    hear((subscribers.tell_plan_approved, facts.plan_approved()))

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

    hear((subscribers.tell_purchase_made, facts.purchase_completed(description=f"{name} &c")))

    with transaction() as session:
        (shown,) = queries.messages(MessagesAsked(person_id=facts.ALEX), session=session)
    assert shown["body"].startswith(f"Dear {name},")
    assert f"\n{name} &c\n" in shown["body"]


def test_the_messages_of_one_person_are_asked_for_by_id_alone(known, hear, transaction):
    known()
    hear((subscribers.tell_refund, facts.refund_posted()))

    with transaction() as session:
        asked = MessagesForm().load({"person_id": str(facts.ALEX)})
        (shown,) = queries.messages(asked, session=session)
        assert queries.messages(MessagesAsked(person_id=uuid4()), session=session) == []

    assert shown["topic"] == "refund"
    with pytest.raises(ValidationError):
        MessagesForm().load({"name": "Alex"})
