"""From two contributions to an amount that the person is told."""

from uuid import uuid4

import pytest

from tests.integration.assessment.desk import (
    a_contribution,
    a_domain,
    a_person,
    a_referral,
)


def referred(desk):
    return desk.ask("receive_referral", **a_referral())["referral_id"]


def some_help(**changes):
    return {
        "source": "informal",
        "hours_a_week": 6,
        "is_willing_to_continue": True,
        "levels_met": 1,
    } | changes


def test_the_assessment_is_agreed_when_both_sides_have_contributed(desk):
    referral_id = referred(desk)

    first = desk.ask("contribute", **a_contribution(referral_id, "council"))
    second = desk.ask("contribute", **a_contribution(referral_id, "nhs-trust"))

    assert (first["is_agreed"], second["is_agreed"]) == (False, True)
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


def test_of_each_side_what_was_seen_last_counts_and_nothing_is_lost(desk):
    referral_id = referred(desk)
    later = {"as_of": "2026-11-24T09:00:00+00:00"}
    desk.ask(
        "contribute", **a_contribution(referral_id, "council", **later, domains=[a_domain("A1")])
    )
    desk.ask("contribute", **a_contribution(referral_id, "council"))  # arrives late

    shown = desk.case(referral_id)["assessment"]
    assert [domain["domain"] for domain in shown["domains"]] == ["A1"]
    assert len(desk.everything()["contributions"]) == 2

    desk.ask("contribute", **a_contribution(referral_id, "nhs-trust"))
    newest = {"as_of": "2026-11-24T09:30:00+00:00"}
    desk.ask("contribute", **a_contribution(referral_id, "council", **newest))
    assert [told["version"] for told in desk.told("assessment_agreed")] == [1, 2]
    assert desk.case(referral_id)["assessment"]["version"] == 2


def test_a_contribution_for_an_unknown_referral_is_kept_asked_about_and_joined(desk):
    referral = a_referral()
    request = a_contribution(referral["referral_id"], "council")

    first, again = (desk.ask("contribute", **request) for _ in range(2))

    assert first == again
    assert first["is_waiting_for_referral"]
    (task,) = desk.ask("open_tasks", role="information_officer")
    assert task["kind"] == "contribution_unplaced"

    desk.ask("receive_referral", **referral)
    assert desk.ask("open_tasks", role="information_officer") == []
    assert not desk.ask("contribute", **request)["is_waiting_for_referral"]  # counts once
    desk.ask("contribute", **a_contribution(referral["referral_id"], "nhs-trust"))
    (told,) = desk.told("assessment_agreed")
    assert told["domain_count"] == 10
    assert len(desk.everything()["contributions"]) == 2


def test_the_id_of_a_waiting_contribution_is_of_one(desk):
    request = a_contribution(str(uuid4()), "council")
    desk.ask("contribute", **request)

    refusal = desk.refused("contribute", **request | {"author_role": "somebody else"})

    assert refusal["code"] == "id_reused"


def test_everything_that_was_seen_of_a_domain_stays_readable_with_where_it_came_from(desk):
    referral_id = referred(desk)
    help_ = some_help()
    council = a_domain("C9", 1, 4, present_support=[help_])
    trust = a_domain("C9", 2, 3, evidence=["letter of the practice"])
    desk.ask("contribute", **a_contribution(referral_id, "council", domains=[council]))
    desk.ask("contribute", **a_contribution(referral_id, "nhs-trust", domains=[trust]))

    shown = desk.case(referral_id)["assessment"]

    assert shown["is_chc_checklist_suggested"]
    (domain,) = shown["domains"]
    assert domain["informal_levels"] == 0  # only one side heard that the help goes on
    assert domain["came_from"]["worst_without_support"] == ["council"]
    assert domain["came_from"]["typical_without_support"] == ["nhs-trust"]
    assert domain["came_from"]["worst_days_per_28"] == ["council", "nhs-trust"]
    seen_by = {seen["organisation"]: seen for seen in domain["seen_by"]}
    assert seen_by["council"]["present_support"] == [help_]
    assert seen_by["nhs-trust"]["evidence"] == ["letter of the practice"]
    assert seen_by["nhs-trust"]["onset_speed"] == "hours"
    assert shown["contributions"][0]["in_the_room"] == ["person", "care_coordinator"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"questionnaire": "nobody-knows"}, "unknown_questionnaire", "questionnaire"),
        ({"as_of": "2025-12-31T09:00:00+00:00"}, "questionnaire_not_active", "questionnaire"),
        ({"as_of": "2026-11-24T10:00:01+00:00"}, "as_of_in_future", "as_of"),
        ({"domains": [a_domain("A11")]}, "unknown_domain", "domains"),
    ],
)
def test_a_contribution_answers_a_questionnaire_that_was_in_use(desk, changes, code, field):
    refusal = desk.refused("contribute", **a_contribution(referred(desk), "council", **changes))

    assert (refusal["code"], refusal["details"]["field"]) == (code, field)


