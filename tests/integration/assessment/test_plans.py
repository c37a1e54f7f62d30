"""From a draft to three signatures, a decision, and what comes after."""

from functools import partial
from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_person, a_plan, a_referral, an_item
from tests.integration.assessment.planning import a_part
from tests.integration.racing import all_at_once


def a_small_plan(**changes):
    return {"items": [an_item(unit_cost_pence=100_00, occurrences=4)]} | changes


def test_a_plan_is_signed_by_three_and_approved_by_the_coordinator(desk):
    case = desk.submitted(**a_small_plan())

    first = desk.sign(case, "broker")
    desk.sign(case, "person")
    last = desk.sign(case, "care_coordinator")
    decided = desk.ask("decide_plan", **case.decision("care_coordinator"))

    assert (first["signed_by"], first["missing"]) == (["broker"], ["person", "care_coordinator"])
    assert first["decision_rung"] is None
    assert (last["missing"], last["decision_rung"]) == ([], "care_coordinator")
    assert last["decision_due_on"] == "2026-12-01"  # five working days
    assert desk.told("plan_escalated") == []
    assert [told["role"] for told in desk.told("plan_signed")] == [
        "broker",
        "person",
        "care_coordinator",
    ]
    (told,) = desk.told("plan_approved")
    assert told["budget_id"] == decided["budget_id"]
    assert (told["total_pence"], told["decided_by_rung"]) == (400_00, "care_coordinator")
    assert told["legal_basis"] == "local_offer"
    assert told["items"][0]["merchant_category_code"] == "8299"
    totals = desk.ask("totals")
    assert set(totals.pop("along_the_way").values()) == {0}
    assert totals == {
        "referrals": 1,
        "declined_a_budget": 0,
        "refused": 0,
        "approved_at": {
            "care_coordinator": 1,
            "team_manager": 0,
            "multidisciplinary_team": 0,
            "risk_enablement_panel": 0,
        },
    }


@pytest.mark.parametrize(("unit_cost_pence", "is_comfortable"), [(400_01, True), (1_00, False)])
def test_a_larger_plan_or_a_worry_goes_to_the_team_manager(desk, unit_cost_pence, is_comfortable):
    items = [an_item(unit_cost_pence=unit_cost_pence, occurrences=1)]
    case = desk.signed(is_comfortable=is_comfortable, items=items)

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator"))
    desk.ask("decide_plan", **case.decision("team_manager"))

    assert refusal["code"] == "wrong_rung"
    (told,) = desk.told("plan_escalated")
    assert (told["rung"], told["decision_due_on"]) == ("team_manager", "2026-12-01")
    assert desk.ask("totals")["approved_at"]["team_manager"] == 1


def test_a_reader_sees_who_signed_who_decided_and_why(desk):
    case = desk.approved(**a_small_plan())

    shown = desk.case(case.referral_id)["plan"]

    assert shown["state"] == "approved"
    signed_by = {signature["role"]: signature["signatory_id"] for signature in shown["signatures"]}
    assert signed_by == {role: case.team[role] for role in ("person", "broker", "care_coordinator")}
    assert shown["decision"]["reasons"] == "It is what helps."
    assert shown["decision"]["rung"] == "care_coordinator"
    assert (shown["decision"]["total_pence"], shown["decision"]["indicative_pence"]) == (
        400_00,
        2_022_87,
    )


def test_a_plan_waits_for_its_amount(desk):
    received = desk.agreed()

    refusal = desk.refused("draft_plan", **a_plan(received["referral_id"]))

    assert refusal["code"] == "not_known_yet"


@pytest.mark.parametrize(
    "changes",
    [
        {"items": [an_item(item_id=str(uuid4()))] * 2},
        {"items": [an_item(unit_cost_pence=0)]},
        {"items": [an_item(unit_cost_pence=10**30)]},
        {"items": [an_item(unit_cost_pence=17.5)]},
        {"items": [an_item(occurrences=0)]},
        {"items": [an_item(rail="cheque")]},
        {"items": [an_item(payer="person")]},
        {"items": [an_item(merchant_category_code="829")]},
        {"items": [an_item(merchant_category_code="829٩")]},
        {"items": [an_item(goal_ids=[])]},
        {"items": [an_item(rationale=" ")]},
        {"goals": []},
        {"six_features": []},
        {"risk_of_doing_nothing": ""},
        {"parts": [a_part(control_level=5)]},
        {"parts": [a_part(mode="cash")]},
        {"crisis_plan": None},
        {"crisis_plan_declined_because": "I have one elsewhere"},
    ],
)
def test_a_plan_that_is_not_as_it_must_be_is_refused_by_field(desk, changes):
    received = desk.offered()

    refusal = desk.refused("draft_plan", **a_plan(received["referral_id"], **changes))

    assert refusal["code"] == "invalid_request"
    assert set(refusal["details"])


