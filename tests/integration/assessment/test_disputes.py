"""Who agrees with a domain, who does not, and what comes of it."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_plan


def a_dispute(referral_id, **changes):
    return {
        "dispute_id": str(uuid4()),
        "referral_id": referral_id,
        "domain": "A9",
        "party": "council",
        "said_by_role": "social_worker",
        "reasons": "Getting lost comes from the stroke, so it is health.",
    } | changes


def a_settlement(dispute, **changes):
    return {
        "dispute_id": dispute["dispute_id"],
        "decided_by_id": str(uuid4()),
        "decided_by_role": "team_manager",
        "shares": {"nhs": 2_500, "council": 7_500},
        "reasons": "Mostly getting about, partly the stroke.",
    } | changes


def of_domain(offered, domain):
    return [
        (line["payer"], line["amount_pence"], line["split_rule"])
        for line in offered["lines"]
        if line["domain"] == domain
    ]


def test_each_party_says_of_each_domain_whether_it_agrees(desk):
    referral_id = desk.agreed()["referral_id"]
    agree = {"referral_id": referral_id, "domain": "A9", "said_by_role": "themselves"}

    for _ in range(2):
        desk.ask("agree_domain", **agree, party="person")
    desk.ask("agree_domain", **agree, party="nhs")
    desk.ask("dispute_domain", **a_dispute(referral_id, party="person"))

    positions = desk.case(referral_id)["disputes"]["positions"]
    assert [(one["party"], one["position"]) for one in positions] == [
        ("nhs", "agreed"),
        ("person", "disputed"),
    ]
    told = desk.told("domain_position_taken")
    assert [(one["party"], one["position"], one["version"]) for one in told] == [
        ("person", "agreed", 1),
        ("nhs", "agreed", 1),
        ("person", "disputed", 2),
    ]


def test_what_the_person_disputes_is_talked_over_and_changes_nobodys_part(desk):
    referral_id = desk.offered()["referral_id"]
    dispute = a_dispute(referral_id, party="person", reasons="It is worse than you wrote.")
    desk.ask("dispute_domain", **dispute)

    (waiting,) = desk.ask("where_is_it", referral_id=referral_id)
    assert (waiting["stage"], waiting["role"]) == ("dispute", "care_coordinator")
    assert of_domain(desk.offer(referral_id), "A9") == [("council", 182_86, "domain")]

    desk.ask("decide_dispute", **a_settlement(dispute, shares=None))
    assert desk.told("dispute_decided") == []
    assert desk.ask("where_is_it", referral_id=referral_id) == []


def test_a_dispute_opened_twice_is_one(desk):
    dispute = a_dispute(desk.offered()["referral_id"])

    first, again = (desk.ask("dispute_domain", **dispute) for _ in range(2))

    assert first == again
    assert len(desk.told("domain_position_taken")) == 1
    refusal = desk.refused("dispute_domain", **dispute | {"reasons": "Other reasons."})
    assert refusal["code"] == "id_reused"


@pytest.mark.parametrize("act", ["agree_domain", "dispute_domain"])
def test_a_domain_that_nobody_assessed_is_neither_agreed_nor_disputed(desk, act):
    request = a_dispute(desk.agreed()["referral_id"], domain="A10")
    if act == "agree_domain":
        del request["dispute_id"], request["reasons"]

    refusal = desk.refused(act, **request)

    assert refusal["code"] == "domain_not_assessed"


def test_a_dispute_before_anything_was_offered_splits_the_first_offer(desk):
    referral_id = desk.agreed()["referral_id"]
    desk.ask("dispute_domain", **a_dispute(referral_id))

    offered = desk.offer(referral_id)

    assert (offered["version"], offered["total_pence"]) == (1, 2_022_87)
    assert of_domain(offered, "A9") == [
        ("council", 91_43, "disputed"),
        ("nhs", 91_43, "disputed"),
    ]


@pytest.mark.parametrize(
    ("party", "changes"),
    [
        ("council", {"shares": None}),
        ("council", {"shares": {"nhs": 2_500, "council": 7_400}}),
        ("person", {}),
    ],
)
def test_a_settlement_fits_who_disputed(desk, party, changes):
    dispute = a_dispute(desk.offered()["referral_id"], party=party)
    desk.ask("dispute_domain", **dispute)

    refusal = desk.refused("decide_dispute", **a_settlement(dispute, **changes))

    assert (refusal["code"], refusal["details"]["field"]) == ("shares_unfit", "shares")


def test_a_settled_dispute_stays_settled(desk):
    dispute = a_dispute(desk.offered()["referral_id"])
    desk.ask("dispute_domain", **dispute)
    desk.ask("decide_dispute", **a_settlement(dispute))

    refusal = desk.refused("decide_dispute", **a_settlement(dispute))

    assert refusal["code"] == "dispute_settled"


def test_a_dispute_nobody_knows_cannot_be_settled(desk):
    refusal = desk.refused("decide_dispute", **a_settlement({"dispute_id": str(uuid4())}))

    assert refusal["code"] == "not_known_yet"


def test_who_declined_a_budget_is_not_offered_one_by_a_dispute(desk):
    referral_id = desk.offered()["referral_id"]
    informed = {"informed_by_role": "care_coordinator", "informed_on": "2026-11-24"}
    desk.ask("decline_budget", referral_id=referral_id, **informed)

    desk.ask("dispute_domain", **a_dispute(referral_id))

    assert len(desk.told("indicative_budget_calculated")) == 1
    refusal = desk.refused("draft_plan", **a_plan(referral_id))
    assert refusal["code"] == "budget_declined"


def test_what_the_funders_dispute_is_settled_by_nobody_but_the_team_manager(desk):
    referral_id = desk.agreed()["referral_id"]
    dispute = desk.ask("dispute_domain", **a_dispute(referral_id))
    settlement = a_settlement(dispute, decided_by_role="care_coordinator")

    assert desk.refused("decide_dispute", **settlement)["code"] == "settler_not_in_role"


def test_what_the_person_disputes_is_settled_by_their_coordinator(desk):
    referral_id = desk.agreed()["referral_id"]
    dispute = desk.ask("dispute_domain", **a_dispute(referral_id, party="person"))
    settlement = a_settlement(dispute, decided_by_role="care_coordinator", shares=None)

    assert desk.ask("decide_dispute", **settlement)["state"] == "settled"