def test_the_questionnaires_are_for_everybody_to_read(desk):
    (questionnaire,) = desk.ask("questionnaires")

    assert questionnaire["name"] == "joint-2026-1"
    assert len(questionnaire["domains"]) == 20
    assert questionnaire["levels"][0] == "manages alone"


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
        [a_domain("b1")],
        [a_domain("B1"), a_domain("B1")],
        [a_domain("B1", 2, 5)],
        [a_domain("B1", -1, 2)],
        [a_domain("B1", 3, 2)],
        [a_domain("B1", worst_days_per_28=29)],
        [a_domain("B1", worst_days_per_28="8")],
        [a_domain("B1", person_words=" ")],
        [a_domain("B1", with_present_support={"typical": 1})],
        [a_domain("B1", mood="low")],
        [a_domain("B1", look_back_months=0)],
        [a_domain("B1", onset_speed="sudden")],
        [a_domain("B1", reliably={"safely": True})],
        [a_domain("B1", present_support=[some_help(source="paid")])],
        [a_domain("B1", present_support=[some_help(is_willing_to_continue=None)])],
        [a_domain("B1", present_support=[some_help(levels_met=5)])],
    ],
)
def test_a_contribution_that_is_not_as_it_must_be_is_refused_by_field(desk, domains):
    request = a_contribution(referred(desk), "council", domains=domains)

    refusal = desk.refused("contribute", **request)

    assert refusal["code"] == "invalid_request"
    assert all(field.startswith("domains") for field in refusal["details"])


def test_the_worked_example_comes_out_to_the_penny_and_is_told_in_words(desk):
    received = desk.agreed()

    offered = desk.ask(
        "offer_budget",
        referral_id=received["referral_id"],
        budget_kind="ongoing",
        weekly_contribution_pence=0,
    )

    assert offered["total_pence"] == 2_022_87
    assert (offered["council_pence"], offered["nhs_pence"]) == (994_30, 1_028_57)
    assert offered["reserve_pence"] == 202_29
    assert (offered["rule_set"], offered["version"]) == ("illustrative-2026-1", 1)
    (told,) = desk.told("indicative_budget_calculated")
    assert told["total_pence"] == 2_022_87
    assert told["lines"] == [line["words"] for line in offered["lines"]]
    assert told["what_would_change"] == offered["what_would_change"]
    assert told["what_would_change"][-1].startswith("If something changes, ask for a review")
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
        offered = desk.ask(
            "offer_budget",
            referral_id=referral_id,
            budget_kind="ongoing",
            weekly_contribution_pence=0,
        )
        lines.append(offered["lines"])

    assert lines[0] == lines[1]


def test_the_same_offer_is_made_once_and_another_kind_is_a_new_version(desk):
    received = desk.agreed()
    offer = {
        "referral_id": received["referral_id"],
        "budget_kind": "ongoing",
        "weekly_contribution_pence": 0,
    }

    first, again = (desk.ask("offer_budget", **offer) for _ in range(2))
    other = desk.ask("offer_budget", **offer | {"budget_kind": "one_off_recovery"})

    assert first == again
    assert other["version"] == 2
    assert other["total_pence"] == 1_000_00  # 23.86 points
    assert [told["version"] for told in desk.told("indicative_budget_calculated")] == [1, 2]


def test_nothing_is_offered_before_both_sides_have_contributed(desk):
    referral_id = referred(desk)
    desk.ask("contribute", **a_contribution(referral_id, "council"))

    refusal = desk.refused(
        "offer_budget", referral_id=referral_id, budget_kind="ongoing", weekly_contribution_pence=0
    )

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

    offered = desk.ask(
        "offer_budget", referral_id=referral_id, budget_kind="ongoing", weekly_contribution_pence=0
    )

    assert offered["version"] == 2  # told anew
    assert desk.ask("totals")["declined_a_budget"] == 0


def test_nobody_declines_before_the_assessment_is_agreed(desk):
    refusal = decline(desk, referred(desk), act=desk.refused)

    assert refusal["code"] == "not_known_yet"


def test_a_budget_is_not_declined_after_its_plan_was_approved(desk):
    case = desk.approved()

    assert decline(desk, case.referral_id, act=desk.refused)["code"] == "plan_approved"
