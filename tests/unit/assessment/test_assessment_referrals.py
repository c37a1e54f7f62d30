"""What may come of a referral, and when it is answered."""

from datetime import date
from uuid import uuid4

import pytest

from services.assessment.care_team.rules import Support, SupportNotOfferedError, check_offered
from services.assessment.intake import rules as intake
from services.assessment.people.rules import TeamRole
from services.assessment.referrals import rules
from services.assessment.referrals.rules import Outcome
from shared.contracts import organisations
from shared.errors import Refusal

COMMANDS = {command for _, command in rules.TRANSITIONS}


def test_an_answer_is_due_four_weeks_after_a_referral_reached_us():
    assert rules.answer_due_on(date(2026, 11, 24)) == date(2026, 12, 22)


def test_nothing_is_kept_without_consent():
    rules.check_consent(is_given=True)

    with pytest.raises(rules.ConsentNeededError) as refused:
        rules.check_consent(is_given=False)
    assert "send the referral again" in refused.value.next_step


@pytest.mark.parametrize(("outcome", "command"), sorted(rules.TRANSITIONS))
def test_what_the_table_lists_may_be_done(outcome, command):
    after = rules.outcome_after(outcome, command)

    assert after == rules.TRANSITIONS[(outcome, command)]


@pytest.mark.parametrize("command", ["plan", "approve"])
def test_nothing_is_planned_for_somebody_who_declined(command):
    with pytest.raises(rules.BudgetDeclinedError):
        rules.outcome_after(Outcome.DECLINED, command)


def test_a_budget_is_not_declined_after_its_plan_was_approved():
    with pytest.raises(rules.PlanApprovedError):
        rules.outcome_after(Outcome.AGREED, "decline")


def test_every_pair_that_is_not_listed_is_refused():
    unlisted = {(outcome, command) for outcome in Outcome for command in COMMANDS} - set(
        rules.TRANSITIONS
    )

    for outcome, command in unlisted:
        with pytest.raises(Refusal) as refused:
            rules.outcome_after(outcome, command)
        assert refused.value.code in {
            "budget_declined",
            "plan_approved",
            "referral_refused",
            "referral_not_refused",
            "case_closed",
        }


@pytest.mark.parametrize("command", ["offer", "plan", "approve", "decline", "refuse"])
def test_nothing_happens_on_a_refused_referral_until_it_is_opened_again(command):
    with pytest.raises(rules.ReferralRefusedError) as refused:
        rules.outcome_after(Outcome.REFUSED, command)
    assert "appeal" in refused.value.next_step
    assert rules.outcome_after(Outcome.REFUSED, "reopen") == Outcome.OPEN


def test_the_assessors_and_whoever_sends_a_referral_share_it():
    among = organisations.current()
    by_others = rules.shared_with("voluntary-broker", among=among)

    assert by_others == {"nhs-trust", "council", "voluntary-broker"}
    assert rules.shared_with(None, among=among) == {"nhs-trust", "council"}


def test_only_those_with_a_role_on_the_case_refuse():
    coordinator, broker = uuid4(), uuid4()
    team = {TeamRole.CARE_COORDINATOR: coordinator, TeamRole.BROKER: broker}

    intake.check_decider(coordinator, team=team)
    for other in (broker, uuid4()):
        with pytest.raises(intake.DeciderNotInRoleError):
            intake.check_decider(other, team=team)


def test_how_unwell_somebody_is_is_no_reason_to_refuse():
    assert set(intake.RefusalReason) == {"lives_elsewhere", "has_a_budget", "not_appropriate"}


def test_nobody_chooses_before_all_help_was_offered():
    check_offered(Support)

    with pytest.raises(SupportNotOfferedError) as refused:
        check_offered([Support.BROKER])
    assert refused.value.details == {"missing": "advocate, peer_supporter"}
