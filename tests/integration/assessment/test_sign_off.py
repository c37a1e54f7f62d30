"""Who decides on a signed plan, and what a decision must say."""

from uuid import uuid4

import pytest

from tests.integration.assessment.planning import (
    a_plan,
    an_item,
    attending,
    explained,
    without_money,
)

ITEM_ID, OTHER_ID = str(uuid4()), str(uuid4())


def two_items():
    return {
        "items": [
            an_item(item_id=ITEM_ID, unit_cost_pence=10_00),
            an_item(item_id=OTHER_ID, unit_cost_pence=5_00, description="Drum kit", occurrences=2),
        ]
    }


def of_item(item_id, outcome, reasons=None):
    return {"item_id": item_id, "outcome": outcome, "reasons": reasons}


def refusal(**changes):
    items = [of_item(ITEM_ID, "refuse", "Free elsewhere"), of_item(OTHER_ID, "refuse", "Too big")]
    return {"outcome": "refuse", "items": items, **explained()} | changes


def where_is_it(desk, case):
    found = desk.ask("where_is_it", referral_id=case.referral_id)
    return {one["stage"]: one for one in found}


def test_anyone_on_the_case_can_ask_who_is_deciding_since_when_and_by_when(desk):
    case = desk.submitted()
    to_sign = where_is_it(desk, case)["signature"]
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    to_decide = where_is_it(desk, case)
    desk.decide(case, "care_coordinator")

    assert (to_sign["role"], to_sign["due_on"]) == ("care_coordinator", "2026-12-08")
    assert "signature" not in to_decide
    assert to_decide["decision"]["role"] == "care_coordinator"
    assert to_decide["decision"]["due_on"] == "2026-12-01"
    assert "decision" not in where_is_it(desk, case)


def test_a_part_is_approved_and_the_other_refused_with_its_reasons(desk):
    case = desk.signed(**two_items())

    decided = desk.decide(
        case,
        "care_coordinator",
        outcome="approve_in_part",
        items=[of_item(ITEM_ID, "approve"), of_item(OTHER_ID, "refuse", "One can be borrowed")],
        **explained(),
    )

    (approved,) = desk.told("plan_approved")
    assert approved["budget_id"] == decided["budget_id"]
    assert [item["item_id"] for item in approved["items"]] == [ITEM_ID]
    assert approved["total_pence"] == 180_00
    assert approved["items"][0]["goals"][0]["words"].startswith("Regain confidence")
    (refused,) = desk.told("plan_refused")
    assert refused["is_in_part"] is True
    assert refused["items"] == [{"item_id": OTHER_ID, "reasons": "One can be borrowed"}]
    assert refused["appeal_route"].startswith("Write to the appeals officer")
    assert desk.ask("totals")["approved_at"]["care_coordinator"] == 1


def test_a_returned_plan_is_drafted_again_and_signed_anew(desk):
    case = desk.signed(**two_items())
    items = [of_item(ITEM_ID, "return", "Which day is it on?")]

    desk.decide(case, "care_coordinator", outcome="return", reasons="Please look", items=items)

    (told,) = desk.told("plan_returned")
    assert told["items"] == [{"item_id": ITEM_ID, "reasons": "Which day is it on?"}]
    assert desk.case(case.referral_id)["plan"]["state"] == "returned"
    again = desk.refused("decide_plan", **case.decision("care_coordinator"))
    assert again["code"] == "plan_not_in_that_state"
    desk.drafted_again(case, **two_items())
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    desk.decide(case, "care_coordinator")
    assert len(desk.told("plan_approved")) == 1


def test_a_refused_plan_says_why_what_else_there_is_and_how_to_appeal(desk):
    case = desk.signed(**two_items())

    desk.decide(case, "care_coordinator", **refusal(reasons="No assessed need"))

    (told,) = desk.told("plan_refused")
    assert (told["is_in_part"], told["reasons"]) == (False, "No assessed need")
    assert len(told["items"]) == 2
    assert told["alternatives"] == "The community choir costs nothing"
    assert desk.told("plan_approved") == []
    shown = desk.case(case.referral_id)["plan"]
    assert (shown["state"], shown["budget_id"]) == ("refused", None)
    assert desk.case(case.referral_id)["referral"]["outcome"] == "open"


