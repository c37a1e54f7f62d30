"""From two contributions to an amount that the person is told."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import a_contribution, a_domain, a_person, a_referral


def referred(desk):
    return desk.ask("receive_referral", **a_referral())["referral_id"]


def test_the_assessment_is_agreed_when_both_sides_have_contributed(desk):
    referral_id = referred(desk)

    first = desk.ask("contribute", **a_contribution(referral_id, "council"))
    second = desk.ask("contribute", **a_contribution(referral_id, "nhs-trust"))

    assert first == {"referral_id": referral_id, "is_agreed": False}
    assert second == {"referral_id": referral_id, "is_agreed": True}
    (told,) = desk.told("assessment_agreed")
    assert (told["referral_id"], told["domain_count"]) == (referral_id, 10)


def test_a_contribution_that_comes_twice_counts_once(desk):
    referral_id = referred(desk)
    request = a_contribution(referral_id, "council")
    desk.ask("contribute", **request)
    before = desk.everything()

    assert desk.ask("contribute", **request)["is_agreed"] is False
    assert desk.everything() == before


def test_a_contribution_id_used_for_another_is_refused(desk):
    request = a_contribution(referred(desk), "council")
    desk.ask("contribute", **request)

    refusal = desk.refused("contribute", **request | {"author_role": "somebody else"})

    assert refusal["code"] == "id_reused"


def test_a_side_may_replace_its_part_until_both_have_contributed(desk):
    referral_id = referred(desk)
    desk.ask("contribute", **a_contribution(referral_id, "council"))

    desk.ask("contribute", **a_contribution(referral_id, "council", domains=[a_domain("A1")]))

    shown = desk.case(referral_id)["assessment"]
    assert [domain["domain"] for domain in shown["domains"]] == ["A1"]
    assert len(desk.everything()["contributions"]) == 2  # nothing is lost

    desk.ask("contribute", **a_contribution(referral_id, "nhs-trust"))
    refusal = desk.refused("contribute", **a_contribution(referral_id, "council"))
    assert refusal["code"] == "assessment_agreed"


def test_a_contribution_waits_for_its_referral(desk):
    request = a_contribution(str(uuid4()), "council")

    assert desk.refused("contribute", **request)["code"] == "not_known_yet"


def test_where_both_saw_a_domain_the_higher_figures_count_and_both_stay_readable(desk):
    referral_id = referred(desk)
    council = a_domain("B1", 1, 4, worst_days_per_28=2, person_words="Nobody asks me.")
    trust = a_domain("B1", 2, 3, worst_days_per_28=9)
    desk.ask("contribute", **a_contribution(referral_id, "council", domains=[council]))
    desk.ask("contribute", **a_contribution(referral_id, "nhs-trust", domains=[trust]))

    (domain,) = desk.case(referral_id)["assessment"]["domains"]

    assert domain["typical_without_support"] == 2
    assert domain["worst_without_support"] == 4
    assert domain["worst_days_per_28"] == 9
    seen_by = {seen["organisation"]: seen for seen in domain["seen_by"]}
    assert seen_by["council"]["person_words"] == "Nobody asks me."
    assert seen_by["nhs-trust"]["worst_without_support"] == 3


@pytest.mark.parametrize(
    "domains",
    [
        [],
        [a_domain("A11")],
        [a_domain("B1"), a_domain("B1")],
        [a_domain("B1", 2, 5)],
        [a_domain("B1", -1, 2)],
        [a_domain("B1", 3, 2)],
        [a_domain("B1", worst_days_per_28=29)],
        [a_domain("B1", worst_days_per_28="8")],
        [a_domain("B1", person_words=" ")],
        [a_domain("B1", with_present_support={"typical": 1})],
        [a_domain("B1", mood="low")],
    ],
)
def test_a_contribution_that_is_not_as_it_must_be_is_refused_by_field(desk, domains):
    request = a_contribution(referred(desk), "council", domains=domains)

    refusal = desk.refused("contribute", **request)

    assert refusal["code"] == "invalid_request"
    assert all(field.startswith("domains") for field in refusal["details"])


def test_the_worked_example_comes_out_to_the_penny_and_is_told_in_words(desk):
    received = desk.agreed()

    offered = desk.ask("offer_budget", referral_id=received["referral_id"], budget_kind="ongoing")

    assert offered["total_pence"] == 2_022_87
    assert (offered["council_pence"], offered["nhs_pence"]) == (994_30, 1_028_57)
    assert offered["reserve_pence"] == 202_29
    assert (offered["rule_set"], offered["version"]) == ("illustrative-2026-1", 1)
    (told,) = desk.told("indicative_budget_calculated")
    assert told["total_pence"] == 2_022_87
    assert told["lines"] == [line["words"] for line in offered["lines"]]
    assert told["lines"][0] == (
        "Eating and drinking: level 2 on a typical day, level 3 on the worst (8 days in 28)."
        " The council pays £182.86 a year."
    )


def test_the_order_of_contributions_does_not_change_the_amount(desk):
    lines = []
    for number, sides in enumerate([("council", "nhs-trust"), ("nhs-trust", "council")]):
        person = a_person(nhs_number=None, council_client_id=f"LAS{number}")
        referral_id = desk.ask("receive_referral", **a_referral(person=person))["referral_id"]
        for side in sides:
            desk.ask("contribute", **a_contribution(referral_id, side))
        offered = desk.ask("offer_budget", referral_id=referral_id, budget_kind="ongoing")
        lines.append(offered["lines"])

    assert lines[0] == lines[1]


def test_the_same_offer_is_made_once_and_another_kind_is_a_new_version(desk):
    received = desk.agreed()
    offer = {"referral_id": received["referral_id"], "budget_kind": "ongoing"}

    first, again = (desk.ask("offer_budget", **offer) for _ in range(2))
    other = desk.ask("offer_budget", **offer | {"budget_kind": "one_off_recovery"})

    assert first == again
    assert other["version"] == 2
    assert other["total_pence"] == 1_000_00  # 23.86 points
    assert [told["version"] for told in desk.told("indicative_budget_calculated")] == [1, 2]


def test_nothing_is_offered_before_both_sides_have_contributed(desk):
    referral_id = referred(desk)
    desk.ask("contribute", **a_contribution(referral_id, "council"))

    refusal = desk.refused("offer_budget", referral_id=referral_id, budget_kind="ongoing")

    assert refusal["code"] == "not_known_yet"


def decline(desk, referral_id, act=None):
    return (act or desk.ask)(
        "decline_budget",
        referral_id=referral_id,
        informed_by_role="care_coordinator",
        informed_on="2026-11-24",
    )


def test_declining_is_an_outcome_of_its_own_and_is_told_once(desk):
    referral_id = desk.offered()["referral_id"]

    for _ in range(2):
        assert decline(desk, referral_id) == {"referral_id": referral_id}

    assert len(desk.told("budget_declined")) == 1
    assert desk.ask("totals")["declined_a_budget"] == 1
    assert desk.case(referral_id)["declines"][0]["informed_by_role"] == "care_coordinator"


def test_declining_can_be_taken_back(desk):
    referral_id = desk.offered()["referral_id"]
    decline(desk, referral_id)

    offered = desk.ask("offer_budget", referral_id=referral_id, budget_kind="ongoing")

    assert offered["version"] == 2  # told anew
    assert desk.ask("totals")["declined_a_budget"] == 0


def test_nobody_declines_before_the_assessment_is_agreed(desk):
    refusal = decline(desk, referred(desk), act=desk.refused)

    assert refusal["code"] == "not_known_yet"


def test_a_budget_is_not_declined_after_its_plan_was_approved(desk):
    case = desk.approved()

    assert decline(desk, case.referral_id, act=desk.refused)["code"] == "plan_approved"
