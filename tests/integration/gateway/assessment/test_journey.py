"""A case through the gateway's door, from a referral to a plan: each step by who may take it."""

from typing import Any

from services.gateway.cases.schemas import CaseSchema
from tests.integration.gateway.assessment.visits import a_visitor


def test_a_case_goes_from_a_referral_to_an_approved_plan(gateway, case):
    case.signed()

    decided = gateway.do(case.coordinator, f"{case.plan}/decisions", case.decision())

    assert decided["outcome"] == "approve"
    plan = gateway.read(case.person, case.case)["plan"]
    assert plan["budget_id"] == decided["budget_id"]
    assert {one["role"]: one["signatory_id"] for one in plan["signatures"]} == {
        "person": case.person.actor_id,
        "broker": case.broker.actor_id,
        "care_coordinator": case.coordinator.actor_id,
    }
    assert plan["decision"]["decider_id"] == case.coordinator.actor_id


def missing(whole: Any, shown: Any, path: str = "") -> set[str]:
    """Return the fields of an answer that are not shown."""
    if isinstance(whole, dict):
        return {
            name
            for key, value in whole.items()
            for name in (
                missing(value, shown[key], f"{path}{key}.") if key in shown else {f"{path}{key}"}
            )
        }
    if isinstance(whole, list):
        pairs = zip(whole, shown, strict=True)
        return {name for one, other in pairs for name in missing(one, other, path)}
    return set()


def played(gateway, case):
    """Have everything on a case of which it can hold something."""
    case.signed()
    gateway.do(case.coordinator, f"{case.plan}/decisions", case.decision())
    person, coordinator = case.person, case.coordinator
    gateway.do(person, f"{case.case}/crises", {"happened": "I stopped opening the post"})
    gateway.do(person, f"{case.case}/reviews", {"trigger": "I am worried"})
    change = {"role": "broker", "person_words": "Somebody else, please"}
    gateway.do(person, f"{case.case}/worker-changes", change)
    gateway.do(
        coordinator,
        f"{case.case}/discussions",
        {"outcome": "offered", "held_on": "2026-11-23"},
    )
    booking = {
        "starts_at": "2026-11-26T10:00:00+00:00",
        "way": "at_home",
        "coming": [{"name": "Bronagh Adeyemi", "role": "care_coordinator"}],
    }
    gateway.do(coordinator, f"{case.case}/bookings", booking)
    gateway.do(person, f"{case.case}/domains/B1/disputes", {"reasons": "It is worse"})
    gateway.do(person, f"{case.case}/domains/B2/agreement")
    gateway.do(
        coordinator,
        f"/people/{person.actor_id}/representatives",
        {
            "representative_id": "7b6f0b0e-62a5-4d3c-9a53-0c8b1f6c4d11",
            "kind": "nominee",
            "name": "Kim",
            "scopes": ["speak_for"],
            "basis": "Said at the kitchen table",
            "starts_on": "2026-11-20",
        },
    )
    admission = {"admitted_on": "2026-11-23"}
    gateway.do(coordinator, f"/people/{person.actor_id}/admissions", admission)


def test_the_person_is_shown_everything_that_is_on_their_case(gateway, case):
    played(gateway, case)

    shown = gateway.read(case.person, case.case)

    whole = gateway.callers.answers[-1]
    assert set(whole) == set(CaseSchema().fields)
    assert missing(whole, shown) == set()
    for name in ("crises", "reviews", "worker_changes", "discussions", "life_events", "bookings"):
        assert shown[name], name


