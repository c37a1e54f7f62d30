"""Council and NHS dispute who pays; the person gets the budget all the same."""

from datetime import timedelta

from tests.integration.assessment.test_disputes import a_dispute, a_settlement, of_domain


def test_a_split_is_disputed_while_the_person_gets_the_budget(desk):
    # Alex's plan waits for its signatures when the council disputes who pays for getting about.
    case = desk.submitted()
    dispute = a_dispute(case.referral_id)
    desk.at += timedelta(hours=1)
    assert desk.ask("dispute_domain", **dispute)["state"] == "open"

    # From now on it is half and half, the amount is the same, and so Alex need not be told anew.
    meanwhile = desk.case(case.referral_id)["indicative_budget"]
    assert (meanwhile["version"], meanwhile["total_pence"]) == (2, 2_022_87)
    assert of_domain(meanwhile, "A9") == [
        ("council", 91_43, "disputed"),
        ("nhs", 91_43, "disputed"),
    ]
    assert meanwhile["council_pence"] == 994_30 - 91_43
    assert meanwhile["told_at"] is not None

    # Nothing stops: the three sign, and the plan is approved.
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    desk.ask("decide_plan", **case.decision("care_coordinator"))
    (approved,) = desk.told("plan_approved")
    assert approved["person_id"] == case.team["person"]

    # Somebody has to settle it by a day.
    waiting = {
        one["stage"]: one["role"] for one in desk.ask("where_is_it", referral_id=case.referral_id)
    }
    assert waiting["dispute"] == "team_manager"

    # They settle it, and the funders hear what to true up. For Alex nothing has changed.
    desk.at += timedelta(hours=1)
    desk.ask("decide_dispute", **a_settlement(dispute))
    (decided,) = desk.told("dispute_decided")
    assert (decided["nhs_basis_points"], decided["council_basis_points"]) == (2_500, 7_500)
    assert decided["council_pence"] - decided["council_pence_before"] == 137_15 - 91_43
    assert decided["nhs_pence"] - decided["nhs_pence_before"] == 45_71 - 91_43
    settled = desk.case(case.referral_id)["indicative_budget"]
    assert settled["total_pence"] == 2_022_87
    assert of_domain(settled, "A9") == [("council", 137_15, "settled"), ("nhs", 45_71, "settled")]
    assert desk.case(case.referral_id)["disputes"]["disputes"][0]["settled_because"]
