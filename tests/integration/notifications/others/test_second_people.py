"""Whoever is named as the second person hears of it at work, and by when they have to answer."""

from datetime import timedelta

from services.notifications.from_assessment import subscribers as assessment
from services.notifications.second_people.subscribers import keep_second_person
from tests.factories import TUESDAY_AT_TEN
from tests.integration.notifications import facts


def wanted(**changed):
    """Return both that hear the event, as the service subscribes them."""
    event = facts.emergency_answer_wanted(**changed)
    return (keep_second_person, event), (assessment.tell_emergency_answer_wanted, event)


def to_second(scene):
    return [one for one in scene.messages() if one.audience == "second"]


def test_a_colleague_outside_the_care_team_is_asked_once(scene):
    scene.known()

    scene.hear(*wanted() * 2)

    (email,) = to_second(scene)
    assert email.body.startswith("Dear Ffion Night,")
    assert "A practitioner of your organisation has opened the record of Alex Sample" in email.body
    assert "by 27 November 2026" in email.body
    outgoing = scene.claim(email)
    assert (outgoing.to, outgoing.is_to_staff) == (["ffion@trust.example"], True)


def test_an_earlier_address_does_not_come_back(scene):
    scene.known()
    later = TUESDAY_AT_TEN + timedelta(hours=1)

    scene.hear(*wanted(occurred_at=later, second_email="new@trust.example"))
    scene.hear(*wanted())

    assert {tuple(scene.claim(email).to) for email in to_second(scene)} == {("new@trust.example",)}


def test_the_person_is_told_nothing_of_who_is_asked(scene):
    scene.known()

    scene.hear(*wanted())

    assert [one.audience for one in scene.messages()] == ["second"]
