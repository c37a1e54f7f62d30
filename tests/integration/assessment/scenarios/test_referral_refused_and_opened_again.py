"""A referral is refused. Alex appeals, somebody new says he was right, and his case goes on."""

from uuid import uuid4

from tests.integration.assessment.planning import an_appeal, an_appeal_decision


def test_a_refused_referral_that_was_appealed_against_goes_on_as_if_nobody_had_refused_it(desk):
    agreed = desk.agreed()
    referral_id, team = agreed["referral_id"], desk.a_team(agreed["person_id"])
    refusal_id = str(uuid4())
    desk.ask(
        "refuse_referral",
        refusal_id=refusal_id,
        referral_id=referral_id,
        decider_id=team["team_manager"],
        reason="lives_elsewhere",
        because="You live in the area of another council.",
        evidence=["The address on the referral"],
        alternatives=["The other council's budgets"],
        appeal_route="Write to us; an advocate can help you.",
    )
    assert desk.told("referral_refused")[0]["appeal_route"].endswith("help you.")

    # Alex moved last month. He says so, with an advocate.
    appeal = an_appeal(None, refusal_id=refusal_id, grounds="I have moved, and live here now.")
    lodged = [desk.ask("lodge_appeal", **appeal) for _ in range(2)]
    assert lodged[0] == lodged[1]
    (told,) = desk.told("appeal_lodged")
    assert (told["refusal_id"], told["decision_id"], told["plan_id"]) == (refusal_id, None, None)
    again = desk.refused("lodge_appeal", **an_appeal(None, refusal_id=refusal_id))
    assert again["code"] == "appeal_open"

    # Neither who refused nor somebody of the care team decides on it.
    for decider in (team["team_manager"], team["broker"]):
        decided = an_appeal_decision(appeal["appeal_id"], decider)
        assert desk.refused("decide_appeal", **decided)["code"] == "appeal_decider_not_new"
    new_id = str(uuid4())
    desk.ask("record_reporting_line", staff_id=new_id, reports_to_id=None)
    answer = desk.ask("decide_appeal", **an_appeal_decision(appeal["appeal_id"], new_id))

    # The clock of the answer starts anew, and he can be offered a budget.
    assert answer["is_reopened"]
    assert desk.told("appeal_decided")[0]["refusal_id"] == refusal_id
    stages = {one["stage"] for one in desk.ask("where_is_it", referral_id=referral_id)}
    assert stages == {"referral_answer"}
    assert desk.offer(referral_id)["total_pence"] == 2_022_87