SOMEBODY_ELSE = a_person(nhs_number="9996635902", council_client_id="LAS1000002")


def test_an_item_of_another_plan_is_refused_and_nothing_is_drafted(desk):
    """Its id is where the money of that other plan is looked for."""
    item = an_item()
    desk.ask("draft_plan", **a_plan(desk.offered()["referral_id"], items=[item]))
    received = desk.offered(person=SOMEBODY_ELSE)
    plan = a_plan(received["referral_id"], items=[an_item(), item])

    refusal = desk.refused("draft_plan", **plan)

    assert (refusal["code"], refusal["details"]) == ("id_reused", {"field": "items.item_id"})
    assert desk.case(received["referral_id"])["plan"] is None
    assert desk.ask("draft_plan", **plan | {"items": [an_item()]})["version"] == 1


def test_of_two_plans_that_take_one_item_at_the_same_moment_one_has_it(desk):
    item = an_item()
    plans = [
        a_plan(desk.offered()["referral_id"], items=[an_item(), item]),
        a_plan(desk.offered(person=SOMEBODY_ELSE)["referral_id"], items=[item, an_item()]),
    ]

    answers = all_at_once([partial(desk.answer, "draft_plan", plan) for plan in plans])

    assert sorted("refusal" in answer for answer in answers) == [False, True]


def test_an_item_stays_its_plans_own_in_every_version(desk):
    item = an_item()
    plan = a_plan(desk.offered()["referral_id"], items=[item])
    desk.ask("draft_plan", **plan)

    assert desk.ask("draft_plan", **plan)["version"] == 2


def test_drafting_again_makes_a_new_version_that_nobody_has_signed(desk):
    case = desk.submitted(**a_small_plan())
    desk.sign(case, "person")
    desk.sign(case, "broker")

    again = a_plan(case.referral_id, plan_id=case.plan_id, items=[an_item(unit_cost_pence=1)])
    drafted = desk.ask("draft_plan", **again)

    assert drafted["version"] == 2
    assert drafted["content_sha256"] != case.submitted["content_sha256"]
    assert desk.case(case.referral_id)["plan"]["signatures"] == []
    assert len(desk.everything()["signatures"]) == 2  # kept, with the version they are for
    late = desk.refused("sign_plan", **case.signature("care_coordinator"))
    assert late["code"] == "plan_version_outdated"


def test_an_edit_that_is_undone_is_signed_anew_all_the_same(desk):
    plan = a_small_plan(plan_id=str(uuid4()))
    case = desk.signed(**plan)
    same = a_plan(case.referral_id, **plan)
    drafted = desk.ask("draft_plan", **same)
    case.submitted = desk.ask("submit_plan", plan_id=case.plan_id, version=drafted["version"])

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator"))

    assert refusal["code"] == "signatures_missing"


def test_a_new_version_of_an_approved_plan_keeps_its_budget(desk):
    case = desk.approved(**a_small_plan())
    desk.ask("draft_plan", **a_plan(case.referral_id, plan_id=case.plan_id, **a_small_plan()))
    case.submitted = desk.ask("submit_plan", plan_id=case.plan_id, version=2)
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)

    desk.ask("decide_plan", **case.decision("care_coordinator"))

    first, second = desk.told("plan_approved")
    assert first["budget_id"] == second["budget_id"]
    assert (first["version"], second["version"]) == (1, 2)
    assert desk.ask("totals")["approved_at"]["care_coordinator"] == 1


def test_a_referral_has_one_plan(desk):
    case = desk.submitted()

    other_id = desk.refused("draft_plan", **a_plan(case.referral_id))
    assert other_id["code"] == "referral_has_a_plan"


def test_a_plan_id_is_of_one_referral(desk):
    case = desk.submitted()
    other = desk.offered(person=a_referral()["person"])

    refusal = desk.refused("draft_plan", **a_plan(other["referral_id"], plan_id=case.plan_id))

    assert refusal["code"] == "id_reused"


def test_nothing_is_planned_for_somebody_who_declined(desk):
    received = desk.offered()
    desk.ask(
        "decline_budget",
        referral_id=received["referral_id"],
        informed_by_role="broker",
        informed_on="2026-11-24",
    )

    refusal = desk.refused("draft_plan", **a_plan(received["referral_id"]))

    assert refusal["code"] == "budget_declined"


def test_a_plan_that_was_declined_meanwhile_is_neither_signed_nor_approved(desk):
    case = desk.signed(**a_small_plan())
    desk.ask(
        "decline_budget",
        referral_id=case.referral_id,
        informed_by_role="broker",
        informed_on="2026-11-24",
    )

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator"))

    assert refusal["code"] == "budget_declined"


