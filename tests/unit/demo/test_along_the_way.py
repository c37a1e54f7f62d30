"""What does not go smoothly: which cases may hold it, and how each story is told."""

from collections import Counter

import pytest
from marshmallow import ValidationError

from clients.edge import RefusedError
from demo.case import WITHOUT_A_PLAN, AlongTheWay
from demo.playing.later import WEEKS_LATER, go_on, goes_on
from demo.playing.play import CaseFailedError
from demo.playing.story import play_case
from demo.progress import expected
from demo.reading import read_cases
from demo.schemas import CaseLine
from demo.staff import (
    APPEALS_OFFICER,
    ATTORNEY,
    CARE_COORDINATOR,
    COMPLAINTS_OFFICER,
    LIVED_EXPERIENCE,
    MULTIDISCIPLINARY_TEAM,
    OTHER_BROKER,
    RISK_ENABLEMENT_PANEL,
    TEAM_MANAGER,
)
from shared.contracts.nhs_number import is_nhs_number
from tests.unit.demo.lines import CASES, a_case, cases_of, disagreements, small_cases, who_declines
from tests.unit.demo.scripted import NO_CONSENT, a_play, on_a_later_day

ALL_AT_ONCE = "MD-0009"


def played(case_ref, **answers):
    play = a_play(disagreements()[case_ref], **answers)
    play_case(play)
    return play


def to_its_end(play):
    """Play what happens weeks later, too."""
    for weeks in WEEKS_LATER:
        if goes_on(play.case, weeks_later=weeks):
            go_on(on_a_later_day(play, weeks_later=weeks))
    return play


def telling(*stories):
    """Return a case with a worried coordinator that goes through these stories."""
    return {**small_cases()["MP-0168"], "along_the_way": [*stories]}


def test_the_disagreements_use_every_word_and_name_nobody_of_the_pilot():
    cases = read_cases(CASES / "disagreements.jsonl")
    pilots = [
        case["person"] for file in ("cases", "alex") for case in cases_of(f"{file}.jsonl").values()
    ]

    assert {story for case in cases for story in case.along_the_way} == set(AlongTheWay)
    for field in ("nhs_number", "council_client_id", "birth_date", "postcode", "mobile", "email"):
        mine = [case.person[field] for case in cases]
        assert len(set(mine)) == len(mine)
        assert not {*mine} & {person[field] for person in pilots}


def test_a_case_without_the_field_goes_smoothly():
    case = a_case()

    assert "along_the_way" not in case
    assert CaseLine().load(case).along_the_way == ()


@pytest.mark.parametrize("story", [one for one in AlongTheWay if one not in WITHOUT_A_PLAN])
def test_where_there_is_no_plan_nothing_can_go_wrong_with_it(story):
    with pytest.raises(ValidationError, match=f"There is no plan for {story}"):
        CaseLine().load({**who_declines(), "along_the_way": [story]})


@pytest.mark.parametrize("case_ref", sorted(disagreements()))
def test_every_case_comes_to_its_end_with_its_own_steps_and_no_id_twice(case_ref):
    play = to_its_end(played(case_ref))

    taken = {stage: steps for stage, steps in expected([play.case]).items() if steps}
    assert Counter(play.shown.steps) == taken
    assert len(set(play.caller.command_ids)) == len(play.caller.command_ids)


def test_the_other_organisation_refers_without_a_number_and_a_human_merges():
    play = played("MD-0001")

    first, second = play.caller.requests("referral.submit.v1")
    assert play.caller.doers("referral.submit.v1") == ["nhs-trust", "council"]
    assert (second["person"]["nhs_number"], second["person"]["council_client_id"]) == (None, None)
    assert second["person"]["birth_date"] == first["person"]["birth_date"]
    (merged,) = play.caller.requests("assessment.merge_people")
    assert merged["kept_person_id"] == play.known["person_id"] != play.known["other_person_id"]
    (refused,) = play.caller.requests("assessment.refuse_referral")
    assert refused["referral_id"] == play.known["other_referral_id"] != play.known["referral_id"]


def test_a_second_record_that_nobody_asks_about_fails_the_case():
    answer = {"person_id": "person-1", "referral_id": "referral-1"}

    with pytest.raises(CaseFailedError, match="both referrals are of one person"):
        played("MD-0001", referral__submit__v1=answer)


