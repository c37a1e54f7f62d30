"""NHS numbers that an earlier release knew and did not tell are told once."""

import pytest
from sqlalchemy import update

from services.assessment.care_team import handlers, queries
from services.assessment.people.models import Person
from tests.integration.assessment.desk import a_person, a_referral


@pytest.fixture
def known_before(desk):
    """Have somebody in a record of an earlier release, and who works with them."""

    def one(**person):
        received = desk.ask("receive_referral", **a_referral(person=a_person(**person)))
        desk.a_team(received["person_id"], ("care_coordinator",))
        with desk.transaction() as session:
            session.execute(update(Person).values(is_number_told=False))
        return received

    return one


def strike(desk):
    return desk.strike(queries.untold_numbers, handlers.tell_number)


def test_each_is_told_once_with_who_leads_the_care(desk, known_before):
    known_before()

    assert [strike(desk), strike(desk)] == [1, 0]

    told = desk.told("contact_details_changed")
    assert [(one["version"], one["nhs_number"]) for one in told] == [
        (1, "9990000018"),
        (2, "9990000018"),
    ]
    teams = desk.told("care_team_changed")
    assert [one["version"] for one in teams] == [1, 2]
    assert teams[0]["members"] == teams[1]["members"] != []


def test_two_clocks_that_strike_at_once_tell_it_once(desk, known_before):
    known_before()
    with desk.transaction() as session:
        found_by_both = queries.untold_numbers(desk.at, session=session)

    for _ in range(2):
        desk.strike(lambda *_, **__: found_by_both, handlers.tell_number)

    assert len(desk.told("contact_details_changed")) == 2


def test_whose_number_nobody_knows_is_left_alone(desk, known_before):
    known_before(nhs_number=None)

    assert strike(desk) == 0


def test_what_is_told_anyway_needs_no_telling(desk):
    desk.ask("receive_referral", **a_referral())

    assert strike(desk) == 0
