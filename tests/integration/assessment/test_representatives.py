"""Who may act for a person, and who may not."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.assessment.representatives.models import Representative
from services.assessment.representatives.rules import Scope
from tests.integration.assessment.desk import a_referral


def an_appointment(person_id, /, **changes):
    return {
        "appointment_id": str(uuid4()),
        "person_id": person_id,
        "representative_id": str(uuid4()),
        "kind": "attorney",
        "name": "Dilys Sample",
        "scopes": ["sign_plan", "manage_money"],
        "basis": "Lasting power of attorney, registered, seen on 19 November",
        "starts_on": "2026-11-20",
        "ends_on": None,
        "email": "dilys@example.org",
        "mobile": None,
    } | changes


@pytest.fixture
def referred(desk):
    return desk.ask("receive_referral", **a_referral())


@pytest.fixture
def in_scope(desk, referred):
    def ids(scope, on_day=date(2026, 11, 24)):
        with desk.transaction() as session:
            found = Representative.in_scope(
                UUID(referred["person_id"]), scope, on_day, session=session
            )
            return [str(one.representative_id) for one in found]

    return ids


def test_a_representative_acts_in_their_scope_and_in_nothing_else(desk, referred, in_scope):
    request = an_appointment(referred["person_id"])
    for _ in range(2):
        desk.ask("appoint_representative", **request)

    assert in_scope(Scope.SIGN_PLAN) == [request["representative_id"]]
    assert in_scope(Scope.SPEAK_FOR) == []
    assert in_scope(Scope.SIGN_PLAN, date(2026, 11, 19)) == []
    (told,) = desk.told("representative_changed")
    assert told["version"] == 1
    assert [one["name"] for one in told["representatives"]] == ["Dilys Sample"]
    (shown,) = desk.case(referred["referral_id"])["representatives"]
    assert shown["scopes"] == ["manage_money", "sign_plan"]


def test_everybody_who_acts_is_told_and_not_only_the_last_one(desk, referred):
    first = an_appointment(referred["person_id"])
    second = an_appointment(referred["person_id"], kind="advocate", scopes=["speak_for"])
    for request in (first, second):
        desk.ask("appoint_representative", **request)

    (_, told) = desk.told("representative_changed")

    assert told["version"] == 2
    assert {one["kind"] for one in told["representatives"]} == {"attorney", "advocate"}


def test_an_appointment_that_was_ended_counts_until_its_last_day(desk, referred, in_scope):
    request = an_appointment(referred["person_id"])
    desk.ask("appoint_representative", **request)
    end = {
        "appointment_id": request["appointment_id"],
        "ended_on": "2026-11-23",
        "reason": "Alex decides alone again",
    }
    for _ in range(2):
        desk.ask("end_representative", **end)

    assert in_scope(Scope.SIGN_PLAN) == []
    assert in_scope(Scope.SIGN_PLAN, date(2026, 11, 23)) == [request["representative_id"]]
    (_, told) = desk.told("representative_changed")
    assert (told["version"], told["representatives"]) == (2, [])
    (shown,) = desk.case(referred["referral_id"])["representatives"]
    assert shown["end_reason"] == "Alex decides alone again"
    other = desk.refused("end_representative", **end | {"reason": "Another"})
    assert other["code"] == "representative_ended"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "advocate", "scopes": ["sign_plan"]}, "scope_not_of_kind"),
        ({"kind": "appointee", "scopes": ["sign_plan"]}, "scope_not_of_kind"),
        ({"ends_on": "2026-11-19"}, "ends_before_start"),
        ({"kind": "friend"}, "invalid_request"),
        ({"scopes": []}, "invalid_request"),
        ({"scopes": ["everything"]}, "invalid_request"),
        ({"basis": ""}, "invalid_request"),
        ({"person_id": str(uuid4())}, "not_found"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused(desk, referred, changes, code):
    request = an_appointment(referred["person_id"], **changes)

    assert desk.refused("appoint_representative", **request)["code"] == code


def test_nobody_represents_themselves(desk, referred):
    person_id = referred["person_id"]

    refusal = desk.refused(
        "appoint_representative", **an_appointment(person_id, representative_id=person_id)
    )

    assert refusal["code"] == "represents_themselves"


def test_who_works_on_a_case_does_not_act_for_the_person(desk, referred):
    team = desk.a_team(referred["person_id"])

    request = an_appointment(referred["person_id"], representative_id=team["broker"])

    refusal = desk.refused("appoint_representative", **request)
    assert refusal["code"] == "representative_in_care_team"


@pytest.mark.parametrize("starts_on", ["2026-11-20", "2026-12-01"])
def test_who_acts_for_a_person_does_not_join_the_care_team(desk, referred, starts_on):
    request = an_appointment(referred["person_id"], starts_on=starts_on)
    desk.ask("appoint_representative", **request)

    refusal = desk.refused(
        "assign_team_member",
        person_id=referred["person_id"],
        role="broker",
        staff_id=request["representative_id"],
        name="Dilys Sample",
        organisation="voluntary-broker",
        employer="voluntary-broker",
    )

    assert refusal["code"] == "representative_in_care_team"


@pytest.mark.parametrize(
    ("ended_on", "is_known", "code"),
    [("2026-11-25", True, "date_in_future"), ("2026-11-24", False, "not_found")],
)
def test_an_end_that_cannot_be_is_refused(desk, referred, ended_on, is_known, code):
    request = an_appointment(referred["person_id"])
    desk.ask("appoint_representative", **request)

    refusal = desk.refused(
        "end_representative",
        appointment_id=request["appointment_id"] if is_known else str(uuid4()),
        ended_on=ended_on,
        reason="It was for a month",
    )

    assert refusal["code"] == code


def test_a_number_is_kept_encrypted_and_finds_who_acts(desk, referred):
    request = an_appointment(referred["person_id"], nhs_number="999 123 0033")

    desk.ask("appoint_representative", **request)

    assert "9991230033" not in str(desk.everything())
    found = desk.ask("find_representative", nhs_number="9991230033")
    assert found == {"representative_id": request["representative_id"]}
    assert desk.ask("find_representative", nhs_number="9991230017")["representative_id"] is None


def test_a_number_is_one_humans_and_a_human_has_one_number(desk, referred):
    first = an_appointment(referred["person_id"], nhs_number="9991230033")
    desk.ask("appoint_representative", **first)
    another = an_appointment(referred["person_id"], nhs_number="9991230033")
    same = an_appointment(
        referred["person_id"],
        representative_id=first["representative_id"],
        nhs_number="9991230017",
    )

    for request in (another, same):
        refusal = desk.refused("appoint_representative", **request)
        assert refusal["code"] == "representative_known_otherwise"
    again = same | {"nhs_number": "9991230033"}
    assert desk.ask("appoint_representative", **again)["appointment_id"] == same["appointment_id"]
