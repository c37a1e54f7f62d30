"""What people chose counts from then on, is kept with who and why, and no later news undoes it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.notifications.delivery.rules import NotCalled, Outgoing
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.messages import queries as message_queries
from services.notifications.messages.schemas import MessagesForm
from services.notifications.people.subscribers import keep_contact_details, keep_merged
from services.notifications.preferences import handlers, queries
from services.notifications.preferences.handlers import (
    ChangedMeanwhileError,
    NoMobileError,
    TopicNotDeclinableError,
)
from services.notifications.preferences.schemas import PreferencesForm, SetPreferencesForm
from shared.errors import NotKnownYetError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.notifications import facts

AT_NIGHT = TUESDAY_AT_TEN.replace(hour=23)
AT_EIGHT = AT_NIGHT + timedelta(hours=9)
REFUND = (budget.tell_refund, facts.refund_posted)


def form(**changed):
    chosen = {
        "person_id": str(facts.ALEX),
        "channels": ["sms", "email", "letter"],
        "is_safe_to_text": True,
        "set_by": str(uuid4()),
        "reason": "They said so on the telephone.",
    }
    return SetPreferencesForm().load({**chosen, **changed})


@pytest.fixture
def choose(transaction):
    def choose_it(*, at=TUESDAY_AT_TEN, **changed):
        with transaction() as session:
            handlers.set_preferences(form(**changed), session=session, trace=a_trace(at=at))

    return choose_it


@pytest.fixture
def chosen(transaction):
    def shown(person_id=facts.ALEX):
        asked = PreferencesForm().load({"person_id": str(person_id)})
        with transaction() as session:
            return queries.preferences(asked, session=session)

    return shown


@pytest.fixture
def told(hear, messages):
    """Tell of a refund, and return the message."""

    def tell(subscriber=REFUND[0], event=REFUND[1], *, at=TUESDAY_AT_TEN, **changed):
        before = {message.message_id for message in messages()}
        hear((subscriber, event(**changed)), at=at)
        (new,) = [one for one in messages() if one.message_id not in before]
        return new

    return tell


@pytest.fixture
def go_on_at(transaction, do):
    """Do what is due at a time, twice, as two processes may; returns how much it was."""

    def look(at):
        with transaction() as session:
            commands = message_queries.due(at, session=session)
        do(*commands, *commands, at=at)
        return len(commands)

    return look


def test_channels_are_tried_in_the_order_that_was_chosen(known, choose, told):
    known(preferred_channel="sms")

    choose(channels=["letter", "sms"])

    assert told().channel == "letter"


def test_a_later_word_of_assessment_changes_addresses_and_no_choice(known, choose, told, claim):
    known(preferred_channel="sms")
    choose(channels=["email"], language="cy", accessible_format="large_print")

    known(version=2, preferred_channel="letter", email="new@example.org", language="pl")

    message = told()
    assert (message.channel, message.delivery.language_wanted) == ("email", "cy")
    assert message.delivery.format_wanted == "large_print"
    assert claim(message).to == ["new@example.org"]


@pytest.mark.parametrize(
    ("chosen_now", "state"),
    [
        ({"accessible_format": "easy_read"}, ("waiting", None)),
        ({"accessible_format": "braille"}, ("failed", "cannot_be_said")),
        ({"language": "cy"}, ("waiting", None)),
    ],
)
def test_what_was_worded_before_a_choice_is_not_sent_in_the_old_words(
    known, choose, told, claim, now, *, chosen_now, state
):
    known(preferred_channel="letter")
    message = told()

    choose(channels=["letter"], **chosen_now)

    assert claim(message) == NotCalled()
    ended = now(message)
    assert (ended.state, ended.reason) == state
    assert ended.deliveries[0].state == "withdrawn"
    if state[0] == "waiting":
        assert isinstance(claim(ended), Outgoing)


def test_until_somebody_chose_what_assessment_says_counts(known, told):
    known(preferred_channel="email")
    known(version=2, preferred_channel="letter")

    assert told().channel == "letter"


def test_that_texts_are_safe_counts_for_the_number_it_was_said_of(known, choose, told):
    known(is_safe_to_text=False)
    choose(is_safe_to_text=True)
    assert told().channel == "sms"

    known(version=2, mobile="07700 900999", is_safe_to_text=False)
    assert told().channel == "email"

    known(version=3, mobile="07700 900999", is_safe_to_text=True)
    assert told().channel == "sms"


def test_that_texts_are_not_safe_counts_for_every_number(known, choose, told):
    known()
    choose(is_safe_to_text=False)

    known(version=2, mobile="07700 900999", is_safe_to_text=True)

    assert told().channel == "email"


def test_a_declined_topic_is_not_told_and_is_nobodys_task(known, choose, told, tasks, events):
    known()
    choose(declined_topics=["refund"])

    message = told()

    assert (message.state, message.reason, message.deliveries) == ("suppressed", "declined", [])
    assert (tasks(), events()) == ([], [])


@pytest.mark.parametrize("topic", ["rapid_review", "no_such_topic"])
def test_what_everybody_must_hear_of_cannot_be_declined(known, choose, chosen, topic):
    known()

    with pytest.raises(TopicNotDeclinableError):
        choose(declined_topics=["refund", topic])

    assert chosen() == []


def test_texts_cannot_be_safe_without_a_number(known, choose, chosen):
    known(mobile=None)

    with pytest.raises(NoMobileError):
        choose(is_safe_to_text=True)

    assert chosen() == []


def test_of_somebody_who_has_not_arrived_nothing_is_written_down(choose, chosen):
    with pytest.raises(NotKnownYetError):
        choose()

    assert chosen() == []


def test_every_version_is_kept_with_who_and_why(known, choose, chosen):
    known()
    somebody = uuid4()

    choose(channels=["email"])
    choose(channels=["letter"], set_by=str(somebody), reason="She moved in with her sister.")

    newest, oldest = chosen()
    assert (oldest["version"], oldest["channels"]) == (1, ["email"])
    assert (newest["version"], newest["channels"]) == (2, ["letter"])
    assert newest["set_by"] == somebody
    assert newest["reason"] == "She moved in with her sister."


def test_who_has_not_seen_what_counts_now_changes_nothing(known, choose, chosen):
    known()
    choose(replaces_version=0)
    choose(replaces_version=1, is_safe_to_text=False, at=AT_NIGHT)

    with pytest.raises(ChangedMeanwhileError) as refused:
        choose(replaces_version=1, at=AT_EIGHT)

    assert refused.value.details == {"version": 2}
    assert [one["version"] for one in chosen()] == [2, 1]


def test_choices_count_under_every_id_of_a_person(hear, known, choose, chosen, told):
    twin = uuid4()
    known()
    hear((keep_contact_details, facts.contact_details(person_id=twin)))
    choose(person_id=str(twin), channels=["letter"])
    hear((keep_merged, facts.people_merged(twin, facts.ALEX)))

    assert told().channel == "letter"
    assert len(chosen()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"channels": []},
        {"channels": ["sms", "sms"]},
        {"channels": ["pigeon"]},
        {"channels": "sms"},
        {"declined_topics": ["Robert'); DROP TABLE"]},
        {"opens": 9},
        {"closes": 9},
        {"opens": 20, "closes": 8},
        {"opens": -1, "closes": 8},
        {"opens": 8, "closes": 25},
        {"opens": "8", "closes": 20},
        {"is_safe_to_text": "yes"},
        {"reason": ""},
        {"reason": "x" * 501},
        {"set_by": None},
        {"person_id": "Alex"},
        {"language": "EN!"},
        {"more": 1},
    ],
)
def test_preferences_of_another_form_are_refused(wrong):
    with pytest.raises(ValidationError):
        form(**wrong)


def test_at_night_a_message_waits_for_the_morning(known, told, go_on_at, now):
    known()

    message = told(at=AT_NIGHT)

    assert (message.state, message.reason, message.deliveries) == ("held", "quiet_hours", [])
    assert message.not_before == AT_EIGHT
    assert go_on_at(AT_EIGHT - timedelta(seconds=1)) == 0
    assert go_on_at(AT_EIGHT) == 1
    assert (now(message).state, len(now(message).deliveries)) == ("waiting", 1)
    assert go_on_at(AT_EIGHT) == 0


def test_what_is_critical_is_told_at_night(known, told):
    known()

    message = told(assessment.tell_rapid_review, facts.review_due, at=AT_NIGHT)

    assert (message.state, message.channel) == ("waiting", "sms")


def test_what_was_not_sent_by_day_is_not_sent_at_night(known, told, claim, go_on_at, now):
    known()
    message = told()

    assert claim(message, at=AT_NIGHT) == NotCalled()

    assert (now(message).state, now(message).reason) == ("held", "quiet_hours")
    go_on_at(AT_EIGHT)
    assert [(one.channel, one.state) for one in now(message).deliveries] == [
        ("sms", "withdrawn"),
        ("sms", "ready"),
    ]
    assert isinstance(claim(now(message), at=AT_EIGHT), Outgoing)


def test_somebody_who_chose_other_hours_is_told_in_those(known, choose, told, go_on_at, now):
    known()
    message = told(at=AT_NIGHT)
    assert go_on_at(AT_NIGHT) == 0

    choose(opens=12, closes=24, at=AT_NIGHT)

    assert go_on_at(AT_NIGHT) == 1
    assert now(message).state == "waiting"
    assert told(at=AT_EIGHT).not_before == AT_EIGHT.replace(hour=12)


@pytest.mark.parametrize(
    ("said_on", "channel"),
    [
        (TUESDAY_AT_TEN.date() - timedelta(days=1), "sms"),
        (TUESDAY_AT_TEN.date(), "email"),  # on the day of the choice: the no goes before the yes
        (TUESDAY_AT_TEN.date() + timedelta(days=1), "email"),
    ],
)
def test_a_later_no_to_texts_goes_before_an_earlier_yes(known, choose, told, said_on, channel):
    known()
    choose()
    known(version=2, is_safe_to_text=False, safe_contact_said_on=said_on)

    assert told().channel == channel


def test_outside_safe_hours_a_message_waits_and_nobody_sees_why(known, told, shown):
    known(safe_from="12:30", safe_until="15:00")

    message = told()

    assert (message.state, message.reason) == ("held", "unsafe_hours")
    assert message.not_before == TUESDAY_AT_TEN.replace(hour=12, minute=30)
    assert [(one["state"], one["reason"]) for one in shown()] == [("waiting", None)]


@pytest.fixture
def shown(transaction):
    def as_the_person_sees_them():
        asked = MessagesForm().load({"person_id": str(facts.ALEX)})
        with transaction() as session:
            return message_queries.messages(asked, session=session)

    return as_the_person_sees_them