def test_a_refused_referral_is_opened_again_by_somebody_new():
    play = played("MD-0002")

    (refusal,) = play.caller.requests("assessment.refuse_referral")
    (appeal,) = play.caller.requests("assessment.lodge_appeal")
    (decided,) = play.caller.requests("assessment.decide_appeal")
    assert refusal["evidence"]
    assert refusal["alternatives"]
    assert appeal["refusal_id"].startswith("refusal_id-")
    assert decided["outcome"] == "upheld"
    assert play.caller.doers("assessment.refuse_referral") == [TEAM_MANAGER]
    assert play.caller.doers("assessment.lodge_appeal") == [play.holder]
    assert play.caller.doers("assessment.decide_appeal") == [APPEALS_OFFICER]


def test_an_appeal_that_opens_nothing_fails_the_case():
    with pytest.raises(CaseFailedError, match="not open again"):
        played("MD-0002", assessment__decide_appeal={"is_reopened": False})


def test_another_broker_signs_interviews_and_buys():
    play = played("MD-0002")

    (answer,) = play.caller.requests("assessment.answer_worker_change")
    assert answer["new_worker"]["staff_id"] == OTHER_BROKER.staff_id
    assert play.caller.doers("assessment.request_worker_change") == [play.holder]
    assert play.caller.doers("assessment.record_interview") == [OTHER_BROKER]
    signed = play.caller.doers("assessment.sign_plan")
    assert signed == [play.holder, OTHER_BROKER, CARE_COORDINATOR]
    assert set(play.caller.doers("payments.request_purchase")) == {OTHER_BROKER}


def test_what_comes_while_consent_is_withdrawn_is_rejected_and_comes_again_under_another_id():
    play = played("MD-0003")

    meanwhile, afterwards = play.caller.requests("assessment.contribute.v1", by="council")
    assert meanwhile == afterwards
    assert len(set(play.caller.command_ids)) == len(play.caller.command_ids)


@pytest.mark.parametrize(
    ("answer", "error"),
    [({}, CaseFailedError), (RefusedError({**NO_CONSENT, "code": "other"}), RefusedError)],
)
def test_a_contribution_without_consent_must_be_refused_for_that_reason(answer, error):
    with pytest.raises(error):
        played("MD-0003", assessment__contribute__v1=[{}, answer, {}])


def test_a_dispute_is_settled_as_the_file_shares_after_the_plan_went_on():
    play = played("MD-0004")

    operations = play.caller.operations()
    order = ["assessment.dispute.v1", "assessment.decide_plan", "assessment.decide_dispute"]
    assert [one for one in operations if one in order] == order
    (settled,) = play.caller.requests("assessment.decide_dispute")
    assert settled["shares"] == {"nhs": 5500, "council": 4500}


def test_a_plan_climbs_to_a_panel_with_somebody_who_has_lived_it():
    play = played("MD-0005")

    decisions = play.caller.requests("assessment.decide_plan")
    assert [(one["rung"], one["outcome"]) for one in decisions] == [
        (TEAM_MANAGER.role, "escalate"),
        (MULTIDISCIPLINARY_TEAM.role, "escalate"),
        (RISK_ENABLEMENT_PANEL.role, "approve"),
    ]
    deciders = play.caller.doers("assessment.decide_plan")
    assert [one.role for one in deciders] == [one["rung"] for one in decisions]
    assert len({one["reasons"] for one in decisions}) == 3
    assert decisions[-1]["attendees"][0] == {
        "attendee_id": LIVED_EXPERIENCE.staff_id,
        "capacity": "lived_experience",
    }
    assert decisions[-1]["backing"]


def test_a_plan_that_comes_back_is_changed_signed_anew_and_by_whom_the_person_chose():
    play = played("MD-0006")

    first, second = play.caller.requests("assessment.draft_plan")
    assert len(second["risks"]) == len(first["risks"]) + 1
    assert second["items"] == first["items"]
    signed = play.caller.requests("assessment.sign_plan", by=ATTORNEY)
    assert [one["version"] for one in signed] == [1, 2]
    assert play.holder not in play.caller.doers("assessment.sign_plan")
    (appointed,) = play.caller.requests("assessment.appoint_representative")
    assert appointed["nhs_number"] == ATTORNEY.nhs_number
    assert all("Mental Capacity Act" in one["capacity_basis"] for one in signed)


