"""What we know of people is the newest that was said, in whatever order it arrived."""

from itertools import permutations

import pytest

from services.notifications.people.models import NamedContact, Person
from services.notifications.people.subscribers import keep_contact_details, keep_named_contact
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
            (keep_named_contact, facts.care_team(("broker", f"Broker {version}"), version=version))
            for version in versions
        )
    )

    with transaction() as session:
        contact = session.get_one(NamedContact, facts.ALEX)
        assert (contact.name, contact.role) == ("Broker 3", "broker")


def test_a_team_that_nobody_can_ask_leaves_no_name(team, transaction):
    team(("broker", "Kim Ng"))

    team(("team_manager", "Lee Roe"), version=2)

    with transaction() as session:
        assert session.get_one(NamedContact, facts.ALEX).name is None
