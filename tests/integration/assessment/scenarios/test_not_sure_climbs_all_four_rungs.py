"""A coordinator is not sure, nor is the manager, nor the team: the panel decides, with Alex there.

Nobody is asked twice, each worry is on the record, and each rung has its day.
"""

from tests.integration.assessment.planning import an_item


def test_not_sure_climbs_all_four_rungs(desk):
    case = desk.submitted(items=[an_item(unit_cost_pence=250_00, occurrences=1)])
    desk.sign(case, "person")
    desk.sign(case, "broker")
    signed = desk.sign(
        case,
        "care_coordinator",
        is_comfortable=False,
        worry="Is a drum kit really health spending?",
    )
    assert signed["decision_rung"] == "team_manager"

    asked = desk.decide(
        case, "team_manager", outcome="escalate", reasons="Would a flat carry the noise?"
    )
    assert (asked["next_rung"], asked["due_on"]) == ("multidisciplinary_team", "2026-12-08")

    asked = desk.decide(
        case, "multidisciplinary_team", outcome="escalate", reasons="Could it bring seizures on?"
    )
    assert (asked["next_rung"], asked["due_on"]) == ("risk_enablement_panel", "2026-12-15")
    (where,) = [
        one
        for one in desk.ask("where_is_it", referral_id=case.referral_id)
        if one["stage"] == "decision"
    ]
    assert (where["role"], where["due_on"]) == ("risk_enablement_panel", "2026-12-15")

    desk.decide(
        case,
        "risk_enablement_panel",
        reasons="Alex showed us how they play. Staying at home is the greater risk.",
        backing="The trust stands by everybody who agreed this plan.",
    )

    trail = desk.case(case.referral_id)["plan"]["decision_trail"]
    assert [(step["rung"], step["outcome"], step["reasons"]) for step in trail] == [
        ("care_coordinator", "escalate", "Is a drum kit really health spending?"),
        ("team_manager", "escalate", "Would a flat carry the noise?"),
        ("multidisciplinary_team", "escalate", "Could it bring seizures on?"),
        (
            "risk_enablement_panel",
            "approve",
            "Alex showed us how they play. Staying at home is the greater risk.",
        ),
    ]
    assert [step["worry"] for step in trail] == [None, *(step["reasons"] for step in trail[:3])]
    assert len({step["decider_id"] for step in trail}) == 4
    capacities = {one["capacity"] for one in trail[-1]["attendees"]}
    assert "lived_experience" in capacities
    assert trail[-1]["was_person_present"] is True
    assert [told["rung"] for told in desk.told("plan_escalated")] == [
        "team_manager",
        "multidisciplinary_team",
        "risk_enablement_panel",
    ]
    (approved,) = desk.told("plan_approved")
    assert approved["decided_by_rung"] == "risk_enablement_panel"
