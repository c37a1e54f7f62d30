"""Who acts for a person hears too: once, by their own way, and only while they may."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.notifications.delivery.commands import Fail, KeepReceipt, RecordSeenTo
from services.notifications.delivery.rules import NotCalled
from services.notifications.delivery.wire import PROVIDER
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.messages import queries
from services.notifications.people.digests import digest
from services.notifications.people.rules import Channel
from services.notifications.preferences.schemas import SetPreferencesForm
from services.notifications.unsubscribe.addresses import address_for
from services.notifications.unsubscribe.commands import Unsubscribe
from services.notifications.unsubscribe.handlers import unsubscribe
from shared.errors import NotKnownYetError
from tests.factories import a_trace
from tests.integration.notifications import facts

REFUND = (budget.tell_refund, facts.refund_posted)
DECLINED = (payments.tell_payment_declined, facts.authorisation_declined)
AT_NIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)


def heard(told):
    return told[0], told[1]()


def permanent_failure(message, provider_id):
    return KeepReceipt(
        provider=PROVIDER,
        provider_id=provider_id,
        reference=message.delivery_id,
        status="permanent-failure",
        completed_at=None,
    )


def test_an_attorney_gets_a_copy_by_email_and_the_person_what_they_always_get(scene):
    scene.known()
    scene.acted(facts.acting())

    event = facts.refund_posted()
    scene.hear(*[(budget.tell_refund, event)] * 2)

    assert sorted(one.audience for one in scene.messages()) == ["holder", "representative"]
    copy = scene.others()["representative"]
    assert (copy.channel, copy.recipient_id) == ("email", facts.ROBIN)
    assert "You act for Alex Sample." in copy.body
    assert "£20.00" in copy.body
    assert "Alex" not in copy.subject
    assert "£" not in copy.subject
    outgoing = scene.claim(copy)
    assert (outgoing.to, outgoing.is_to_staff) == (["robin@example.org"], False)


def test_who_has_no_email_gets_a_text_that_says_only_of_whom_there_is_news(scene):
    scene.known()
    scene.acted(facts.acting(email=None))

    scene.hear((assessment.tell_plan_approved, facts.plan_approved()))

    copy = scene.others()["representative"]
    assert copy.channel == "sms"
    assert copy.body.startswith("Robin Example, you act for Alex. ")
    assert "£" not in copy.body
    assert scene.claim(copy).to == ["07700 900456"]


def test_an_email_that_fails_is_not_followed_by_a_text(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND))
    copy = scene.others()["representative"]

    scene.do(Fail(delivery_id=copy.delivery_id, reason="temporary_failure"))

    assert (scene.now(copy).state, len(scene.now(copy).deliveries)) == ("failed", 1)
    (task,) = scene.tasks()
    assert task["about"] == f"message/{copy.message_id}"
    assert task["words"].startswith("A copy did not reach who acts for the person.")
    scene.do(RecordSeenTo(message_id=copy.message_id, seen_to_by=uuid4()))
    assert scene.tasks() == []


@pytest.mark.parametrize(
    "changed",
    [
        {"scopes": ["sign_plan"]},
        {"scopes": ["speak_for"]},
        {"ends_on": date(2026, 11, 23)},
        {"starts_on": date(2026, 11, 25)},
        {"kind": "nominee"},
        {"email": None, "mobile": None},
    ],
)
def test_who_may_not_hear_of_money_today_or_has_no_address_is_not_told(scene, changed):
    scene.known()
    scene.acted(facts.acting(**changed))

    scene.hear(heard(REFUND))

    assert scene.others() == {}


def test_a_nominee_hears_when_the_person_chose_it_and_as_long(scene):
    scene.known()
    scene.acted(facts.acting(kind="nominee"))
    scene.choose(facts.ROBIN)
    scene.hear(heard(REFUND))
    copy = scene.others()["representative"]
    assert copy.state == "waiting"

    scene.choose()

    assert scene.claim(copy) == NotCalled()
    assert (scene.now(copy).state, scene.now(copy).reason) == ("suppressed", "not_involved")


def test_who_is_copied_must_act_for_the_person(scene):
    scene.known()
    with pytest.raises(NotKnownYetError):
        scene.choose(facts.ROBIN)

    scene.acted(facts.acting(kind="nominee"))
    with pytest.raises(NotKnownYetError):
        scene.choose(facts.ROBIN, uuid4())

    scene.choose(facts.ROBIN)


@pytest.mark.parametrize("copied", [["x"], None, [str(uuid4())] * 21, "x"])
def test_choices_of_copies_of_another_form_are_refused(copied):
    with pytest.raises(ValidationError, match="copied"):
        SetPreferencesForm().load({"copied": copied})


def test_who_was_appointed_twice_hears_once_and_by_email(scene):
    scene.known()
    scene.acted(
        facts.acting(email=None, scopes=["manage_money"]),
        facts.acting(scopes=["receive_messages"]),
        facts.acting(representative_id=uuid4(), name="Sam Example", email=None),
    )

    scene.hear(heard(REFUND))

    copies = [one for one in scene.messages() if one.audience == "representative"]
    assert sorted(one.channel for one in copies) == ["email", "sms"]
    assert len({one.recipient_id for one in copies}) == 2


def test_who_acts_no_more_when_it_is_to_be_sent_does_not_get_it(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND))
    copy = scene.others()["representative"]

    scene.acted(version=2)

    assert scene.claim(copy) == NotCalled()
    assert (scene.now(copy).state, scene.now(copy).reason) == ("suppressed", "not_involved")


@pytest.mark.parametrize("channel", [None, "sms"])
@pytest.mark.parametrize("told", [REFUND, DECLINED])
def test_a_hold_on_the_person_stops_copies_but_not_what_staff_get(scene, staffed, channel, told):
    scene.known()
    scene.acted(facts.acting())
    scene.hold(channel)

    scene.hear(heard(told))

    copy = scene.others()["representative"]
    assert (copy.state, copy.reason, copy.deliveries) == ("held", "safeguarding", [])
    assert all(one.state == "waiting" for who, one in scene.others().items() if who == "broker")
    scene.release()
    assert scene.others()["representative"].state == "waiting"


def test_a_hold_that_is_set_before_it_is_sent_stops_a_copy(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND))
    copy = scene.others()["representative"]

    scene.hold()

    assert scene.claim(copy) == NotCalled()
    assert (scene.now(copy).state, scene.now(copy).reason) == ("held", "safeguarding")


def test_a_representative_is_left_in_peace_at_night_unless_it_is_critical(scene):
    scene.known()
    scene.acted(facts.acting())

    scene.hear(heard(REFUND), heard(DECLINED), at=AT_NIGHT)

    copies = {one.topic: one for one in scene.messages() if one.audience == "representative"}
    assert (copies["refund"].state, copies["refund"].reason) == ("held", "quiet_hours")
    assert copies["refund"].not_before == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert copies["payment_declined"].state == "waiting"


def test_a_representative_who_wants_no_more_gets_no_more_and_that_is_nobodys_task(scene):
    scene.known()
    scene.acted(facts.acting())
    with scene.transaction() as session:
        command = Unsubscribe(address_digest=digest(Channel.EMAIL, "robin@example.org"))
        unsubscribe(command, session=session, trace=a_trace())

    scene.hear(heard(REFUND))

    copy = scene.others()["representative"]
    assert (copy.state, copy.reason) == ("suppressed", "not_involved")
    assert scene.tasks() == []


@pytest.mark.usefixtures("unsubscribing")
def test_a_representative_can_end_emails_by_one_click(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND))

    outgoing = scene.claim(scene.others()["representative"])

    assert outgoing.unsubscribe_url == address_for("robin@example.org")
    assert outgoing.unsubscribe_url.startswith("https://messages.example/")


def test_an_address_where_nobody_is_is_written_to_no_more_whoever_has_it(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND))
    copy = scene.others()["representative"]
    provider_id = scene.accept(copy)

    scene.do(permanent_failure(copy, provider_id))
    scene.hear(heard(REFUND))

    copies = [one for one in scene.messages() if one.audience == "representative"]
    assert [(one.state, one.reason) for one in copies] == [
        ("failed", "permanent_failure"),
        ("failed", "no_channel"),
    ]


def test_what_the_person_declined_their_attorney_still_hears(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.choose(declined_topics=["refund"])

    scene.hear(heard(REFUND))

    assert scene.others()["representative"].state == "waiting"


def test_a_copy_held_at_night_goes_in_the_morning_to_where_they_are_then(scene):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND), at=AT_NIGHT)
    morning = AT_NIGHT + timedelta(hours=9)

    scene.acted(facts.acting(email=None), version=2)
    with scene.transaction() as session:
        due = queries.due(morning, session=session)
    scene.do(*due, at=morning)

    assert scene.now(scene.others()["representative"]).channel == "sms"
