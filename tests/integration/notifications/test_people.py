"""What we know of people is the newest that was said, in whatever order it arrived."""

from itertools import permutations
from uuid import uuid4

import pytest

from services.notifications.from_budget import subscribers as budget
from services.notifications.messages import queries
from services.notifications.messages.schemas import MessagesAsked
from services.notifications.people.models import NamedContact, Person
from services.notifications.people.subscribers import (
    keep_care_team,
    keep_contact_details,
    keep_death,
    keep_merged,
)
from shared.errors import NotKnownYetError
from tests.integration.notifications import facts


@pytest.mark.parametrize("versions", list(permutations((1, 2, 3))))
def test_contact_details_end_as_the_newest_version_says(hear, transaction, versions):
    hear(
        *(
            (
                keep_contact_details,
                facts.contact_details(version=version, mobile=f"0770090012{version}"),
            )
            for version in (*versions, *versions)
        )
    )

    with transaction() as session:
        person = session.get_one(Person, facts.ALEX)
        assert (person.version, person.mobile) == (3, "07700900123")


@pytest.mark.parametrize("versions", list(permutations((1, 2, 3))))
def test_the_named_contact_ends_as_the_newest_team_says(hear, transaction, versions):
    hear(
        *(
            (keep_care_team, facts.care_team(("broker", f"Broker {version}"), version=version))
            for version in versions
        )
    )

    with transaction() as session:
        contact = session.get_one(NamedContact, facts.ALEX)
        assert (contact.name, contact.role) == ("Broker 3", "broker")


def test_a_format_is_the_same_in_whatever_way_it_is_written(hear, messages):
    details = facts.contact_details(accessible_format="Large print", preferred_channel="email")
    hear((keep_contact_details, details))

    hear((budget.tell_repayment_notified, facts.repayment_notified()))

    assert messages()[0].channel == "letter"


def test_a_team_that_nobody_can_ask_leaves_no_name(team, transaction):
    team(("broker", "Kim Ng"))

    team(("team_manager", "Lee Roe"), version=2)

    with transaction() as session:
        assert session.get_one(NamedContact, facts.ALEX).name is None


TWIN, THIRD = uuid4(), uuid4()


def merged(one, into):
    return keep_merged, facts.people_merged(one, into)


def test_who_has_two_ids_is_told_once_and_as_the_surviving_record_says(hear, messages):
    hear(
        (keep_contact_details, facts.contact_details(preferred_channel="email")),
        (keep_contact_details, facts.contact_details(person_id=TWIN, given_name="Al")),
        (keep_care_team, facts.care_team(("broker", "Kim Ng"))),
        merged(TWIN, facts.ALEX),
    )

    hear((budget.tell_refund, facts.refund_posted(person_id=TWIN)))

    (message,) = messages()
    assert (message.channel, message.person_id) == ("email", TWIN)
    assert message.body.startswith("Dear Alex Sample,")
    assert "Kim Ng" in message.body


def test_an_id_that_was_merged_twice_leads_to_the_last_record(hear, messages, transaction):
    hear(
        *(
            (keep_contact_details, facts.contact_details(person_id=one, given_name=name))
            for one, name in ((facts.ALEX, "Alex"), (TWIN, "Al"), (THIRD, "Axel"))
        ),
        merged(TWIN, THIRD),
        merged(THIRD, facts.ALEX),
        merged(THIRD, facts.ALEX),
    )

    hear(
        (budget.tell_refund, facts.refund_posted(person_id=TWIN)),
        (budget.tell_refund, facts.refund_posted()),
    )

    assert {message.body.split(",")[0] for message in messages()} == {"Alex"}  # by text
    for one in (facts.ALEX, TWIN, THIRD):
        with transaction() as session:
            assert len(queries.messages(MessagesAsked(person_id=one), session=session)) == 2


def test_who_has_died_under_one_id_is_told_nothing_under_the_other(hear, messages):
    hear(
        (keep_contact_details, facts.contact_details()),
        (keep_contact_details, facts.contact_details(person_id=TWIN)),
        (keep_death, facts.person_died()),
        merged(TWIN, facts.ALEX),
    )

    hear((budget.tell_refund, facts.refund_posted(person_id=TWIN)))

    assert messages() == []


def test_until_the_surviving_record_is_known_nothing_is_written(hear, messages):
    hear(
        (keep_contact_details, facts.contact_details(person_id=TWIN)),
        merged(TWIN, facts.ALEX),
    )

    with pytest.raises(NotKnownYetError):
        hear((budget.tell_refund, facts.refund_posted(person_id=TWIN)))

    assert messages() == []
