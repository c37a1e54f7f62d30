"""A plan's states, its content, its signatures and who decides."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.sign_off import rules as sign_off
from services.assessment.sign_off.rules import Rung, SigningRole
from services.assessment.support_plans import rules
from services.assessment.support_plans.rules import PlanState

COMMANDS = {command for _, command in rules.TRANSITIONS}
CONTENT, OTHER_CONTENT = "a" * 64, "b" * 64


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
def test_nothing_is_approved_that_was_not_signed_since_it_was_last_drafted(commands):
    state, since_draft = PlanState.DRAFT, []
    for command in commands:
        try:
            state = rules.state_after(state, command)
        except rules.PlanNotInThatStateError:
            continue
        since_draft = [] if command == "draft" else [*since_draft, command]
        if state == PlanState.APPROVED:
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


def sign(**changes):
    signatory_id = uuid4()
    sign_off.check_signature(
        **{
            "role": SigningRole.BROKER,
            "signatory_id": signatory_id,
            "rightful_id": signatory_id,
            "signed": {},
            "signed_sha256": CONTENT,
            "content_sha256": CONTENT,
        }
        | changes
    )


def test_the_one_in_the_role_signs_what_the_plan_says():
    sign()


def test_nobody_signs_other_content():
    with pytest.raises(sign_off.ContentDiffersError):
        sign(signed_sha256=OTHER_CONTENT)


@pytest.mark.parametrize("rightful_id", [None, uuid4()])
def test_nobody_signs_in_another_persons_place(rightful_id):
    with pytest.raises(sign_off.SignatoryNotInRoleError):
        sign(rightful_id=rightful_id)


def test_no_role_signs_twice():
    with pytest.raises(sign_off.AlreadySignedError):
        sign(signed={SigningRole.BROKER: uuid4()})


def test_nobody_signs_in_two_roles():
    both = uuid4()
    with pytest.raises(sign_off.AlreadySignedError):
        sign(signatory_id=both, rightful_id=both, signed={SigningRole.CARE_COORDINATOR: both})


@pytest.mark.parametrize(
    ("total_pence", "is_comfortable", "rung"),
    [
        (400_00, True, Rung.CARE_COORDINATOR),
        (400_01, True, Rung.TEAM_MANAGER),
        (1_00, False, Rung.TEAM_MANAGER),
    ],
)
def test_who_decides_goes_by_the_amount_and_the_coordinators_worry(
    total_pence, is_comfortable, rung
):
    decided_by = sign_off.first_rung(
        total_pence=total_pence, is_coordinator_comfortable=is_comfortable
    )

    assert decided_by == rung
    assert sign_off.is_escalated(rung) == (rung != Rung.CARE_COORDINATOR)


def test_nothing_is_decided_before_all_three_signed_what_the_plan_says():
    signed = dict.fromkeys(SigningRole, CONTENT)
    sign_off.check_signed(signed, content_sha256=CONTENT)

    with pytest.raises(sign_off.SignaturesMissingError, match="broker"):
        sign_off.check_signed(signed | {SigningRole.BROKER: OTHER_CONTENT}, content_sha256=CONTENT)
    with pytest.raises(sign_off.SignaturesMissingError, match="person, broker, care_coordinator"):
        sign_off.check_signed({}, content_sha256=CONTENT)


def decide(**changes):
    decider_id = uuid4()
    sign_off.check_decider(
        **{
            "rung": Rung.TEAM_MANAGER,
            "asked_rung": Rung.TEAM_MANAGER,
            "decider_id": decider_id,
            "rightful_id": decider_id,
            "signatory_ids": [],
        }
        | changes
    )


def test_the_one_on_the_right_rung_decides():
    decide()


def test_no_other_rung_decides():
    with pytest.raises(sign_off.WrongRungError):
        decide(rung=Rung.CARE_COORDINATOR)


def test_nobody_decides_in_another_persons_place():
    with pytest.raises(sign_off.DeciderNotInRoleError):
        decide(rightful_id=None)


def test_whoever_signed_does_not_decide_a_rung_higher():
    both = uuid4()
    with pytest.raises(sign_off.DeciderSignedError):
        decide(decider_id=both, rightful_id=both, signatory_ids=[both])


def test_the_coordinator_decides_on_what_they_signed():
    both, rung = uuid4(), Rung.CARE_COORDINATOR

    decide(rung=rung, asked_rung=rung, decider_id=both, rightful_id=both, signatory_ids=[both])
