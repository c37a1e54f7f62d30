"""A refusal is looked at again; a complaint is heard outside the care team."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.assessment.complaints import handlers, queries
from tests.integration.assessment.planning import (
    an_appeal,
    an_appeal_decision,
    an_item,
    explained,
)

REFUSED, KEPT = str(uuid4()), str(uuid4())


@pytest.fixture
def refused(desk):
    """Return a case of which the coordinator refused everything, and the decision's id."""
    case = desk.signed(items=[an_item(item_id=REFUSED)])
    items = [{"item_id": REFUSED, "outcome": "refuse", "reasons": "Free elsewhere"}]
    answer = desk.decide(
        case, "care_coordinator", outcome="refuse", reasons="No", items=items, **explained()
    )
    return case, answer["decision_id"]


@pytest.fixture
def officer_id(desk):
    """Return somebody who reports to nobody on the case."""
    staff_id = str(uuid4())
    desk.ask("record_reporting_line", staff_id=staff_id, reports_to_id=None)
    return staff_id


def test_an_appeal_is_lodged_once(desk, refused):
    _, decision_id = refused
    appeal = an_appeal(decision_id)

    answers = [desk.ask("lodge_appeal", **appeal) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(desk.told("appeal_lodged")) == 1
    assert desk.refused("lodge_appeal", **appeal | {"grounds": "Else"})["code"] == "id_reused"
    assert desk.refused("lodge_appeal", **an_appeal(decision_id))["code"] == "appeal_open"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decision_id": str(uuid4())}, "not_found"),
        ({"decision_id": None, "refusal_id": str(uuid4())}, "not_found"),
        ({"refusal_id": str(uuid4())}, "invalid_request"),
        ({"decision_id": None}, "invalid_request"),
        ({"grounds": ""}, "invalid_request"),
        ({"supporter": {"kind": "robot", "name": "x"}}, "invalid_request"),
    ],
)
def test_what_is_no_appeal_is_refused(desk, refused, changes, code):
    _, decision_id = refused

    assert desk.refused("lodge_appeal", **an_appeal(decision_id) | changes)["code"] == code


def test_what_was_approved_is_not_appealed_against(desk):
    case = desk.approved()
    decision_id = desk.case(case.referral_id)["plan"]["decision"]["decision_id"]

    assert desk.refused("lodge_appeal", **an_appeal(decision_id))["code"] == "nothing_to_appeal"


def test_an_appeal_that_is_not_upheld_says_why_and_where_to_go(desk, refused, officer_id):
    case, decision_id = refused
    lodged = desk.ask("lodge_appeal", **an_appeal(decision_id))
    request = an_appeal_decision(lodged["appeal_id"], officer_id, outcome="not_upheld")

    nowhere = desk.refused("decide_appeal", **request)
    desk.ask("decide_appeal", **request | {"next_route": "The ombudsman"})

    assert nowhere["code"] == "next_route_missing"
    (told,) = desk.told("appeal_decided")
    assert (told["outcome"], told["next_route"]) == ("not_upheld", "The ombudsman")
    shown = desk.case(case.referral_id)
    assert (shown["plan"]["state"], shown["appeals"][0]["state"]) == ("refused", "not_upheld")
    late = desk.refused("decide_appeal", **request | {"next_route": "The ombudsman"})
    assert late["code"] == "appeal_decided"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"appeal_id": str(uuid4())}, "not_known_yet"),
        ({"reasons": " "}, "invalid_request"),
        ({"evidence": []}, "invalid_request"),
    ],
)
def test_what_is_no_decision_on_an_appeal_is_refused(desk, refused, officer_id, changes, code):
    lodged = desk.ask("lodge_appeal", **an_appeal(refused[1]))
    request = an_appeal_decision(lodged["appeal_id"], officer_id) | changes

    assert desk.refused("decide_appeal", **request)["code"] == code


@pytest.mark.parametrize("role", ["person", "broker", "team_manager"])
def test_nobody_of_the_case_decides_on_its_appeal(desk, refused, role):
    case, decision_id = refused
    lodged = desk.ask("lodge_appeal", **an_appeal(decision_id))
    desk.ask("record_reporting_line", staff_id=case.team[role], reports_to_id=None)

    request = an_appeal_decision(lodged["appeal_id"], case.team[role])

    assert desk.refused("decide_appeal", **request)["code"] == "appeal_decider_not_new"


def test_an_upheld_appeal_reopens_nothing_when_the_plan_was_drafted_again(
    desk, refused, officer_id
):
    case, decision_id = refused
    lodged = desk.ask("lodge_appeal", **an_appeal(decision_id))
    desk.drafted_again(case)

    answer = desk.ask("decide_appeal", **an_appeal_decision(lodged["appeal_id"], officer_id))

    assert answer["is_reopened"] is False
    assert desk.case(case.referral_id)["plan"]["state"] == "submitted"


