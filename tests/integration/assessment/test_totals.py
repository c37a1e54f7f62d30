"""What did not go smoothly is counted over all cases, and with it what came of it."""

from datetime import timedelta
from uuid import uuid4

from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import (
    a_correction,
    a_crisis,
    a_death,
    a_move,
    an_admission,
)
from tests.integration.assessment.planning import (
    an_appeal,
    an_appeal_decision,
    an_item,
    explained,
)
from tests.integration.assessment.test_crises import a_prolongation
from tests.integration.assessment.test_disputes import a_dispute, a_settlement


def test_what_did_not_go_smoothly_is_counted_with_what_came_of_it(desk):
    item = an_item(unit_cost_pence=250_00, occurrences=1)
    case = desk.submitted(items=[item])
    dispute = a_dispute(case.referral_id)
    desk.ask("dispute_domain", **dispute)
    desk.ask("decide_dispute", **a_settlement(dispute))
    desk.ask("dispute_domain", **a_dispute(case.referral_id))
    desk.sign(case, "person")
    desk.drafted_again(case, items=[item])
    for role in ("person", "broker"):
        desk.sign(case, role)
    desk.sign(case, "care_coordinator", is_comfortable=False, worry="Why?")
    refused = desk.decide(
        case,
        "team_manager",
        outcome="refuse",
        reasons="It is not health",
        items=[{"item_id": item["item_id"], "outcome": "refuse", "reasons": "No need"}],
        **explained(),
    )
    lodged = desk.ask("lodge_appeal", **an_appeal(refused["decision_id"]))
    new_id = str(uuid4())
    desk.ask("record_reporting_line", staff_id=new_id, reports_to_id=None)
    desk.ask("decide_appeal", **an_appeal_decision(lodged["appeal_id"], new_id))
    desk.decide(case, "multidisciplinary_team", outcome="escalate", reasons="We wonder, too")
    desk.ask(
        "make_complaint",
        complaint_id=str(uuid4()),
        person_id=case.team["person"],
        made_by_role="person",
        words="It takes long",
        wants=None,
        may_team_read=False,
    )

    counted = desk.ask("totals")["along_the_way"]

    assert {name: number for name, number in counted.items() if number} == {
        "disputes": 2,
        "disputes_settled": 1,
        "signatures_voided": 1,
        "plans_refused": 1,
        "appeals": 1,
        "appeals_upheld": 1,
        "panels_asked": 1,
        "complaints": 1,
    }


def test_what_life_does_is_counted_too(desk):
    case = desk.approved(items=[an_item(unit_cost_pence=250_00, occurrences=1)])
    person_id = case.team["person"]
    amount = {"referral_id": case.referral_id, "version": 1}
    desk.ask("lodge_appeal", **an_appeal(None, amount=amount))
    crisis = a_crisis(case)
    desk.ask("activate_crisis_plan", **crisis)
    desk.at = TUESDAY_AT_TEN + timedelta(days=20)
    desk.ask("prolong_crisis", **a_prolongation(crisis))
    desk.ask("record_admission", **an_admission(person_id))
    desk.ask("record_death", **a_death(person_id))
    desk.ask("correct_death", **a_correction(person_id))
    desk.ask("record_move", **a_move(person_id, moves_on="2027-01-10"))

    counted = desk.ask("totals")["along_the_way"]

    assert {name: number for name, number in counted.items() if number} == {
        "appeals": 1,
        "amounts_appealed": 1,
        "crises_prolonged": 1,
        "admissions": 1,
        "deaths": 1,
        "deaths_taken_back": 1,
        "moves": 1,
    }


def test_a_case_shows_who_signed_a_version_that_was_changed_since(desk):
    case = desk.submitted()
    desk.sign(case, "broker")
    assert desk.case(case.referral_id)["plan"]["voided_signatures"] == []

    desk.drafted_again(case)

    (void,) = desk.case(case.referral_id)["plan"]["voided_signatures"]
    assert (void["role"], void["version"]) == ("broker", 1)
    assert void["signatory_id"] == case.team["broker"]
    assert void["voided_at"]