@pytest.mark.parametrize(
    "changes",
    [
        {"reasons": " "},
        {"evidence": []},
        {"alternatives": None},
        {"appeal_route": None},
        {"items": []},
        {"items": [of_item(ITEM_ID, "refuse", "x"), of_item(OTHER_ID, "refuse")]},
    ],
)
def test_a_refusal_is_not_saved_without_what_it_must_say(desk, changes):
    case = desk.signed(**two_items())

    answer = desk.refused("decide_plan", **case.decision("care_coordinator", **refusal(**changes)))

    assert answer["code"] in {"refusal_unexplained", "invalid_request"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "approve_in_part", **explained()}, "item_outcome_wrong"),
        ({"items": [of_item(str(uuid4()), "approve")]}, "item_outcome_wrong"),
        ({"items": [of_item(ITEM_ID, "approve")] * 2}, "invalid_request"),
        ({"outcome": "escalate", "escalate_to": "risk_enablement_panel"}, "rung_skipped"),
        ({"outcome": "escalate", "escalate_to": "care_coordinator"}, "no_rung_above"),
        ({"escalate_to": "team_manager"}, "invalid_request"),
        ({"co_signatory_id": str(uuid4())}, "decider_not_in_role"),
    ],
)
def test_what_does_not_fit_the_decision_is_refused(desk, changes, code):
    case = desk.signed(**two_items())

    answer = desk.refused("decide_plan", **case.decision("care_coordinator", **changes))

    assert answer["code"] == code


def test_a_rung_is_skipped_for_a_reason_that_is_kept(desk):
    case = desk.signed(**two_items())

    asked = desk.decide(
        case,
        "care_coordinator",
        outcome="escalate",
        reasons="Is a kit too loud for the flat?",
        escalate_to="multidisciplinary_team",
        skip_because="The team manager is the person's cousin",
    )

    assert (asked["next_rung"], asked["due_on"]) == ("multidisciplinary_team", "2026-12-08")
    step = desk.case(case.referral_id)["plan"]["decision"]
    assert step["skip_because"] == "The team manager is the person's cousin"
    assert step["worry"] == "Is a kit too loud for the flat?"


def test_nobody_is_asked_above_the_panel(desk):
    case = desk.signed(is_comfortable=False)
    for rung in ("team_manager", "multidisciplinary_team"):
        desk.decide(case, rung, outcome="escalate", reasons="Not sure")

    request = case.decision("risk_enablement_panel", outcome="escalate", reasons="Not sure")

    assert desk.refused("decide_plan", **request)["code"] == "no_rung_above"


@pytest.mark.parametrize(
    ("capacities", "is_quorate"),
    [((), False), (("practitioner",), False), (("lived_experience",), True)],
)
def test_the_panel_decides_with_somebody_who_has_lived_experience(desk, capacities, is_quorate):
    case = desk.signed(is_comfortable=False)
    desk.decide(
        case,
        "team_manager",
        outcome="escalate",
        reasons="Not sure",
        escalate_to="risk_enablement_panel",
        skip_because="The multidisciplinary team wrote the assessment",
    )
    request = case.decision("risk_enablement_panel", attendees=attending(*capacities))

    if is_quorate:
        desk.ask("decide_plan", **request)
    else:
        assert desk.refused("decide_plan", **request)["code"] == "no_quorum"


def test_nobody_decides_twice_not_even_in_another_role_or_in_a_meeting(desk):
    case = desk.signed(is_comfortable=False)
    desk.decide(case, "team_manager", outcome="escalate", reasons="Not sure")
    manager_id = case.team["team_manager"]

    member = [{"attendee_id": manager_id, "capacity": "practitioner"}]
    refused = desk.refused(
        "decide_plan", **case.decision("multidisciplinary_team", attendees=member)
    )
    guest = [{"attendee_id": manager_id, "capacity": "guest"}, *attending("practitioner")]
    desk.ask("decide_plan", **case.decision("multidisciplinary_team", attendees=guest))

    assert refused["code"] == "already_decided"


