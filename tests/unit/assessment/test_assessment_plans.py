"""A plan's states, its content and what is wrong with it."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.support_plans import rules
from services.assessment.support_plans.exclusions import EXCLUSIONS, exclusion_of
from services.assessment.support_plans.rules import ControlLevel, Mode, PlanState

COMMANDS = {command for _, command in rules.TRANSITIONS}


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_only_what_the_table_lists_is_done_with_a_plan(state, command):
    listed = rules.TRANSITIONS.get((state, command))

    if listed:
        assert rules.state_after(state, command) == listed
    else:
        with pytest.raises(rules.PlanNotInThatStateError):
            rules.state_after(state, command)


@given(st.lists(st.sampled_from(sorted(COMMANDS)), max_size=12))
def test_nothing_is_decided_on_that_was_not_signed_since_it_was_last_drafted(commands):
    state, since_draft = PlanState.DRAFT, []
    for command in commands:
        try:
            state = rules.state_after(state, command)
        except rules.PlanNotInThatStateError:
            continue
        since_draft = [] if command == "draft" else [*since_draft, command]
        if state in {PlanState.APPROVED, PlanState.REFUSED, PlanState.RETURNED}:
            assert {"submit", "sign_as_last"} <= set(since_draft)


def test_only_the_latest_version_is_worked_with():
    rules.check_latest(version=2, latest=2)

    with pytest.raises(rules.PlanVersionOutdatedError) as refused:
        rules.check_latest(version=1, latest=2)
    assert refused.value.details == {"latest_version": 2}


def test_a_plan_needs_a_broker_and_a_coordinator_before_it_is_signed():
    rules.check_team(["broker", "care_coordinator"])

    with pytest.raises(rules.TeamIncompleteError, match="care_coordinator"):
        rules.check_team(["broker", "team_manager"])


def test_a_referral_has_one_plan():
    rules.check_only_plan(is_only_one=True)

    with pytest.raises(rules.AnotherPlanError):
        rules.check_only_plan(is_only_one=False)


def test_what_is_signed_changes_with_every_word():
    signed = rules.content_sha256({"goal": "Drum", "cost_pence": 1, "item_id": uuid4()})

    assert len(signed) == 64
    assert rules.content_sha256({"a": 1, "b": 2}) == rules.content_sha256({"b": 2, "a": 1})
    assert rules.content_sha256({"a": "x"}) != rules.content_sha256({"a": "x "})


def an_item(**changes):
    part_id = uuid4()
    rules.check_item(
        **{
            "part_id": part_id,
            "part_ids": {part_id},
            "category": "clothing",
            "merchant_category_code": "5651",
        }
        | changes
    )


def test_whatever_is_not_excluded_by_a_rule_can_be_in_a_plan():
    an_item()
    an_item(category="course against gambling", merchant_category_code=None)


@pytest.mark.parametrize("exclusion", EXCLUSIONS, ids=lambda one: one.rule)
def test_what_a_rule_excludes_is_refused_with_the_rule_and_its_source(exclusion):
    for category in exclusion.categories:
        with pytest.raises(rules.ExcludedError) as refused:
            an_item(category=category.upper().replace("_", " "), merchant_category_code=None)
        assert refused.value.details["rule"] == exclusion.rule
        assert refused.value.details["source"] == exclusion.source
    for code in exclusion.merchant_category_codes:
        found = exclusion_of(category="anything", merchant_category_code=code)
        assert found == exclusion
    assert not exclusion.is_confirmed  # nobody has checked the law itself


def test_there_are_eight_exclusions_and_no_more():
    assert {one.rule for one in EXCLUSIONS} == {
        "gambling",
        "debt",
        "alcohol",
        "tobacco",
        "illegal",
        "gp_services",
        "emergency_care",
        "medicines",
    }


def test_an_item_belongs_to_a_part_of_the_plan():
    with pytest.raises(rules.PartUnknownError):
        an_item(part_ids={uuid4()})


def test_an_item_serves_a_goal_of_the_plan():
    goal_id = uuid4()
    rules.check_known([goal_id], goal_ids={goal_id}, field="items.goal_ids")

    with pytest.raises(rules.GoalUnknownError):
        rules.check_known([uuid4()], goal_ids={goal_id}, field="items.goal_ids")


@pytest.mark.parametrize("level", ControlLevel)
@pytest.mark.parametrize("mode", Mode)
def test_a_direct_payment_is_run_by_the_person_and_nothing_else_is(level, mode):
    is_direct, runs_alone = mode == Mode.DIRECT, level == ControlLevel.DIRECT_PAYMENT

    if is_direct == runs_alone:
        rules.check_mode(control_level=level, mode=mode)
    else:
        with pytest.raises(rules.ModeUnfitError):
            rules.check_mode(control_level=level, mode=mode)


def a_crisis_plan(**changes):
    rules.check_crisis_plan(
        **{
            "has_direct_part": True,
            "has_crisis_plan": True,
            "has_substitute": True,
            "cap_pence": 200_00,
            "reserve_pence": 200_00,
        }
        | changes
    )


def test_a_crisis_plan_counts_on_what_the_funders_promised():
    a_crisis_plan()

    with pytest.raises(rules.CapAboveReserveError) as refused:
        a_crisis_plan(cap_pence=200_01)
    assert refused.value.details["reserve_pence"] == 200_00


def test_somebody_looks_after_a_direct_payment_in_a_crisis():
    a_crisis_plan(has_direct_part=False, has_substitute=False)
    a_crisis_plan(has_crisis_plan=False, has_substitute=False, cap_pence=0)

    with pytest.raises(rules.SubstituteMissingError):
        a_crisis_plan(has_substitute=False)


@pytest.mark.parametrize(
    ("has_budget", "has_items", "is_refused"),
    [(True, True, False), (False, True, False), (False, False, False), (True, False, True)],
)
def test_a_budget_in_use_does_not_end_by_an_edit(has_budget, has_items, is_refused):
    if is_refused:
        with pytest.raises(rules.BudgetInUseError):
            rules.check_still_paid(has_budget=has_budget, has_items=has_items)
    else:
        rules.check_still_paid(has_budget=has_budget, has_items=has_items)


def test_the_broker_holds_the_interview_before_the_plan_is_submitted():
    broker_id = uuid4()
    rules.check_interviewer(broker_id=broker_id, rightful_id=broker_id)
    rules.check_interviewed(is_interviewed=True)

    with pytest.raises(rules.InterviewerNotBrokerError):
        rules.check_interviewer(broker_id=broker_id, rightful_id=None)
    with pytest.raises(rules.InterviewMissingError):
        rules.check_interviewed(is_interviewed=False)
