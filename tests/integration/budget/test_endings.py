"""A budget ends: nothing new is bought, what is held runs its course, the rest goes back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    a_plan,
    a_planned_budget,
    agree,
    an_active_budget,
    an_agreement,
    ask,
    called_by,
    commit,
    left_of,
    paid_by,
    pay_in,
    spend,
    statement_of,
    tell,
    told,
    told_about,
    unanswered,
)
from tests.integration.budget.repayments import (
    a_funded_budget,
    account,
    buy_on,
    cost,
    do,
    notified,
    of,
    on,
    parts,
    posted,
    propose,
)
from tests.integration.racing import AT_ONCE, all_at_once

pytestmark = pytest.mark.usefixtures("verified")


def end(transaction, planned, *, at=TUESDAY_AT_TEN, ends_on="2026-11-24", reason="persons_wish"):
    return do(transaction, "end_budget", at=at, ends_on=ends_on, reason=reason, **of(planned))


def closing(transaction, planned):
    """Return the closing figures of each funder, by its id."""
    funders = do(transaction, "closing_statement", **of(planned))["result"]["funders"]
    return {funder.pop("funder_id"): funder for funder in funders}


# The worked example: somebody dies in the middle of a month with two holds open


def test_a_person_dies_mid_month_with_two_holds_open_to_the_penny(transaction):
    # A plan of 1,000.00, half and half: NHS 500.00; council 500.00, of which the person pays 2.00
    # in each of ten weeks: 20.00. They have paid 12.00 of it.
    planned, calls = a_funded_budget(transaction, weekly_pence=2_00, weeks=10, joint=1_000_00)
    paid = {"amount_pence": 12_00, "bank_reference": "BACS the person"}
    pay_in(transaction, planned, calls["person"], **paid)
    bought = buy_on(transaction, planned, 123_46, at=on(2026, 12, 1))
    cost(transaction, bought, 123_46, at=on(2026, 12, 2))  # 61.73 each
    captured_later = buy_on(transaction, planned, 80_00, at=on(2026, 12, 10))
    released_later = buy_on(transaction, planned, 50_00, at=on(2026, 12, 11))

    # They die on 15 December; it is known here on the 17th.
    known_at = on(2026, 12, 17)
    end(transaction, planned, at=known_at, ends_on="2026-12-15", reason="died")

    refused = buy_on(transaction, planned, 10_00, at=known_at)
    assert told_about(transaction, refused)[-1]["code"] == "budget_ended"

    # Each has 500.00 - 61.73 - 40.00 - 25.00 = 373.27 that nobody holds. No allowance, no
    # contingency, nothing more to come, whatever was asked for. Of the council's, 20.00 of 500.00,
    # a twenty-fifth, is the person's: 14.9308. They owe 8.00 of it no more; 6.93 goes back.
    first = posted(
        transaction,
        planned,
        at=known_at,
        ground="died",
        allowance_weeks=8,
        contingency_pence=100_00,
        committed_pence=None,
    )
    assert parts(first, transaction) == {
        "nhs": 373_27,
        "council": 358_34,
        "person": 6_93,
        "lowered": 8_00,
    }
    assert first["result"]["addressee"] == "representative"

    # The card network takes 76.50 for the first hold; payments gives the second up.
    january = on(2027, 1, 15)
    cost(transaction, captured_later, 76_50, at=january)
    cost(transaction, released_later, 0, at=january)

    # Left: 1.75 of the first hold and 25.00 of the second, each. Of all that was ever left over in
    # the council's book, 400.02, the person's twenty-fifth is 16.0008: 16.00, less the 14.93 of
    # before.
    assert left_of(transaction, planned) == {"nhs": 26_75, "council": 26_75}
    second = posted(transaction, planned, at=january, ground="died")
    assert parts(second, transaction) == {
        "nhs": 26_75,
        "council": 25_68,
        "person": 1_07,
        "lowered": 0,
    }

    # What was spent: 99.98 by each. The person bore a twenty-fifth of the council's: 4.00.
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert paid_by(transaction, planned) == {"nhs": (0, 99_98), "council": (0, 99_98)}
    assert account(transaction, planned, "nhs", "repaid") == 400_02
    assert account(transaction, planned, "council", "repaid") == 384_02
    assert account(transaction, planned, "council", "charge_due") == 0
    assert account(transaction, planned, "council", "charged") == -4_00
    assert account(transaction, planned, "person", "contributed") == -4_00
    notices = told(transaction, event_type="budget.repayment_notified.v1")
    assert {notice["addressee"] for notice in notices} == {"representative"}


def test_what_is_captured_beyond_its_hold_after_all_went_back_is_overspent_and_told(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    held = buy_on(transaction, planned, 40_00, at=TUESDAY_AT_TEN)
    end(transaction, planned)
    posted(transaction, planned, ground="ended")

    spend(transaction, held, 44_00)  # the card network took more than was held

    assert {one["overspent_pence"] for one in closing(transaction, planned).values()} == {2_00}
    assert propose(transaction, planned, ground="ended")["refusal"]["code"] == "nothing_to_repay"


def test_a_refund_that_comes_after_the_end_goes_back_too(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    bought = buy_on(transaction, planned, 40_00, at=TUESDAY_AT_TEN)
    spend(transaction, bought, 40_00)
    end(transaction, planned)
    posted(transaction, planned, ground="ended")

    spend(transaction, bought, 30_00, version=2)

    late = posted(transaction, planned, at=on(2027, 1, 15), ground="ended")
    assert parts(late, transaction) == {"nhs": 5_00, "council": 5_00, "person": 0, "lowered": 0}


# From its day on


def test_until_its_day_a_budget_that_will_end_can_be_spent(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    end(transaction, planned, ends_on="2026-12-24", reason="plan_ended")

    last_day, next_day = on(2026, 12, 23, hour=23), on(2026, 12, 24, hour=0)
    before = buy_on(transaction, planned, 10_00, at=last_day)
    after = buy_on(transaction, planned, 10_00, at=next_day)

    assert told_about(transaction, before)[-1]["type"] == "hold_placed"
    refusal = told_about(transaction, after)[-1]
    assert (refusal["type"], refusal["code"]) == ("hold_refused", "budget_ended")
    assert refusal["next_step"]


def test_until_its_day_what_stays_in_a_budget_stays(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    end(transaction, planned, ends_on="2026-12-24", reason="plan_ended")

    looked = {
        day: do(transaction, "find_surplus", on=day, **of(planned))["result"]
        for day in ("2026-12-23", "2026-12-24")
    }

    assert looked["2026-12-23"]["total_pence"] == 0
    assert looked["2026-12-24"]["total_pence"] == 100_00
    assert [one["has_ended"] for one in looked.values()] == [False, True]
    assert propose(transaction, planned, ground="ended")["refusal"]["code"] == "ground_not_so"


def test_a_repayment_on_its_way_is_withdrawn_when_the_budget_ends(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = notified(transaction, planned, contingency_pence=20_00)

    end(transaction, planned)

    (repayment,) = do(transaction, "repayments", **of(planned))["result"]
    assert repayment["state"] == "withdrawn"
    withdrawal = told(transaction, subject=f"repayment/{known['repayment_id']}")[-1]
    assert withdrawal["type"] == "repayment_withdrawn"
    assert posted(transaction, planned, ground="ended")["result"]["amount_pence"] == 100_00


def test_nobody_is_told_to_write_to_a_person_who_has_died(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = notified(transaction, planned)

    end(transaction, planned, reason="died")

    notice, withdrawal = told(transaction, subject=f"repayment/{known['repayment_id']}")
    assert (notice["addressee"], withdrawal["addressee"]) == ("person", "representative")
    answer = propose(transaction, planned, ground="died", addressee="person")
    assert answer["result"]["addressee"] == "representative"


def test_whoever_acts_for_a_living_person_may_be_given_the_notice(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    end(transaction, planned, reason="moved")

    answer = propose(transaction, planned, ground="ended", addressee="representative")

    assert answer["result"]["addressee"] == "representative"


def test_money_that_comes_in_late_is_booked_and_goes_back(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["nhs"])
    end(transaction, planned)

    pay_in(transaction, planned, calls["council"])

    assert statement_of(transaction, planned)["state"] == "ended"
    assert told(transaction, event_type="budget.budget_activated.v1") == []
    done = posted(transaction, planned, ground="ended")
    assert parts(done, transaction) == {
        "nhs": 50_00,
        "council": 50_00,
        "person": 0,
        "lowered": 0,
    }


def test_a_person_who_moves_takes_closing_figures_of_each_funder_with_them(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    ask(
        transaction,
        "report_financial_assessment",
        budget_id=str(planned.budget_id),
        weekly_contribution_pence=10_00,
        weeks=1,
    )
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])  # the council is the host, and advances
    pay_in(transaction, planned, calls["council"])
    bought = buy_on(transaction, planned, 30_00, at=TUESDAY_AT_TEN)
    spend(transaction, bought, 30_00)
    buy_on(transaction, planned, 8_00, at=TUESDAY_AT_TEN)

    answer = end(transaction, planned, reason="moved")

    nhs, council = calls["nhs"]["funder_id"], calls["council"]["funder_id"]
    assert closing(transaction, planned) == {
        nhs: {
            "paid_in_pence": 0,
            "promised_pence": 50_00,
            "spent_pence": 15_00,
            "held_pence": 4_00,
            "left_pence": 31_00,
            "overspent_pence": 0,
            "due_to_pence": 15_00,
            "due_from_pence": 0,
            "person_owes_pence": 0,
        },
        council: {
            "paid_in_pence": 40_00,
            "promised_pence": 0,
            "spent_pence": 15_00,
            "held_pence": 4_00,
            "left_pence": 31_00,
            "overspent_pence": 0,
            "due_to_pence": 0,
            "due_from_pence": 15_00,
            "person_owes_pence": 10_00,
        },
    }
    (event,) = told(transaction, event_type="budget.budget_ended.v1")
    assert event["reason"] == "moved"
    assert event["ends_on"] == "2026-11-24"
    assert event["funders"] == answer["result"]["funders"]
    assert len(event["funders"]) == 2


def test_a_budget_that_nobody_paid_into_ends_with_no_figures(transaction):
    planned = a_planned_budget(transaction, joint=100_00)

    assert end(transaction, planned)["result"]["funders"] == []
    assert propose(transaction, planned, ground="ended")["refusal"]["code"] == "nothing_to_repay"


# Refused, and not one row changed


def test_a_budget_ends_once(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    end(transaction, planned)
    before = unanswered(transaction)

    for reason in ("persons_wish", "died"):
        assert end(transaction, planned, reason=reason)["refusal"]["code"] == "already_ended"
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"ends_on": "2026-11-25", "reason": "died"}, "end_ahead"),
        ({"ends_on": "2026-11-24", "reason": "tired"}, "invalid_request"),
        ({"ends_on": "soon", "reason": "moved"}, "invalid_request"),
        ({"budget_id": str(uuid4()), "reason": "moved"}, "budget_not_found"),
    ],
)
def test_an_end_that_must_not_be_is_refused_and_nothing_is_written(transaction, request_, code):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    before = unanswered(transaction)

    request = of(planned, ends_on="2026-11-24") | request_
    assert do(transaction, "end_budget", **request)["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_no_shares_are_agreed_for_days_after_the_end(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    end(transaction, planned, ends_on="2026-12-01", reason="plan_ended")
    before = unanswered(transaction)

    later = (TUESDAY_AT_TEN + timedelta(weeks=1)).date().isoformat()
    refused = agree(transaction, planned, nhs_share=6_000, starts_on=later)["refusal"]

    assert refused["code"] == "budget_ended"
    assert unanswered(transaction) == before
    day_before = (TUESDAY_AT_TEN + timedelta(days=6)).date().isoformat()
    assert "result" in agree(transaction, planned, nhs_share=6_000, starts_on=day_before)


def test_a_plan_that_is_revised_after_the_end_calls_for_nothing(transaction):
    active = an_active_budget(transaction, joint=100_00)
    end(transaction, active)
    before = told(transaction, event_type="budget.contribution_called.v1")

    tell(transaction, a_plan(version=2, budget_id=active.budget_id, joint=150_00))

    assert told(transaction, event_type="budget.contribution_called.v1") == before
    (revised,) = told(transaction, event_type="budget.budget_revised.v1")
    assert (revised["version"], revised["total_pence"]) == (2, 150_00)


def test_shares_that_are_decided_after_the_end_call_for_nothing(transaction):
    disputed = a_planned_budget(transaction, joint=100_00)
    halves = agree(transaction, disputed, is_disputed=True, signatures=[])
    for call in called_by(halves).values():
        commit(transaction, disputed, call)
    a_day_later = TUESDAY_AT_TEN + timedelta(days=1)
    end(transaction, disputed, at=a_day_later, ends_on="2026-11-25")
    before = told(transaction, event_type="budget.contribution_called.v1")

    shares = an_agreement(disputed.budget_id, nhs_share=6_000)
    decided = ask(transaction, "record_agreement", at=a_day_later, **shares)

    assert decided["result"]["called"] == []
    assert told(transaction, event_type="budget.contribution_called.v1") == before


def test_a_budget_that_ended_before_it_began_never_becomes_active(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    end(transaction, planned)

    agreed = agree(transaction, planned, starts_on="2026-11-20")

    assert agreed["result"]["called"] == []
    assert told(transaction, event_type="budget.budget_activated.v1") == []


# Races


def test_a_purchase_and_the_end_at_once_leave_a_hold_or_a_refusal(transaction):
    for _ in range(6):
        planned, _ = a_funded_budget(transaction, joint=10_00)

        purchase, ended = all_at_once(
            [
                lambda planned=planned: buy_on(transaction, planned, 4_00, at=TUESDAY_AT_TEN),
                lambda planned=planned: end(transaction, planned),
            ]
        )

        (answer,) = told_about(transaction, purchase)
        held_pence = sum(one["held_pence"] for one in ended["result"]["funders"])
        if answer["type"] == "hold_placed":
            assert held_pence == 4_00
        else:
            assert (answer["code"], held_pence) == ("budget_ended", 0)


def test_of_many_ends_at_once_one_counts(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)

    answers = all_at_once([lambda: end(transaction, planned)] * AT_ONCE)

    codes = [answer["refusal"]["code"] for answer in answers if "refusal" in answer]
    assert codes == ["already_ended"] * (AT_ONCE - 1)
    assert len(told(transaction, event_type="budget.budget_ended.v1")) == 1