def test_whoever_works_for_a_payee_does_not_decide_alone(desk):
    case = desk.signed(items=[an_item(payee="Voluntary-Broker")])

    alone = desk.refused("decide_plan", **case.decision("care_coordinator"))
    with_colleague = case.decision("care_coordinator", co_signatory_id=case.team["team_manager"])
    both = desk.refused("decide_plan", **with_colleague)
    desk.ask(
        "assign_team_member",
        person_id=case.team["person"],
        role="team_manager",
        staff_id=case.team["team_manager"],
        name="Tal",
        organisation="council",
        employer="council",
    )
    desk.ask("decide_plan", **with_colleague)

    assert (alone["code"], both["code"]) == ("provider_decides_alone", "provider_decides_alone")
    shown = desk.case(case.referral_id)["plan"]["decision"]
    assert shown["co_signatory_id"] == case.team["team_manager"]


def test_an_edit_takes_the_plan_back_from_whoever_was_deciding(desk):
    case = desk.signed()

    desk.ask("draft_plan", **a_plan(case.referral_id, plan_id=case.plan_id))

    assert "decision" not in where_is_it(desk, case)
    trail = desk.case(case.referral_id)["plan"]["decision_trail"]
    assert [step["withdrawn_at"] is not None for step in trail] == [True]


def test_a_missed_decision_is_told_of_with_the_rung(desk):
    case = desk.signed()

    missed = where_is_it(desk, case)["decision"]

    assert (missed["role"], missed["since"][:10]) == ("care_coordinator", "2026-11-24")


def test_a_plan_without_money_is_refused_with_reasons_as_well(desk):
    case = desk.signed(**without_money())
    bare = {"outcome": "refuse", "reasons": "It repeats the last plan"}

    answer = desk.refused("decide_plan", **case.decision("care_coordinator", **bare))
    desk.decide(case, "care_coordinator", **bare, **explained())

    assert answer["code"] == "refusal_unexplained"
    assert desk.told("plan_refused")[0]["items"] == []


@pytest.fixture
def represented(desk):
    """Return a case whose person is represented by an attorney, and the attorney's id."""
    case = desk.submitted()
    representative_id = str(uuid4())
    desk.ask(
        "appoint_representative",
        appointment_id=str(uuid4()),
        person_id=case.team["person"],
        representative_id=representative_id,
        kind="attorney",
        name="Dilys Sample",
        scopes=["sign_plan"],
        basis="Lasting power of attorney, health and welfare",
        starts_on="2026-11-01",
        ends_on=None,
        email=None,
        mobile=None,
    )
    return case, representative_id


BASIS = "Dr Example assessed on 20 November that Alex cannot weigh this decision now"


def test_a_representative_in_scope_signs_and_the_basis_is_kept(desk, represented):
    case, representative_id = represented

    desk.sign(case, "person", signatory_id=representative_id, capacity_basis=BASIS)

    (told,) = desk.told("plan_signed")
    assert told["is_by_representative"] is True
    (signature,) = desk.case(case.referral_id)["plan"]["signatures"]
    assert (signature["signatory_id"], signature["capacity_basis"]) == (representative_id, BASIS)


@pytest.mark.parametrize(
    ("who", "basis", "code"),
    [
        ("representative", None, "capacity_basis_missing"),
        ("stranger", BASIS, "signatory_not_in_role"),
        ("broker", BASIS, "representative_in_care_team"),
        ("care_coordinator", BASIS, "representative_in_care_team"),
        ("person", BASIS, "capacity_not_in_question"),
    ],
)
def test_nobody_else_signs_in_the_persons_place(desk, represented, who, basis, code):
    case, representative_id = represented
    ids = {**case.team, "representative": representative_id, "stranger": str(uuid4())}

    request = case.signature("person", signatory_id=ids[who], capacity_basis=basis)

    assert desk.refused("sign_plan", **request)["code"] == code
