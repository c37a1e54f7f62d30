"""Referrals and the people they speak of."""

from uuid import uuid4

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import a_person, a_referral


def test_a_referral_starts_a_clock_and_tells_who_the_person_is(desk):
    request = a_referral()

    received = desk.ask("receive_referral", **request)

    assert received["referral_id"] == request["referral_id"]
    assert received["answer_due_on"] == "2026-12-22"  # four weeks after it reached us
    (told,) = desk.told("referral_received")
    assert told == {
        "referral_id": received["referral_id"],
        "person_id": received["person_id"],
        "source": "nhs",
        "organisation": "nhs-trust",
        "answer_due_on": "2026-12-22",
    }
    (contact,) = desk.told("contact_details_changed")
    assert contact["version"] == 1
    assert contact["address_lines"] == ["1 Example Street", "Exampleton", "ZZ99 3WZ"]
    assert contact["nhs_number"] == "9990000018"


@pytest.mark.parametrize(
    "name",
    [
        "Siân",
        "O'Neil",
        "王小明",
        "عَائِشَة",
        "🦊 Fox",
        "Robert'); DROP TABLE people;--",
        "<b>Ann</b>",
        " d'Arc ",
    ],
)
def test_a_name_comes_out_as_it_went_in(desk, name):
    person = a_person(given_name=name, family_name=name, address_lines=[name, "ZZ99 3WZ"])

    received = desk.ask("receive_referral", **a_referral(person=person))

    shown = desk.case(received["referral_id"])["person"]
    (told,) = desk.told("contact_details_changed")
    for seen in (shown, told):
        assert (seen["given_name"], seen["family_name"]) == (name, name)
    assert told["address_lines"][0] == name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "  "),
        ("family_name", ""),
        ("family_name", "Nul\0"),
        ("given_name", "half \ud83d"),
        ("address_lines", []),
        ("address_lines", ["1 Example Street", "\0"]),
        ("preferred_channel", "pigeon"),
        ("birth_date", "1961-13-01"),
        ("safe_to_text", "yes"),
        ("nhs_number", "9990000019"),
        ("ethnic_category", "X"),
        ("mobile", 7700900123),
    ],
)
def test_a_person_who_is_not_well_described_is_refused_by_field(desk, field, value):
    refusal = desk.refused("receive_referral", **a_referral(person=a_person(**{field: value})))

    assert refusal["code"] == "invalid_request"
    assert next(iter(refusal["details"])).startswith(f"person.{field}")


def test_a_wrong_nhs_number_is_not_repeated_in_the_refusal(desk):
    person = a_person(nhs_number="9990000019")

    refusal = desk.refused("receive_referral", **a_referral(person=person))

    assert "9990000019" not in str(refusal)


def test_an_nhs_number_may_be_written_with_its_spaces(desk):
    first = desk.ask("receive_referral", **a_referral())
    person = a_person(nhs_number="999 000 0018", council_client_id=None)

    again = desk.ask("receive_referral", **a_referral(person=person))

    assert again["person_id"] == first["person_id"]


def test_a_birth_date_that_has_not_come_is_refused(desk):
    person = a_person(birth_date="2026-11-25")

    refusal = desk.refused("receive_referral", **a_referral(person=person))

    assert refusal["code"] == "birth_date_in_future"


def test_nothing_is_kept_without_consent(desk):
    refusal = desk.refused("receive_referral", **a_referral(consent_to_share=False))

    assert refusal["code"] == "consent_needed"
    assert "Ask the person" in refusal["next_step"]


def test_a_person_referred_by_both_sides_is_one_record(desk):
    first = desk.ask("receive_referral", **a_referral(person=a_person(council_client_id=None)))
    second = desk.ask(
        "receive_referral", **a_referral(organisation="council", person=a_person(mobile=None))
    )
    third = desk.ask("receive_referral", **a_referral(person=a_person(nhs_number=None)))

    assert first["person_id"] == second["person_id"] == third["person_id"]
    versions = [told["version"] for told in desk.told("contact_details_changed")]
    assert versions == [1, 2, 3]
    assert desk.told("contact_details_changed")[1]["mobile"] is None
    assert desk.ask("totals")["referrals"] == 3


def test_an_identifier_once_known_is_not_forgotten(desk):
    desk.ask("receive_referral", **a_referral())
    desk.ask("receive_referral", **a_referral(person=a_person(council_client_id=None)))

    by_council = desk.ask("receive_referral", **a_referral(person=a_person(nhs_number=None)))

    assert by_council["person_id"] == desk.told("referral_received")[0]["person_id"]


def test_a_referral_that_comes_twice_counts_once(desk):
    request = a_referral()
    first = desk.ask("receive_referral", **request)

    assert desk.ask("receive_referral", **request) == first
    assert len(desk.told("referral_received")) == len(desk.told("contact_details_changed")) == 1


def test_a_referral_id_used_for_another_referral_is_refused(desk):
    request = a_referral()
    desk.ask("receive_referral", **request)

    refusal = desk.refused("receive_referral", **request | {"basis": "care_act"})

    assert refusal["code"] == "id_reused"


def test_one_person_has_a_role_at_a_time_and_the_history_stays(desk):
    received = desk.ask("receive_referral", **a_referral())
    before = desk.a_team(received["person_id"])
    desk.at = TUESDAY_AT_TEN.replace(hour=12)

    after = desk.a_team(received["person_id"], ("broker",))

    (*_, told) = desk.told("care_team_changed")
    assert told["version"] == 4
    assert {member["role"]: member["staff_id"] for member in told["members"]} == {
        "broker": after["broker"],
        "care_coordinator": before["care_coordinator"],
        "team_manager": before["team_manager"],
    }
    assert str(before["broker"]) in str(desk.everything()["team_memberships"])


def test_assigning_the_same_member_again_changes_nothing(desk):
    received = desk.ask("receive_referral", **a_referral())
    member = {
        "person_id": received["person_id"],
        "role": "broker",
        "staff_id": str(uuid4()),
        "name": "Bo",
        "organisation": "voluntary-broker",
        "employer": "voluntary-broker",
    }

    for _ in range(2):
        assert desk.ask("assign_team_member", **member)["version"] == 1

    assert len(desk.told("care_team_changed")) == 1


def test_nobody_is_assigned_to_a_person_who_does_not_exist(desk):
    refusal = desk.refused(
        "assign_team_member",
        person_id=str(uuid4()),
        role="broker",
        staff_id=str(uuid4()),
        name="Bo",
        organisation="voluntary-broker",
        employer="voluntary-broker",
    )

    assert refusal["code"] == "not_found"


def test_a_case_that_does_not_exist_is_not_shown(desk):
    assert desk.refused("case", referral_id=str(uuid4()))["code"] == "not_found"
