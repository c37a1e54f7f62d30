"""Two people publish a rule set; what was published is there for ever."""

from datetime import timedelta

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.publishing import ANN, BEN, SHIPPED, a_proposal, approve


def test_rates_count_from_their_day_on_once_two_people_published_them(desk):
    received = desk.offered()
    higher = {"rates_pence": {"council": 100_00, "nhs": 100_00}}
    desk.ask("propose_rule_set", **a_proposal(content=higher))
    assert approve(desk) == {"name": "here-2026-2", "is_published": True}

    assert desk.offer(received["referral_id"])["rule_set"] == "illustrative-2026-1"
    desk.at = TUESDAY_AT_TEN + timedelta(days=1)
    offered = desk.offer(received["referral_id"])

    assert (offered["rule_set"], offered["version"]) == ("here-2026-2", 2)
    assert offered["total_pence"] > 2_022_87
    assert [one["name"] for one in desk.ask("rule_sets")] == ["here-2026-2", "illustrative-2026-1"]


def test_an_old_amount_can_be_worked_out_again_by_the_rules_of_its_time(desk):
    received = desk.offered()
    higher = {"rates_pence": {"council": 100_00, "nhs": 100_00}}
    desk.ask("propose_rule_set", **a_proposal(content=higher))
    approve(desk)
    desk.at = TUESDAY_AT_TEN + timedelta(days=1)
    desk.offer(received["referral_id"])

    for version, rule_set in [(1, "illustrative-2026-1"), (2, "here-2026-2")]:
        again = desk.ask("worked_out_again", referral_id=received["referral_id"], version=version)
        assert again["is_same"]
        assert again["rule_set"] == rule_set
    refusal = desk.refused("worked_out_again", referral_id=received["referral_id"], version=3)
    assert refusal["code"] == "not_found"


def test_lower_rates_lower_nobodys_amount_in_passing(desk):
    received = desk.offered()
    lower = {"rates_pence": {"council": 40_00, "nhs": 45_00}}
    desk.ask("propose_rule_set", **a_proposal(content=lower))
    approve(desk)
    desk.at = TUESDAY_AT_TEN + timedelta(days=1)

    offered = desk.offer(received["referral_id"])

    assert offered["blocked"]["domains"] == []
    assert (offered["total_pence"], offered["version"]) == (2_022_87, 1)
    (told,) = desk.told("reduction_blocked")
    assert (told["domains"], told["standing_pence"]) == ([], 2_022_87)
    assert (
        told["same_levels_pence"] == told["asked_pence"] == offered["blocked"]["same_levels_pence"]
    )


def test_whoever_proposes_does_not_approve(desk):
    desk.ask("propose_rule_set", **a_proposal())

    refusal = desk.refused("approve_rule_set", name="here-2026-2", approved_by=ANN)

    assert refusal["code"] == "second_person_needed"


def test_a_proposal_can_be_made_anew_until_it_is_published(desk):
    desk.ask("propose_rule_set", **a_proposal())
    desk.ask("propose_rule_set", **a_proposal(proposed_by=BEN))
    approve(desk, approved_by=ANN)

    assert desk.refused("propose_rule_set", **a_proposal())["code"] == "rule_set_published"
    refusal = desk.refused("approve_rule_set", name="here-2026-2", approved_by=ANN)
    assert refusal["code"] == "rule_set_published"
    shipped = a_proposal(name="illustrative-2026-1")
    assert desk.refused("propose_rule_set", **shipped)["code"] == "rule_set_published"


def test_what_nobody_proposed_is_not_approved(desk):
    refusal = desk.refused("approve_rule_set", name="here-2026-9", approved_by=BEN)

    assert refusal["code"] == "unknown_rule_set"


def test_rates_do_not_change_for_days_that_have_passed(desk):
    refusal = desk.refused("propose_rule_set", **a_proposal(active_from="2026-11-23"))
    assert refusal["code"] == "active_in_the_past"

    desk.ask("propose_rule_set", **a_proposal())
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)
    refusal = desk.refused("approve_rule_set", name="here-2026-2", approved_by=BEN)
    assert refusal["code"] == "active_in_the_past"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"joint_shares": {"nhs": 5_000, "council": 4_999}}, "joint_shares"),
        ({"section_117_shares": {}}, "section_117_shares"),
        ({"section_75": [{"domain": "A9", "cohort": None, "shares": {"nhs": 1}}]}, "section_75"),
        ({"payers": {"A1": "nhs"}}, "payers"),
        ({"weights": {**SHIPPED["weights"], "A11": 1}}, "weights"),
        ({"bands": []}, "bands"),
        ({"bands": SHIPPED["bands"][:2]}, "bands"),
        ({"bands": SHIPPED["bands"][::-1]}, "bands"),
        ({"floor_pence": 2, "ceiling_pence": 1}, "floor_pence"),
    ],
)
def test_a_rule_set_by_which_amounts_cannot_be_fair_is_refused(desk, content, field):
    refusal = desk.refused("propose_rule_set", **a_proposal(content=content))

    assert (refusal["code"], refusal["details"]["field"]) == ("rule_set_unfit", field)


@pytest.mark.parametrize(
    "content",
    [
        {"rates_pence": {"nhs": 90_00}},
        {"rates_pence": {"nhs": 90_00, "council": -1}},
        {"joint_shares": {"charity": 10_000}},
        {"discount": 1},
    ],
)
def test_a_rule_set_of_another_form_is_refused(desk, content):
    refusal = desk.refused("propose_rule_set", **a_proposal(content=content))

    assert refusal["code"] == "invalid_request"
