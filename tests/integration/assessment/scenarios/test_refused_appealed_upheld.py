"""A plan is refused. Alex appeals with an advocate, and somebody new says: Alex was right."""

from uuid import uuid4

from tests.integration.assessment.planning import (
    an_appeal,
    an_appeal_decision,
    an_item,
    attending,
    explained,
)


def test_refused_appealed_with_an_advocate_and_upheld(desk):
    item = an_item(unit_cost_pence=250_00, occurrences=1)
    case = desk.signed(is_comfortable=False, items=[item])
    refused = desk.decide(
        case,
        "team_manager",
        outcome="refuse",
        reasons="Music is not what this budget is for",
        items=[{"item_id": item["item_id"], "outcome": "refuse", "reasons": "No health need"}],
        **explained(),
    )
    assert desk.told("plan_refused")[0]["appeal_route"].endswith("an advocate can help")

    appeal = an_appeal(refused["decision_id"])
    lodged = desk.ask("lodge_appeal", **appeal)
    assert lodged["due_on"] == "2026-12-22"  # twenty working days
    where = {one["stage"] for one in desk.ask("where_is_it", referral_id=case.referral_id)}
    assert "appeal" in where

    new_id, manager_id = str(uuid4()), case.team["team_manager"]
    decided = an_appeal_decision(lodged["appeal_id"], new_id)
    unknown = desk.refused("decide_appeal", **decided)
    assert unknown["code"] == "reporting_line_unknown"
    desk.ask("record_reporting_line", staff_id=manager_id, reports_to_id=None)
    desk.ask("record_reporting_line", staff_id=new_id, reports_to_id=manager_id)
    subordinate = desk.refused("decide_appeal", **decided)
    assert subordinate["code"] == "appeal_decider_is_subordinate"
    first = desk.refused("decide_appeal", **decided | {"decider_id": manager_id})
    assert first["code"] == "appeal_decider_not_new"

    desk.ask("record_reporting_line", staff_id=new_id, reports_to_id=None)
    answer = desk.ask("decide_appeal", **decided)

    assert answer["is_reopened"] is True
    (told,) = desk.told("appeal_decided")
    assert (told["outcome"], told["is_reopened"]) == ("upheld", True)
    shown = desk.case(case.referral_id)
    assert shown["appeals"][0]["supporter"] == {"kind": "advocate", "name": "Ms Example"}
    assert shown["plan"]["state"] == "signed"
    assert shown["plan"]["decision"]["rung"] == "multidisciplinary_team"

    # nobody who decided before decides now, neither on the plan nor on the appeal
    for again in (manager_id, new_id):
        members = [{"attendee_id": again, "capacity": "practitioner"}]
        request = case.decision("multidisciplinary_team", attendees=members)
        assert desk.refused("decide_plan", **request)["code"] == "already_decided"
    desk.decide(case, "multidisciplinary_team", attendees=attending("practitioner", "guest"))

    (approved,) = desk.told("plan_approved")
    assert approved["decided_by_rung"] == "multidisciplinary_team"
    assert approved["total_pence"] == 250_00