@pytest.mark.parametrize("operation", ["submit_plan", "sign_plan", "decide_plan"])
def test_what_is_asked_of_a_plan_waits_until_it_is_here(desk, operation):
    case = desk.submitted(**a_small_plan())
    request = {
        "submit_plan": {"plan_id": "", "version": 1},
        "sign_plan": case.signature("broker"),
        "decide_plan": case.decision("care_coordinator"),
    }[operation]

    refusal = desk.refused(operation, **request | {"plan_id": str(uuid4())})

    assert refusal["code"] == "not_known_yet"


def test_a_plan_is_not_submitted_before_a_broker_and_a_coordinator_can_sign_it(desk):
    received = desk.offered()
    desk.a_team(received["person_id"], ("broker", "team_manager"))
    drafted = desk.ask("draft_plan", **a_plan(received["referral_id"]))

    refusal = desk.refused("submit_plan", plan_id=drafted["plan_id"], version=1)

    assert refusal["code"] == "team_incomplete"


def test_a_draft_is_not_signed(desk):
    received = desk.offered()
    drafted = desk.ask("draft_plan", **a_plan(received["referral_id"]))

    refusal = desk.refused(
        "sign_plan",
        plan_id=drafted["plan_id"],
        version=1,
        content_sha256=drafted["content_sha256"],
        role="person",
        signatory_id=received["person_id"],
        capacity_basis=None,
        is_comfortable=None,
        worry=None,
    )

    assert refusal["code"] == "plan_not_in_that_state"


@pytest.mark.parametrize(
    ("role", "changes", "code"),
    [
        ("broker", {"content_sha256": "0" * 64}, "content_differs"),
        ("broker", {"signatory_id": str(uuid4())}, "signatory_not_in_role"),
        ("person", {}, "already_signed"),
        ("broker", {"version": 2}, "plan_version_outdated"),
        ("broker", {"is_comfortable": True}, "invalid_request"),
        ("care_coordinator", {"is_comfortable": None}, "invalid_request"),
        ("care_coordinator", {"is_comfortable": False}, "invalid_request"),
        ("broker", {"content_sha256": "nonsense"}, "invalid_request"),
    ],
)
def test_what_is_no_valid_signature_is_refused(desk, role, changes, code):
    case = desk.submitted()
    desk.sign(case, "person")

    refusal = desk.refused("sign_plan", **case.signature(role, **changes))

    assert refusal["code"] == code


def test_somebody_in_two_roles_signs_once(desk):
    case = desk.submitted()
    desk.ask(
        "assign_team_member",
        person_id=case.team["person"],
        role="care_coordinator",
        staff_id=case.team["broker"],
        name="Bo",
        organisation="voluntary-broker",
        employer="voluntary-broker",
    )
    desk.sign(case, "broker")

    both = case.signature("care_coordinator", signatory_id=case.team["broker"])
    assert desk.refused("sign_plan", **both)["code"] == "already_signed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decider_id": str(uuid4())}, "decider_not_in_role"),
        ({"reasons": " "}, "invalid_request"),
        ({"outcome": "maybe"}, "invalid_request"),
        ({"outcome": "refuse"}, "refusal_unexplained"),
        ({"version": 2}, "plan_version_outdated"),
    ],
)
def test_what_is_no_valid_decision_is_refused(desk, changes, code):
    case = desk.signed(**a_small_plan())

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator", **changes))

    assert refusal["code"] == code


def test_nobody_decides_before_all_three_have_signed(desk):
    case = desk.submitted(**a_small_plan())
    desk.sign(case, "person")

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator"))

    assert refusal["code"] == "signatures_missing"
    assert "broker, care_coordinator" in refusal["message"]


def test_a_broker_who_became_team_manager_does_not_decide_on_what_they_signed(desk):
    case = desk.signed(items=[an_item(unit_cost_pence=500_00)])
    desk.ask(
        "assign_team_member",
        person_id=case.team["person"],
        role="team_manager",
        staff_id=case.team["broker"],
        name="Bo",
        organisation="voluntary-broker",
        employer="voluntary-broker",
    )

    request = case.decision("team_manager", decider_id=case.team["broker"])
    assert desk.refused("decide_plan", **request)["code"] == "decider_signed"


def test_a_plan_is_decided_on_once(desk):
    case = desk.approved(**a_small_plan())

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator"))

    assert refusal["code"] == "plan_not_in_that_state"


def test_a_quiet_service_says_that_nothing_is_stuck(desk):
    assert set(desk.ask("health").values()) == {0}
