"""What is known of those beside the person, and what is shown of what they got."""

from itertools import permutations
from uuid import uuid4

import pytest
from marshmallow import ValidationError

from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.messages import queries
from services.notifications.messages.schemas import MessagesForm
from services.notifications.people.models import ActingFor, CareTeam
from services.notifications.people.subscribers import (
    keep_contact_details,
    keep_merged,
)
from tests.integration.notifications import facts

DECLINED = (payments.tell_payment_declined, facts.authorisation_declined)


def heard(told):
    return told[0], told[1]()


def test_events_and_totals_are_of_what_the_person_was_told(scene, staffed):
    scene.known(mobile=None)
    scene.acted(facts.acting())
    scene.hear(heard(DECLINED))
    before = scene.events()

    for one in scene.others().values():
        scene.accept(one)

    assert scene.events() == before
    with scene.transaction() as session:
        totals = queries.totals({}, session=session)
    assert (totals["open"], totals["others"]["open"]) == (1, 2)


def test_the_person_sees_what_they_got_and_what_others_got_is_asked_for_apart(scene, staffed):
    scene.known()
    scene.acted(facts.acting())
    scene.hear(heard(DECLINED))

    def shown(**asked):
        with scene.transaction() as session:
            question = MessagesForm().load({"person_id": str(facts.ALEX), **asked})
            return queries.messages(question, session=session)

    (theirs,) = shown()
    (brokers,) = shown(audience="broker")
    assert theirs["body"].startswith("Alex, ")
    assert brokers["body"].startswith("Dear Kim Ng,")
    assert shown(audience="decider") == []
    with pytest.raises(ValidationError):
        shown(audience="everybody")


def test_who_acts_and_works_for_the_surviving_record_hears_under_both_ids(scene, staffed):
    twin = uuid4()
    scene.known()
    scene.acted(facts.acting())
    scene.hear(
        (keep_contact_details, facts.contact_details(person_id=twin)),
        (keep_merged, facts.people_merged(twin, facts.ALEX)),
    )

    scene.hear((DECLINED[0], facts.authorisation_declined()))
    scene.hear((budget.tell_refund, facts.refund_posted(person_id=twin)))

    assert [one.person_id for one in scene.messages() if one.topic == "refund"] == [twin, twin]
    assert {one.audience for one in scene.messages()} == {"holder", "representative", "broker"}


@pytest.mark.parametrize("versions", list(permutations((1, 2, 3))))
def test_who_acts_and_who_works_with_a_person_ends_as_the_newest_says(scene, versions):
    for version in (*versions, *versions):
        scene.acted(facts.acting(name=f"Robin {version}"), version=version)
        scene.team(("broker", f"Kim {version}", f"kim{version}@x.example"), version=version)

    with scene.transaction() as session:
        assert session.get_one(ActingFor, facts.ALEX).acting[0]["name"] == "Robin 3"
        assert session.get_one(CareTeam, facts.ALEX).members[0]["email"] == "kim3@x.example"


def test_who_acts_is_kept_when_the_person_is_told_of_it(scene):
    scene.known()

    scene.hear((assessment.tell_representative_changed, facts.acted_for(facts.acting())))

    with scene.transaction() as session:
        assert session.get_one(ActingFor, facts.ALEX).version == 1