def test_an_upheld_appeal_against_a_part_leaves_the_rest_in_force(desk, officer_id):
    case = desk.signed(items=[an_item(item_id=KEPT), an_item(item_id=REFUSED, occurrences=1)])
    items = [
        {"item_id": KEPT, "outcome": "approve", "reasons": None},
        {"item_id": REFUSED, "outcome": "refuse", "reasons": "One can be borrowed"},
    ]
    decided = desk.decide(
        case, "care_coordinator", outcome="approve_in_part", items=items, **explained()
    )
    lodged = desk.ask("lodge_appeal", **an_appeal(decided["decision_id"]))

    answer = desk.ask("decide_appeal", **an_appeal_decision(lodged["appeal_id"], officer_id))

    assert answer["is_reopened"] is False
    assert desk.case(case.referral_id)["plan"]["state"] == "approved"


def test_nobody_reports_to_themselves_not_even_through_others(desk, officer_id):
    below = str(uuid4())
    desk.ask("record_reporting_line", staff_id=below, reports_to_id=officer_id)

    circle = desk.refused("record_reporting_line", staff_id=officer_id, reports_to_id=below)

    assert circle["code"] == "reporting_circle"


def a_complaint(person_id, **changes):
    return {
        "complaint_id": str(uuid4()),
        "person_id": person_id,
        "made_by_role": "person",
        "words": "Nobody rang me back for three weeks",
        "wants": "An apology",
        "may_team_read": False,
    } | changes


def an_answer(complaint_id, **changes):
    return {
        "complaint_id": complaint_id,
        "handler_id": str(uuid4()),
        "answer": "We are sorry. From now on somebody rings within two days.",
        "next_route": "The Parliamentary and Health Service Ombudsman",
    } | changes


@pytest.fixture
def complained(desk):
    case = desk.submitted()
    complaint = a_complaint(case.team["person"])
    made = desk.ask("make_complaint", **complaint)
    return case, complaint, made


def test_a_complaint_is_taken_once_and_has_a_date(desk, complained):
    case, complaint, made = complained

    assert desk.ask("make_complaint", **complaint) == made
    assert made["due_on"] == "2026-12-31"  # twenty-five working days
    (told,) = desk.told("complaint_made")
    assert told["person_id"] == case.team["person"]
    other = desk.refused("make_complaint", **complaint | {"words": "Something else"})
    assert other["code"] == "id_reused"
    nobody = desk.refused("make_complaint", **a_complaint(str(uuid4())))
    assert nobody["code"] == "not_found"


def test_a_case_does_not_show_that_somebody_complained(desk, complained):
    case, _, made = complained

    assert made["complaint_id"] not in str(desk.case(case.referral_id))
    stages = [one["stage"] for one in desk.ask("where_is_it", referral_id=case.referral_id)]
    assert "complaint" not in stages


@pytest.mark.parametrize("role", ["broker", "care_coordinator", "team_manager"])
def test_the_care_team_neither_reads_nor_answers_a_complaint(desk, complained, role):
    case, _, made = complained
    staff_id = case.team[role]

    read = desk.refused(
        "complaint",
        complaint_id=made["complaint_id"],
        reader_id=staff_id,
        reader_role="complaints_officer",
    )
    answer = desk.refused(
        "answer_complaint", **an_answer(made["complaint_id"], handler_id=staff_id)
    )

    assert (read["code"], answer["code"]) == ("complaint_not_for_care_team",) * 2


def test_whoever_left_the_care_team_does_not_read_a_complaint_either(desk, complained):
    case, _, made = complained
    desk.ask(
        "assign_team_member",
        person_id=case.team["person"],
        role="broker",
        staff_id=str(uuid4()),
        name="New",
        organisation="voluntary-broker",
        employer="voluntary-broker",
    )

    request = {"complaint_id": made["complaint_id"], "reader_role": "complaints_officer"}

    refusal = desk.refused("complaint", reader_id=case.team["broker"], **request)
    assert refusal["code"] == "complaint_not_for_care_team"


def test_a_complaint_is_answered_once_and_read_by_the_person(desk, complained):
    case, _, made = complained
    answer = an_answer(made["complaint_id"])
    desk.ask("answer_complaint", **answer)

    shown = desk.ask(
        "complaint",
        complaint_id=made["complaint_id"],
        reader_id=case.team["person"],
        reader_role="person",
    )

    assert (shown["state"], shown["handler_id"]) == ("answered", answer["handler_id"])
    assert shown["next_route"].endswith("Ombudsman")
    assert len(desk.told("complaint_answered")) == 1
    assert desk.refused("answer_complaint", **answer)["code"] == "complaint_answered"
    unknown = desk.refused("answer_complaint", **an_answer(str(uuid4())))
    assert unknown["code"] == "not_known_yet"


@pytest.mark.parametrize(
    ("complaint_id", "role", "code"),
    [(None, "commissioner", "complaint_not_yours_to_read"), (str(UUID(int=7)), "x", "not_found")],
)
def test_nobody_else_reads_a_complaint(desk, complained, complaint_id, role, code):
    request = {
        "complaint_id": complaint_id or complained[2]["complaint_id"],
        "reader_id": str(uuid4()),
        "reader_role": role,
    }

    assert desk.refused("complaint", **request)["code"] == code


def test_a_late_complaint_is_told_of_once_and_names_nobody(desk, complained):
    _, _, made = complained
    desk.at += timedelta(days=60)

    for _ in range(2):
        desk.strike(queries.late, handlers.tell_late)

    (told,) = desk.told("complaint_late")
    assert told["complaint_id"] == made["complaint_id"]
    assert "person_id" not in told
