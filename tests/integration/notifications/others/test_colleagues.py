"""Who works with a person hears of what is theirs to do: by e-mail, in working hours."""

from datetime import UTC, datetime

import pytest

from services.notifications.delivery.commands import Fail
from services.notifications.delivery.rules import NotCalled
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.people.subscribers import (
    keep_death,
)
from services.notifications.preferences.handlers import TopicNotDeclinableError
from shared.errors import NotKnownYetError
from tests.integration.notifications import facts

REFUND = (budget.tell_refund, facts.refund_posted)
DECLINED = (payments.tell_payment_declined, facts.authorisation_declined)
ESCALATED = (assessment.tell_plan_with_decider, facts.plan_escalated)
LATE = (assessment.tell_answer_late, facts.deadline_missed)
RECEIPT = (payments.tell_receipt_wanted, facts.receipt_missing)
AT_NIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 11, tzinfo=UTC)


def heard(told):
    return told[0], told[1]()


@pytest.mark.parametrize(
    ("told", "address", "said"),
    [
        (DECLINED, "kim@brokerage.example", ["£15.00", "Your broker will call you."]),
        (RECEIPT, "kim@brokerage.example", ["£35.00", "17 November 2026"]),
        (LATE, "jo@trust.example", ["decision", "team manager", "1 December"]),
        (ESCALATED, "lee@trust.example", ["multidisciplinary team", "1 December"]),
    ],
)
@pytest.mark.usefixtures("unsubscribing")
def test_colleagues_hear_at_work_of_what_is_theirs(scene, staffed, told, address, said):
    scene.known()

    event = told[1]()
    scene.hear(*[(told[0], event)] * 2)

    (email,) = scene.others().values()
    assert (email.channel, email.importance) == ("email", "normal")
    assert "Alex" not in email.subject
    assert "Alex Sample" in email.body
    assert all(words in email.body for words in said)
    outgoing = scene.claim(email)
    assert outgoing.unsubscribe_url is None
    assert (outgoing.to, outgoing.is_to_staff) == ([address], True)


def test_the_coordinator_hears_of_every_day_that_passed(scene, staffed):
    scene.known()

    scene.hear((assessment.tell_answer_late, facts.deadline_missed(stage="signature")))

    assert [one.audience for one in scene.messages()] == ["coordinator"]


def test_a_message_that_reaches_nobody_is_told_to_the_coordinator_once(scene, staffed):
    scene.known(mobile=None, email=None, address_lines=[])

    event = facts.refund_posted()
    scene.hear(*[(budget.tell_refund, event)] * 2)

    email = scene.others()["coordinator"]
    assert email.topic == "undeliverable"
    assert "It was this one: There is an update about your budget." in email.body
    scene.do(Fail(delivery_id=email.delivery_id, reason="permanent_failure"))
    assert scene.now(email).state == "failed"
    assert len(scene.messages()) == 2  # nobody is told that nobody could be told
    assert scene.events() == ["message_undeliverable"]


def test_without_a_work_address_or_the_role_nobody_is_told(scene):
    scene.known()
    scene.team(("broker", "Kim Ng"), ("team_manager", "Ash Roe", "ash@council.example"))

    scene.hear(*map(heard, (DECLINED, RECEIPT, LATE, ESCALATED)))

    assert scene.others() == {}


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (AT_NIGHT, datetime(2026, 11, 25, 9, tzinfo=UTC)),
        (datetime(2026, 11, 24, 8, 30, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)),
        (SATURDAY, datetime(2026, 11, 30, 9, tzinfo=UTC)),
    ],
)
def test_colleagues_are_written_to_in_working_hours_however_much_it_matters(
    scene, staffed, at, opens
):
    scene.known()

    scene.hear(heard(DECLINED), at=at)

    email = scene.others()["broker"]
    assert (email.state, email.reason, email.not_before) == ("held", "quiet_hours", opens)


def test_who_left_the_care_team_before_it_was_sent_does_not_get_it(scene, staffed):
    scene.known()
    scene.hear(heard(DECLINED))
    email = scene.others()["broker"]

    scene.team(("broker", "Pat Ng", "pat@brokerage.example"), version=2)

    assert scene.claim(email) == NotCalled()
    assert (scene.now(email).state, scene.now(email).reason) == ("suppressed", "not_involved")


def test_a_work_address_that_was_put_right_is_used(scene, staffed):
    scene.known()
    scene.hear(heard(DECLINED))

    scene.team(("broker", "Kim Ng", "kim.ng@brokerage.example"), version=2)

    assert scene.claim(scene.others()["broker"]).to == ["kim.ng@brokerage.example"]


def test_of_a_person_who_has_died_only_colleagues_hear(scene, staffed):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(REFUND))
    copy = scene.others()["representative"]

    scene.hear((keep_death, facts.person_died()))
    scene.hear(heard(DECLINED))

    assert sorted(one.audience for one in scene.messages()) == [
        "broker",
        "holder",
        "representative",
    ]
    assert scene.claim(copy) == NotCalled()
    assert (scene.now(copy).state, scene.now(copy).reason) == ("suppressed", "deceased")


def test_a_topic_of_which_only_colleagues_hear_cannot_be_declined(scene):
    scene.known()

    with pytest.raises(TopicNotDeclinableError):
        scene.choose(declined_topics=["receipt_wanted"])


def test_of_a_receipt_of_which_an_earlier_release_told_nobody_is_told(scene, staffed):
    scene.known()

    scene.hear((payments.tell_receipt_wanted, facts.receipt_missing(person_id=None)))

    assert scene.messages() == []


def test_until_the_person_is_known_colleagues_wait_too(scene, staffed):
    for told in (RECEIPT, LATE):
        with pytest.raises(NotKnownYetError):
            scene.hear(heard(told))

    assert scene.messages() == []
