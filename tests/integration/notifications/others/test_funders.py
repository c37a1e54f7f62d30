"""Who is named at an organisation that pays hears of its money, and not whose budget it is."""

from datetime import UTC, datetime

import pytest

from services.notifications.delivery.rules import NotCalled
from services.notifications.from_budget import subscribers as budget
from services.notifications.funders.subscribers import keep_funder_contact
from services.notifications.people.subscribers import keep_death
from shared.errors import NotKnownYetError
from tests.integration.notifications import facts

CALLED = (budget.tell_contribution_called, facts.contribution_called)
LATE = (budget.tell_contribution_late, facts.contribution_late)
OVERSPENT = (budget.tell_overspend, facts.overspend_recorded)
EVERY = pytest.mark.parametrize("told", [CALLED, LATE, OVERSPENT])
AT_NIGHT = datetime(2026, 11, 24, 23, tzinfo=UTC)


def named(**changed):
    return keep_funder_contact, facts.funder_contact(**changed)


def to_funders(scene):
    return [one for one in scene.messages() if one.audience == "funder"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (CALLED, ["asked to pay £108.00 into a budget.", "8 December 2026"]),
        (LATE, ["do not have £108.00 yet", "17 November 2026", "services do not wait for it"]),
        (OVERSPENT, ["It is £2.00 for one payment.", "nobody asks them for this money"]),
    ],
)
def test_a_named_contact_hears_of_a_budget_by_its_number_alone(scene, told, said):
    scene.known()
    scene.hear(named())

    event = told[1]()
    scene.hear(*[(told[0], event)] * 2)

    (email,) = to_funders(scene)
    assert (email.channel, email.recipient_id) == ("email", facts.TRUST)
    assert f"number of the budget: {facts.BUDGET}" in email.body
    assert all(words in email.body for words in said)
    for known in ("Alex", "Sample", "07700", str(facts.ALEX)):
        assert known not in email.subject + email.body
    outgoing = scene.claim(email)
    assert (outgoing.to, outgoing.is_to_staff) == (["sam@trust.example"], True)


def test_each_organisation_whose_money_it_is_hears_of_an_overspend(scene):
    scene.known()
    scene.hear(named(), named(funder_id=facts.COUNCIL, name="Pat Ng", email="pat@council.example"))

    scene.hear((OVERSPENT[0], facts.overspend_recorded()))

    assert {one.recipient_id for one in to_funders(scene)} == {facts.TRUST, facts.COUNCIL}


@EVERY
def test_where_nobody_is_named_or_is_any_more_nobody_is_written_to(scene, told):
    scene.known()
    scene.hear((told[0], told[1]()))
    scene.hear(named(), named(version=2, name=None, email=None))
    scene.hear((told[0], told[1]()))

    assert to_funders(scene) == []


def test_what_was_told_later_of_a_contact_counts_in_whatever_order_it_arrives(scene):
    scene.known()
    scene.hear(named(version=2, name="Pat Ng", email="pat@trust.example"), named())

    scene.hear((CALLED[0], facts.contribution_called()))

    (email,) = to_funders(scene)
    assert scene.claim(email).to == ["pat@trust.example"]


def test_who_is_not_the_contact_any_more_does_not_get_what_waits(scene):
    scene.known()
    scene.hear(named())
    scene.hear((CALLED[0], facts.contribution_called()))

    scene.hear(named(version=2, name=None, email=None))

    (email,) = to_funders(scene)
    assert scene.claim(email) == NotCalled()
    assert scene.now(email).reason == "not_involved"


def test_a_contact_is_written_to_in_working_hours(scene):
    scene.known()
    scene.hear(named())

    scene.hear((LATE[0], facts.contribution_late()), at=AT_NIGHT)

    (email,) = to_funders(scene)
    assert (email.state, email.not_before) == ("held", datetime(2026, 11, 25, 9, tzinfo=UTC))


def test_of_the_money_of_a_person_who_has_died_organisations_still_hear(scene):
    scene.known()
    scene.hear(named(), (keep_death, facts.person_died()))

    scene.hear((OVERSPENT[0], facts.overspend_recorded()))

    assert [one.audience for one in scene.messages()] == ["funder"]


@EVERY
def test_of_what_an_earlier_release_told_nobody_is_told(scene, told):
    scene.known()
    scene.hear(named())

    scene.hear((told[0], told[1](person_id=None)))

    assert scene.messages() == []


@EVERY
def test_it_waits_until_the_person_is_known(scene, told):
    scene.hear(named())

    with pytest.raises(NotKnownYetError):
        scene.hear((told[0], told[1]()))


@pytest.mark.parametrize(("before", "now"), [(2_00, 0), (2_00, 1_00), (2_00, 2_00)])
def test_an_overspend_that_did_not_grow_is_told_to_nobody(scene, before, now):
    scene.known()
    scene.hear(named())

    event = facts.overspend_recorded(overspent_before_pence=before, overspent_pence=now)
    scene.hear((budget.tell_overspend, event))

    assert scene.messages() == []