def test_a_signature_that_outlives_a_change_fails_the_case():
    case = telling(AlongTheWay.PLAN_RETURNED)
    play = a_play(case)
    drafted = play.caller.assessment_draft_plan
    play.caller.assessment_draft_plan = lambda request: {
        **drafted(request),
        "voided_signatures": ["person"],
    }

    with pytest.raises(CaseFailedError, match="a signature still counts"):
        play_case(play)


def test_a_refused_plan_says_everything_and_is_decided_by_the_next_rung():
    play = played("MD-0007")

    refused, approved = play.caller.requests("assessment.decide_plan")
    assert (refused["outcome"], refused["rung"]) == ("refuse", TEAM_MANAGER.role)
    assert len(refused["items"]) == len(play.case.support_plan.items)
    assert all(item["reasons"] for item in refused["items"])
    assert refused["evidence"]
    assert refused["alternatives"]
    assert refused["appeal_route"]
    assert (approved["outcome"], approved["rung"]) == ("approve", MULTIDISCIPLINARY_TEAM.role)
    (appeal,) = play.caller.requests("assessment.lodge_appeal")
    assert appeal["supporter"]["kind"] == "advocate"


def test_a_decision_that_lies_with_nobody_fails_the_case():
    with pytest.raises(CaseFailedError, match="with 0 rungs"):
        played("MD-0007", assessment__where_is_it={"items": []})


def test_less_is_offered_only_after_it_was_explained_and_shown_with_an_interpreter():
    play = played("MD-0008")

    (statement,) = play.caller.requests("assessment.record_preventive_effect")
    assert statement["domains"] == ["B1"]
    (shown,) = play.caller.requests("assessment.record_preventive_effect_shown")
    assert shown["interpreter"]
    again = play.caller.requests("assessment.contribute.v1")[2:]
    assert again
    for who in set(play.caller.doers("assessment.contribute.v1")[2:]):
        before, contribution = play.caller.requests("assessment.contribute.v1", by=who)
        assert levels(contribution) < levels(before)
        assert contribution["as_of"] > before["as_of"]


def levels(contribution):
    return sum(domain["without_present_support"]["typical"] for domain in contribution["domains"])


@pytest.mark.parametrize(
    ("is_blocked", "said"), [(False, "nobody had explained it"), (True, "still held up")]
)
def test_a_reduction_that_comes_too_early_or_never_fails_the_case(is_blocked, said):
    offer = {
        "total_pence": 1,
        "reserve_pence": 0,
        "blocked": {"domains": ["B1"]} if is_blocked else None,
    }

    with pytest.raises(CaseFailedError, match=said):
        played("MD-0008", assessment__offer_budget=offer)


def test_a_complaint_is_answered_outside_the_care_team_and_kept_from_it():
    play = played("MD-0008")

    (made,) = play.caller.requests("assessment.make_complaint")
    assert made["may_team_read"] is False
    assert play.caller.doers("assessment.make_complaint") == [play.holder]
    assert play.caller.doers("assessment.answer_complaint") == [COMPLAINTS_OFFICER]


def test_all_at_once_is_told_in_one_order_however_the_file_lists_it():
    case = disagreements()[ALL_AT_ONCE]
    case["along_the_way"].reverse()
    play = a_play(case)
    play_case(play)

    assert play.caller.operations() == played(ALL_AT_ONCE).caller.operations()
    outcomes = [one["outcome"] for one in play.caller.requests("assessment.decide_plan")]
    assert outcomes == ["return", "refuse", "escalate", "approve"]


def test_everybody_comes_in_by_the_front_door():
    plays = [played(case_ref) for case_ref in disagreements()]

    assert [told for play in plays for told, by in play.caller.told_by if by is None] == []


def test_the_attorney_can_be_taken_for_nobody_else():
    numbers = {
        case.person["nhs_number"] for file in CASES.glob("*.jsonl") for case in read_cases(file)
    }

    assert is_nhs_number(ATTORNEY.nhs_number)
    assert ATTORNEY.nhs_number not in numbers
