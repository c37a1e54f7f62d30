"""Support works, so somebody scores the person lower: nothing is cut until it is explained."""

from datetime import timedelta

from tests.integration.assessment.desk import ALEX_DOMAINS, a_contribution, a_domain, a_plan
from tests.integration.assessment.test_reductions import a_showing, a_statement

COUNCIL_SAW = {"A1": 1, "A6": 0, "A7": 2, "A8": 3, "A9": 1}
SNAPSHOT = COUNCIL_SAW | {"B1": 1, "B2": 1, "B6": 1, "C1": 1, "C3": 0}


def test_a_cut_because_support_works_is_stopped_until_it_is_explained_and_shown(desk):
    # Alex knows the amount: £2,022.87.
    alex = desk.offered()
    referral_id = alex["referral_id"]

    # A year on, both sides see a good day, with the support that is there, and write it down
    # as if there were no need without it.
    desk.at += timedelta(hours=2)
    for side, domains in ALEX_DOMAINS.items():
        snapshot = [
            a_domain(domain, SNAPSHOT[domain], SNAPSHOT[domain], worst_days_per_28=0)
            for domain, _, _ in domains
        ]
        seen = {"as_of": desk.at.isoformat(), "domains": snapshot}
        desk.ask("contribute", **a_contribution(referral_id, side, **seen))

    # By those levels it would be £925.00. It stays what it was, and that is told.
    offered = desk.offer(referral_id)
    assert offered["blocked"]["code"] == "reduction_unexplained"
    assert offered["blocked"]["domains"] == [*SNAPSHOT]
    assert offered["total_pence"] == 2_022_87
    (blocked,) = desk.told("reduction_blocked")
    assert (blocked["standing_pence"], blocked["asked_pence"]) == (2_022_87, 925_00)
    assert len(desk.told("indicative_budget_calculated")) == 1
    tasks = desk.ask("open_tasks", role="care_coordinator")
    assert [task["kind"] for task in tasks] == ["preventive_effect"]

    # Meanwhile Alex plans with what they know.
    assert desk.ask("draft_plan", **a_plan(referral_id))["version"] == 1

    # A statement that lies in a drawer changes nothing.
    statement = a_statement(referral_id, domains=["B1"])
    desk.ask("record_preventive_effect", **statement)
    assert desk.offer(referral_id)["total_pence"] == 2_022_87

    # Once Alex has seen it and said what they think, that one domain counts as it was seen.
    desk.at += timedelta(hours=1)
    desk.ask("record_preventive_effect_shown", **a_showing(statement))
    lower = desk.offer(referral_id)
    assert lower["version"] == 2
    assert lower["total_pence"] == 2_022_87 - 231_43 + 90_00  # B1 at level 1
    assert lower["blocked"]["domains"] == [domain for domain in SNAPSHOT if domain != "B1"]
    tasks = desk.ask("open_tasks", role="care_coordinator")
    assert "preventive_effect" in [task["kind"] for task in tasks]

    # Nobody lowers the rest in passing, and Alex is told of the new amount before it counts.
    refusal = desk.refused("draft_plan", **a_plan(referral_id))
    assert refusal["code"] == "amount_not_told"