def test_each_sees_of_a_case_what_their_role_may(gateway, case):
    played(gateway, case)
    speaker = a_visitor("representative", actor_id="7b6f0b0e-62a5-4d3c-9a53-0c8b1f6c4d11")
    hidden = {}

    for name, visitor in {
        "representative": speaker,
        "broker": case.broker,
        "panel": case.team["risk_enablement_panel"],
        "coordinator": case.coordinator,
        "auditor": a_visitor("auditor", organisation="an-auditor"),
        "system": a_visitor("partner_system"),
    }.items():
        shown = gateway.read(visitor, case.case)
        hidden[name] = missing(gateway.callers.answers[-1], shown)

    nameless = {
        *("person.safe_contact", "person.given_name", "person.family_name"),
        "representatives.name",
    }
    assert hidden == {
        "representative": {"person.safe_contact"},
        "broker": {
            *("assessment.contributions", "assessment.domains.seen_by", "preventive_effects"),
            *("identity_questions", "worker_changes"),
        },
        "panel": nameless,
        "coordinator": set(),
        "auditor": nameless,
        "system": {"person.safe_contact", "identity_questions", "worker_changes"},
    }


def test_the_amount_is_explained_and_worked_out_again(gateway, case):
    case.refer().staff().assess().offer()

    again = gateway.read(case.person, f"{case.case}/indicative-budgets/1")
    told = gateway.read(case.person, f"{case.case}/indicative-budgets/told")
    lines = gateway.read(case.person, case.case)["indicative_budget"]["lines"]

    assert again["is_same"]
    assert again["inputs"]["needs"]
    assert told["is_told"]
    assert all(line["words"] and line["formula"] for line in lines)


def test_two_versions_of_a_plan_are_compared(gateway, case):
    case.refer().staff().assess().offer().submit()
    plan_id = case.submitted["plan_id"]
    path = f"{case.case}/plans/{plan_id}"
    plan = gateway.read(case.broker, case.case)["plan"]
    names = (
        *("goals", "items", "parts", "preferences", "six_features", "risks"),
        *("risk_of_doing_nothing", "wanted_but_unavailable", "crisis_plan"),
    )
    changed = {name: plan[name] for name in names} | {"risk_of_doing_nothing": "I get lonely"}
    gateway.do(case.person, path, changed, method="PUT")

    found = gateway.read(case.person, f"/plans/{plan_id}/differences?from=1&to=2")

    assert [one["field"] for one in found["changes"]] == ["risk_of_doing_nothing"]


def test_what_is_published_is_everybodys_to_read(gateway, case):
    anybody = a_visitor("budget_holder")

    rule_sets = gateway.read(anybody, "/rule-sets")
    rule_set_answer = gateway.callers.answers[-1]
    questionnaires = gateway.read(anybody, "/questionnaires")
    questionnaire_answer = gateway.callers.answers[-1]

    assert missing(rule_set_answer, rule_sets["items"]) == set()
    assert missing(questionnaire_answer, questionnaires["items"]) == set()


def test_somebody_is_found_by_whose_body_knows_them_and_not_by_an_address(gateway, case):
    case.refer()
    asked = {"nhs_number": "999 000 0018"}
    theirs = gateway.send(case.coordinator, "/people/search", asked)
    others = a_visitor("care_coordinator", organisation="another-trust")

    not_theirs = gateway.send(others, "/people/search", asked)

    assert theirs.json == {"person_id": case.person.actor_id}
    assert not_theirs.json == {"person_id": None}


def test_a_deadline_is_seen_by_who_waits_for_it(gateway, case):
    case.refer().staff()

    deadlines = gateway.read(case.person, f"{case.case}/deadlines")["items"]

    assert missing(gateway.callers.answers[-1], deadlines) == set()
    assert deadlines[0]["stage"] == "referral_answer"


def test_a_complaint_is_answered_from_outside_the_team(gateway, case):
    case.refer().staff()
    officer = a_visitor("complaints_officer")
    made = gateway.do(
        case.person,
        f"/people/{case.person.actor_id}/complaints",
        {"words": "Nobody rang back", "may_team_read": False},
    )
    path = f"/complaints/{made['complaint_id']}"

    gateway.do(officer, f"{path}/answer", {"answer": "We are sorry", "next_route": "Ombudsman"})

    complaint = gateway.read(case.person, path)
    assert missing(gateway.callers.answers[-1], complaint) == set()
    assert complaint["handler_id"] == officer.actor_id
    assert complaint["made_by_role"] == "person"
    assert gateway.get(case.coordinator, path).json["code"] == "complaint_not_for_care_team"
