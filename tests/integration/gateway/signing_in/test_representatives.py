"""Whoever acts for a person signs in by their own NHS number, if the appointment names it."""

import pytest

from tests.integration.assessment.desk import Desk, a_person, a_referral
from tests.integration.assessment.test_representatives import an_appointment

JUDE = "9991230033"  # the user lpa


@pytest.fixture
def desk(assessment):
    return Desk(assessment._transaction)


@pytest.fixture
def appoint(desk, alex):
    def jude_is_appointed(**changes):
        appointment = an_appointment(alex, **({"nhs_number": JUDE} | changes))
        desk.ask("appoint_representative", **appointment)
        return appointment

    return jude_is_appointed


def test_a_representative_comes_in_as_who_was_appointed(gateway, appoint):
    appointment = appoint()
    browser = gateway.browser()

    browser.sign_in("nhs-login", "lpa")

    me = browser.me().json
    assert (me["actor_id"], me["role"]) == (appointment["representative_id"], "representative")


@pytest.mark.parametrize(
    "changes",
    [
        {"nhs_number": None},
        {"nhs_number": "9991230017"},
        {"starts_on": "2099-01-01"},
        {"starts_on": "2026-11-01", "ends_on": "2026-11-02"},
    ],
)
def test_without_an_appointment_in_force_that_names_them_nobody_comes_in(gateway, appoint, changes):
    appoint(**changes)
    browser = gateway.browser()

    browser.sign_in("nhs-login", "lpa")

    assert browser.me().status_code == 401


def test_whoever_has_a_record_of_their_own_comes_in_for_themselves(gateway, appoint, desk):
    appoint()
    person = a_person(nhs_number=JUDE, council_client_id=None, given_name="Jude")
    referred = desk.ask("receive_referral", **a_referral(person=person))
    browser = gateway.browser()

    browser.sign_in("nhs-login", "lpa")

    me = browser.me().json
    assert (me["actor_id"], me["role"]) == (referred["person_id"], "budget_holder")
