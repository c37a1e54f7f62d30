"""How a person is reached safely, takes in what they are told, and is found."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import ALEX_NHS_NUMBER, a_person, a_referral


@pytest.fixture
def person_id(desk):
    return desk.ask("receive_referral", **a_referral())["person_id"]


def safe_contact(person_id, /, **changes):
    return {
        "person_id": person_id,
        "said_on": "2026-11-24",
        "safe_to_text": False,
        "safe_to_email": True,
        "safe_to_post": False,
        "safe_to_ring": True,
        "safe_from": "09:30",
        "safe_until": "15:00",
        "words": "Not while my partner is at home",
    } | changes


def needs(person_id, /, **changes):
    return {
        "person_id": person_id,
        "asked_on": "2026-11-24",
        "interpreter_required": True,
        "accessible_format": "large_print",
        "communication_support": "British Sign Language interpreter",
        "may_be_shared": True,
        "review_on": "2027-11-24",
    } | changes


def test_no_identifier_is_kept_in_clear(desk, person_id):
    rows = str(desk.everything())

    assert ALEX_NHS_NUMBER not in rows
    assert "LAS1000001" not in rows
    assert b"9990000018".hex() not in rows


def test_who_knows_an_identifier_finds_the_person(desk, person_id):
    by_number = desk.ask("find_person", nhs_number="999 000 0018", council_client_id=None)
    by_council = desk.ask("find_person", nhs_number=None, council_client_id="LAS1000001")
    nobody = desk.ask("find_person", nhs_number="9990000026", council_client_id=None)

    assert by_number == by_council == {"person_id": person_id}
    assert nobody == {"person_id": None}
    for both in (ALEX_NHS_NUMBER, None):
        council = None if both is None else "LAS1000001"
        refusal = desk.refused("find_person", nhs_number=both, council_client_id=council)
        assert refusal["code"] == "invalid_request"


def test_a_number_for_tests_is_refused_in_production(desk, monkeypatch):
    monkeypatch.setenv("COMMONPURSE_ENVIRONMENT", "production")

    refusal = desk.refused("receive_referral", **a_referral())

    assert refusal["code"] == "invalid_request"
    assert "person.nhs_number" in refusal["details"]
    assert ALEX_NHS_NUMBER not in str(refusal)


def test_a_way_that_is_not_safe_is_told_to_nobody(desk, person_id):
    for _ in range(2):
        desk.ask("record_safe_contact", **safe_contact(person_id))

    (_, told) = desk.told("contact_details_changed")
    assert (told["address_lines"], told["is_safe_to_text"]) == ([], False)
    assert told["email"] == "alex@example.org"


def test_what_a_person_said_of_safe_contact_is_shown_and_no_referral_undoes_it(desk, person_id):
    desk.ask("record_safe_contact", **safe_contact(person_id))

    received = desk.ask("receive_referral", **a_referral(person=a_person(safe_to_text=True)))

    shown = desk.case(received["referral_id"])["person"]["safe_contact"]
    assert shown == {
        "said_on": "2026-11-24",
        "text": False,
        "email": True,
        "post": False,
        "ring": True,
        "from": "09:30",
        "until": "15:00",
        "words": "Not while my partner is at home",
    }
    assert desk.told("contact_details_changed")[-1]["is_safe_to_text"] is False


def test_accessible_needs_are_asked_recorded_flagged_shared_and_reviewed(desk, person_id):
    for _ in range(2):
        desk.ask("record_accessible_needs", **needs(person_id))

    (_, told) = desk.told("contact_details_changed")
    assert (told["accessible_format"], told["is_interpreter_required"]) == ("large_print", True)
    received = desk.told("referral_received")[0]
    shown = desk.case(received["referral_id"])["person"]
    assert shown["communication_support"] == "British Sign Language interpreter"
    assert shown["needs_asked_on"] == "2026-11-24"
    assert shown["needs_review_on"] == "2027-11-24"
    assert shown["may_share_needs"] is True


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"said_on": "2026-11-25"}, "date_in_future", "said_on"),
        ({"safe_from": "9:30"}, "invalid_request", "safe_from"),
        ({"safe_from": "24:00"}, "invalid_request", "safe_from"),
        ({"safe_until": None}, "invalid_request", "safe_until"),
        ({"person_id": str(uuid4())}, "not_found", "person_id"),
    ],
)
def test_safe_contact_that_is_not_clear_is_refused(desk, person_id, changes, code, field):
    refusal = desk.refused("record_safe_contact", **safe_contact(person_id, **changes))

    assert refusal["code"] == code
    assert field in {refusal["details"].get("field"), *refusal["details"]}


def test_needs_are_not_asked_about_tomorrow(desk, person_id):
    refusal = desk.refused("record_accessible_needs", **needs(person_id, asked_on="2026-11-25"))

    assert (refusal["code"], refusal["details"]["field"]) == ("date_in_future", "asked_on")


def test_not_asked_and_not_stated_stay_apart(desk):
    for category, number in (("not_asked", "9990000026"), ("Z", "9990000034")):
        person = a_person(ethnic_category=category, nhs_number=number, council_client_id=None)
        received = desk.ask("receive_referral", **a_referral(person=person))
        shown = desk.case(received["referral_id"])["person"]
        assert shown["ethnic_category"] == category
