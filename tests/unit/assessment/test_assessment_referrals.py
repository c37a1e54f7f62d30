"""What may come of a referral, and when it is answered."""

from datetime import date

import pytest

from services.assessment.referrals import rules
from services.assessment.referrals.rules import Outcome
from services.assessment.reviews.rules import ReviewKind, working_days_until

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
        with pytest.raises((rules.BudgetDeclinedError, rules.PlanApprovedError)):
            rules.outcome_after(outcome, command)


def test_a_rapid_review_is_sooner_than_a_planned_one():
    assert working_days_until(ReviewKind.RAPID) == 2
    assert working_days_until(ReviewKind.PLANNED) == 40
