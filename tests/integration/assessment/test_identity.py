"""Two records that may be one person: nobody waits, and a human finds out."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_person, a_referral
from tests.integration.assessment.test_people import safe_contact

OFFICER = str(uuid4())
UNKNOWN = {"nhs_number": None, "council_client_id": None}


def refer(desk, **person):
    return desk.ask("receive_referral", **a_referral(person=a_person(**person)))


def questions(desk):
    """Return the ids of the questions that wait for the information officer."""
    tasks = desk.ask("open_tasks", role="information_officer")
    referral_ids = {task["about"].removeprefix("referral/") for task in tasks}
    asked = {
        question["question_id"]
        for referral_id in referral_ids
        for question in desk.case(referral_id)["identity_questions"]
        if question["answer"] is None
    }
    assert len(asked) == len(tasks)
    return sorted(asked)


def an_answer(question_id, /, **changes):
    return {
        "question_id": question_id,
        "answered_by": OFFICER,
        "answered_by_role": "information_officer",
        "reasons": "Rang both; the GP has one record",
    } | changes


def test_people_alike_without_identifiers_have_records_of_their_own_and_a_question(desk):
    first = refer(desk, **UNKNOWN)
    second = refer(desk, **UNKNOWN, given_name="ALEX", mobile=None)

    assert first["person_id"] != second["person_id"]
    (question_id,) = questions(desk)
    asked = desk.ask("identity_question", question_id=question_id)
    assert asked["suspicion"] == "alike"
    assert {one["person_id"] for one in asked["people"]} == {
        first["person_id"],
        second["person_id"],
    }
    (where,) = [
        one
        for one in desk.ask("where_is_it", referral_id=second["referral_id"])
        if one["stage"] == "identity_question"
    ]
    assert (where["role"], where["due_on"]) == ("information_officer", "2026-12-01")


@pytest.mark.parametrize(
    "other",
    [{"birth_date": "1961-04-10"}, {"family_name": "Simple"}, {"address_lines": ["1", "ZZ99 3VZ"]}],
)
def test_people_who_differ_in_one_of_the_three_are_no_question(desk, other):
    refer(desk, **UNKNOWN)
    refer(desk, **UNKNOWN, **other)

    assert questions(desk) == []


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"nhs_number": "9996635902"}, 1),  # a council's client who is known by another NHS number
        ({"council_client_id": "LAS2"}, 2),  # two people, each known by one of the two
    ],
)
def test_identifiers_that_contradict_each_other_are_a_question_and_stop_nobody(
    desk, changes, count
):
    refer(desk)
    refer(desk, nhs_number=None, council_client_id="LAS2", family_name="Other")

    third = refer(desk, **changes, family_name="Third")

    assert third["person_id"] not in {
        told["person_id"] for told in desk.told("referral_received")[:2]
    }
    assert len(questions(desk)) == count
    kinds = {desk.ask("identity_question", question_id=one)["suspicion"] for one in questions(desk)}
    assert kinds == {"contradictory"}
    again = refer(desk)
    assert again["person_id"] == desk.told("referral_received")[0]["person_id"]


@pytest.mark.parametrize("unknown", [{"council_client_id": None}, {"nhs_number": None}, {}])
def test_an_identifier_with_another_birth_date_opens_and_changes_no_record(desk, unknown):
    first = refer(desk)
    other = {"birth_date": "1999-01-01", "mobile": "07700 900999", "family_name": "Other"}

    second = refer(desk, **other, **unknown)

    assert second["person_id"] != first["person_id"]
    told = desk.told("contact_details_changed")
    assert {one["mobile"] for one in told if one["person_id"] == first["person_id"]} == {
        a_person()["mobile"]
    }
    assert all(one["nhs_number"] is None for one in told if one["person_id"] == second["person_id"])
    (question_id,) = questions(desk)
    asked = desk.ask("identity_question", question_id=question_id)
    assert asked["suspicion"] == "contradictory"


def test_who_was_kept_apart_is_not_asked_about_again(desk):
    for _ in range(2):
        refer(desk, **UNKNOWN)
    (question_id,) = questions(desk)
    for _ in range(2):
        desk.ask("keep_apart", **an_answer(question_id))

    assert questions(desk) == []
    asked = desk.ask("identity_question", question_id=question_id)
    assert (asked["answer"], asked["answered_by"]) == ("kept_apart", OFFICER)
    person_id = asked["people"][0]["person_id"]
    other = desk.refused("merge_people", **an_answer(question_id), kept_person_id=person_id)
    assert other["code"] == "identity_question_answered"


def merged(desk, first, second):
    """Merge the second person into the first."""
    (question_id,) = questions(desk)
    request = an_answer(question_id, kept_person_id=first["person_id"])
    for _ in range(2):
        desk.ask("merge_people", **request)
    return request


def test_whoever_had_two_records_is_known_by_either_birth_date(desk):
    first = refer(desk)
    mistaken = {"birth_date": "1999-01-01"}
    merged(desk, first, refer(desk, **mistaken))

    for born in (mistaken, {}):
        assert refer(desk, **born)["person_id"] == first["person_id"]

    assert questions(desk) == []


def test_one_person_with_two_records_has_one_and_both_ids(desk):
    first = refer(desk, nhs_number=None)
    second = refer(desk, council_client_id=None)
    team = desk.a_team(second["person_id"], ("broker",))
    merged(desk, first, second)

    for received in (first, second):
        case = desk.case(received["referral_id"])
        assert case["person"]["person_id"] == first["person_id"]
        assert case["person"]["also_known_by"] == [second["person_id"]]
        assert [one["staff_id"] for one in case["person"]["care_team"]] == [team["broker"]]
        assert len(case["consents"]) == 4
    (told,) = desk.told("people_merged")
    assert told["person_id"] == first["person_id"]
    assert told["merged_person_id"] == second["person_id"]


def test_a_merged_person_is_found_by_the_identifiers_of_both_records(desk):
    first = refer(desk, nhs_number=None)
    second = refer(desk, council_client_id=None)
    merged(desk, first, second)

    for by in (
        {"nhs_number": "9990000018", "council_client_id": None},
        {"nhs_number": None, "council_client_id": "LAS1000001"},
    ):
        assert desk.ask("find_person", **by) == {"person_id": first["person_id"]}
    assert refer(desk)["person_id"] == first["person_id"]


def test_two_numbers_of_one_person_both_find_them(desk):
    first = refer(desk, council_client_id=None)
    second = refer(desk, council_client_id=None, nhs_number="9996635902")
    merged(desk, first, second)

    for number in ("9990000018", "9996635902"):
        again = refer(desk, council_client_id=None, nhs_number=number)
        assert again["person_id"] == first["person_id"]


def test_what_changes_later_is_told_under_both_ids(desk):
    first = refer(desk, **UNKNOWN)
    second = refer(desk, **UNKNOWN)
    merged(desk, first, second)

    team = desk.a_team(second["person_id"], ("broker",))  # by the id that was merged

    (one, other) = desk.told("care_team_changed")[-2:]
    assert {one["person_id"], other["person_id"]} == {first["person_id"], second["person_id"]}
    for told in (one, other):
        assert [member["staff_id"] for member in told["members"]] == [team["broker"]]
    told = [one for one in desk.told("contact_details_changed") if one["version"] > 1]
    assert {one["person_id"] for one in told} == {first["person_id"], second["person_id"]}


def test_where_both_records_have_somebody_in_a_role_the_kept_ones_stays(desk):
    first = refer(desk, **UNKNOWN)
    second = refer(desk, **UNKNOWN)
    stays = desk.a_team(first["person_id"], ("broker",))
    goes = desk.a_team(second["person_id"], ("broker", "care_coordinator"))
    merged(desk, first, second)

    person = desk.case(first["referral_id"])["person"]
    assert {one["staff_id"] for one in person["care_team"]} == {
        stays["broker"],
        goes["care_coordinator"],
    }
    assert [one["staff_id"] for one in person["care_team_before"]] == [goes["broker"]]


def test_a_third_record_that_was_merged_before_follows(desk):
    first = refer(desk, **UNKNOWN)
    second = refer(desk, **UNKNOWN)
    merged(desk, second, first)
    third = refer(desk, **UNKNOWN)
    merged(desk, third, second)

    case = desk.case(first["referral_id"])
    assert case["person"]["person_id"] == third["person_id"]
    assert set(case["person"]["also_known_by"]) == {first["person_id"], second["person_id"]}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kept_person_id": str(uuid4())}, "kept_not_of_pair"),
        ({"question_id": str(uuid4())}, "not_found"),
        ({"answered_by_role": "broker"}, "invalid_request"),
        ({"reasons": ""}, "invalid_request"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(desk, changes, code):
    first = refer(desk, **UNKNOWN)
    refer(desk, **UNKNOWN)
    (question_id,) = questions(desk)
    request = an_answer(question_id, kept_person_id=first["person_id"]) | changes

    assert desk.refused("merge_people", **request)["code"] == code


def test_a_question_that_was_never_asked_is_not_found(desk):
    for operation, request in (
        ("keep_apart", an_answer(str(uuid4()))),
        ("identity_question", {"question_id": str(uuid4())}),
    ):
        assert desk.refused(operation, **request)["code"] == "not_found"


def test_records_are_not_merged_where_who_acts_for_one_works_on_the_other(desk):
    first = refer(desk, **UNKNOWN)
    second = refer(desk, **UNKNOWN)
    team = desk.a_team(first["person_id"], ("broker",))
    desk.ask(
        "appoint_representative",
        appointment_id=str(uuid4()),
        person_id=second["person_id"],
        representative_id=team["broker"],
        kind="nominee",
        name="Bo",
        scopes=["manage_money"],
        basis="Said so",
        starts_on="2026-11-20",
        ends_on=None,
        email=None,
        mobile=None,
    )
    (question_id,) = questions(desk)

    refusal = desk.refused(
        "merge_people", **an_answer(question_id), kept_person_id=first["person_id"]
    )

    assert refusal["code"] == "representative_in_care_team"


def test_a_way_that_is_not_safe_by_one_of_two_records_is_not_safe(desk):
    first = refer(desk, **UNKNOWN)
    second = refer(desk, **UNKNOWN, safe_to_text=False)
    desk.ask("record_safe_contact", **safe_contact(second["person_id"], safe_to_email=False))
    merged(desk, first, second)

    told = desk.told("contact_details_changed")[-2:]

    assert {one["person_id"] for one in told} == {first["person_id"], second["person_id"]}
    assert [(one["is_safe_to_text"], one["email"]) for one in told] == [(False, None)] * 2
    contact = desk.case(first["referral_id"])["person"]["safe_contact"]
    assert contact["words"] == "Not while my partner is at home"


def test_two_records_that_are_one_already_by_way_of_a_third_are_told_of_once(desk):
    first, second, third = (refer(desk, **UNKNOWN) for _ in range(3))
    ids = questions(desk)
    for question_id in ids:
        people = desk.ask("identity_question", question_id=question_id)["people"]
        kept = min(one["person_id"] for one in people)
        desk.ask("merge_people", **an_answer(question_id, kept_person_id=kept))

    assert len(ids) == 3
    told = desk.told("people_merged")
    assert len(told) == 2
    assert all(one["person_id"] != one["merged_person_id"] for one in told)
    shown = desk.case(third["referral_id"])["person"]
    assert len({shown["person_id"], *shown["also_known_by"]}) == 3
    assert {first["person_id"], second["person_id"]} <= {
        shown["person_id"],
        *shown["also_known_by"],
    }


def numbers_told(desk, received):
    told = desk.told("contact_details_changed")
    return [one["nhs_number"] for one in told if one["person_id"] == received["person_id"]]


def test_a_number_that_may_be_somebody_elses_is_not_told_until_they_are_one(desk):
    first = refer(desk, council_client_id=None)
    other = refer(desk, nhs_number=None, council_client_id="LAS2", family_name="Other")
    second = refer(desk, council_client_id="LAS2")

    assert numbers_told(desk, first) == ["9990000018"]
    assert numbers_told(desk, other) == [None]
    assert numbers_told(desk, second) == [None]

    asked = [desk.ask("identity_question", question_id=one) for one in questions(desk)]
    (question_id,) = [
        one["question_id"]
        for one in asked
        if {person["person_id"] for person in one["people"]}
        == {first["person_id"], second["person_id"]}
    ]
    desk.ask("merge_people", **an_answer(question_id, kept_person_id=second["person_id"]))

    assert numbers_told(desk, first) == ["9990000018", "9990000018"]
    assert numbers_told(desk, second) == [None, "9990000018"]


def test_a_number_that_only_the_merged_record_has_is_told_under_both_ids(desk):
    first = refer(desk, nhs_number=None)
    second = refer(desk, council_client_id=None)
    merged(desk, first, second)

    assert numbers_told(desk, first) == [None, "9990000018"]
    assert numbers_told(desk, second) == ["9990000018", "9990000018"]
