"""Whoever acts for people sees for whom, reads what they may, and is written down."""

from tests.integration.assessment.test_representatives import an_appointment
from tests.integration.gateway.assessment.visits import a_visitor, without


def appoint(case, representative, **changes):
    appointment = an_appointment(
        case.person.actor_id, representative_id=representative.actor_id, **changes
    )
    body = without(appointment, "appointment_id", "person_id")
    case.gateway.do(case.coordinator, f"/people/{case.person.actor_id}/representatives", body)


def test_they_see_for_whom_they_act_and_read_what_they_may(gateway, case):
    case.refer().staff()
    jude = a_visitor("representative")
    assert gateway.read(jude, "/me/represented")["items"] == []

    appoint(case, jude, scopes=["speak_for"], nhs_number="9991230033")

    (one,) = gateway.read(jude, "/me/represented")["items"]
    assert (one["person_id"], one["scopes"]) == (case.person.actor_id, ["speak_for"])
    assert gateway.get(jude, case.case).status_code == 200
    assert gateway.read(a_visitor("representative"), "/me/represented")["items"] == []


def test_the_person_sees_that_it_was_read_for_them(gateway, case):
    case.refer().staff()
    jude = a_visitor("representative")
    appoint(case, jude, scopes=["speak_for"])

    gateway.get(jude, case.case)

    newest = gateway.read(case.person, "/me/access-log")["items"][0]
    assert (newest["actor_id"], newest["operation"]) == (jude.actor_id, "case")
    assert newest["acting_for"] == case.person.actor_id


def test_the_number_is_shown_to_nobody(gateway, case):
    case.refer().staff()
    appoint(case, a_visitor("representative"), nhs_number="9991230033")

    assert "9991230033" not in gateway.get(case.person, case.case).text


def test_a_number_that_is_none_is_refused_by_its_field(gateway, case):
    case.refer().staff()
    appointment = an_appointment(case.person.actor_id, nhs_number="9991230034")
    body = without(appointment, "appointment_id", "person_id")

    address = f"/people/{case.person.actor_id}/representatives"
    answer = gateway.send(case.coordinator, address, body)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert "nhs_number" in answer.json["details"]
