"""What is left over goes back to whose it is: with notice, reconsidered, once, and no more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.factories import TUESDAY_AT_TEN
from tests.integration.budget.budgets import (
    POOL,
    a_plan,
    a_planned_budget,
    agree,
    buy,
    called_by,
    commit,
    everything,
    left_of,
    pay_in,
    rows,
    spend,
    statement_of,
    tell,
    told,
    unanswered,
)
from tests.integration.budget.repayments import (
    AFTER_NOTICE,
    ALL_OF_IT,
    DECIDER,
    PROPOSER,
    a_funded_budget,
    account,
    buy_on,
    confirmed,
    do,
    notified,
    of,
    on,
    parts,
    posted,
    propose,
    proposed,
)
from tests.integration.racing import AT_ONCE, all_at_once

pytestmark = pytest.mark.usefixtures("verified")


def pay_for(transaction, planned, call, pounds):
    return pay_in(
        transaction, planned, call, amount_pence=pounds * 100, bank_reference=f"BACS {uuid4()}"
    )


def answered(transaction, planned):
    (one,) = do(transaction, "repayments", **of(planned))["result"]
    return one


# The worked example: three weeks' notice, and a reconsideration that reduces it


def test_a_surplus_with_three_weeks_notice_and_a_reconsideration_to_the_penny(transaction):
    # A year's plan of 5,200.00, of which the NHS pays 60 % and the council 40 %:
    #   NHS 3,120.00; council 2,080.00, of which the person pays 5.00 in each of 52 weeks: 260.00.
    planned, calls = a_funded_budget(
        transaction, nhs_share=6_000, weekly_pence=5_00, weeks=52, joint=5_200_00
    )
    assert {kind: call["amount_pence"] for kind, call in calls.items()} == {
        "nhs": 3_120_00,
        "council": 1_820_00,
        "person": 260_00,
    }
    pay_for(transaction, planned, calls["person"], 240)  # 20.00 are still owed
    # 1,000.01 is spent: 600.006 and 400.004, so the odd penny is the NHS's: 600.01 and 400.00.
    # 100.00 is held: 60.00 and 40.00.
    bought, _ = buy(transaction, planned, 1_000_01)
    spend(transaction, bought, 1_000_01)
    buy(transaction, planned, 100_00)
    terms = {"committed_pence": 2_000_00, "contingency_pence": 200_00}

    found = do(transaction, "find_surplus", on="2026-11-24", **of(planned, **terms))["result"]

    # What stays: 2,000.00 and 200.00 are shared as the plan is, 1,200.00 + 800.00 and
    # 120.00 + 80.00; eight of 52 weeks are 480.00 of the NHS's 3,120.00 and 320.00 of 2,080.00.
    council, nhs = found["funders"]
    assert nhs == {
        "funder_id": nhs["funder_id"],
        "funder_kind": "nhs",
        "available_pence": 2_519_99,
        "held_pence": 60_00,
        "overspent_pence": 0,
        "committed_pence": 1_200_00,
        "contingency_pence": 120_00,
        "allowance_pence": 480_00,
        "surplus_pence": 659_99,
        "to_funder_pence": 659_99,
        "to_person_pence": 0,
        "charge_lowered_pence": 0,
        "not_come_in_pence": 0,
        "unallocated_pence": 0,
    }
    # Council: 2,080.00 - 400.00 - 40.00 - 800.00 - 80.00 - 320.00 = 440.00. Of what came into its
    # book the person's 260.00 are an eighth: 55.00 of it is theirs. They owe 20.00 of it no more,
    # and get 35.00 back; 385.00 is the council's.
    assert council["surplus_pence"] == 440_00
    assert council["to_funder_pence"] == 385_00
    assert council["charge_lowered_pence"] == 20_00
    assert council["to_person_pence"] == 35_00
    assert found["total_pence"] == 1_099_99
    assert found["has_ended"] is False

    known = proposed(transaction, planned, allowance_weeks=8, **terms)
    notice = do(transaction, "notify_repayment", notice_weeks=3, **known)
    assert notice["result"]["notice_ends_on"] == "2026-12-15"
    do(transaction, "request_reconsideration", at=on(2026, 12, 1), asked_by="person", **known)

    # Nothing goes on while it is reconsidered, not even after the notice.
    too_soon = do(transaction, "confirm_repayment", at=on(2026, 12, 16), **known)
    assert too_soon["refusal"]["code"] == "reconsideration_open"

    decided = do(
        transaction,
        "decide_reconsideration",
        at=on(2026, 12, 8),
        outcome="reduced",
        amount_pence=800_00,
        **known,
    )
    # 800.00 of 1,099.99, each part in proportion, pence rounded down, the odd penny to the
    # largest remainder:
    #   NHS     65,999 x 80,000 / 109,999 = 47,999.7…  -> 48,000
    #   council 38,500 x 80,000 / 109,999 = 28,000.2…  -> 28,000
    #   person   5,500 x 80,000 / 109,999 =  4,000.03… ->  4,000, of which they owe 2,000 no more
    assert parts(decided, transaction) == {
        "nhs": 480_00,
        "council": 280_00,
        "person": 20_00,
        "lowered": 20_00,
    }

    day_before = do(transaction, "confirm_repayment", at=on(2026, 12, 14), **known)
    assert day_before["refusal"]["code"] == "notice_not_expired"
    do(transaction, "confirm_repayment", at=on(2026, 12, 15, hour=0), **known)
    done = do(transaction, "post_repayment", at=on(2026, 12, 15), **known)

    assert done["result"]["state"] == "posted"
    assert done["result"]["amount_pence"] == 800_00
    # NHS: 2,519.99 - 480.00; council: 1,680.00 - 280.00 - 40.00; both less what is held.
    assert left_of(transaction, planned) == {"nhs": 1_979_99, "council": 1_320_00}
    assert account(transaction, planned, "nhs", "repaid") == 480_00
    assert account(transaction, planned, "council", "repaid") == 280_00
    assert account(transaction, planned, "person", "contributed") == -(240_00 - 20_00)
    assert account(transaction, planned, "council", "charged") == -(240_00 - 20_00)
    assert account(transaction, planned, "council", "charge_due") == 0
    asked = {
        one["funder_kind"]: one["amount_pence"]
        for one in statement_of(transaction, planned)["contributions"]
    }
    assert asked["person"] == 260_00 - 20_00
    assert [step["state"] for step in answered(transaction, planned)["steps"]] == [
        "proposed",
        "notified",
        "reconsidering",
        "decided",
        "confirmed",
        "posted",
    ]


def test_whoever_is_told_of_it_hears_what_the_law_wants_them_to_hear(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = proposed(transaction, planned)

    do(transaction, "notify_repayment", payable_on="2027-01-04", paid_by="person", **known)
    do(transaction, "request_reconsideration", asked_by="person", **known)
    do(transaction, "decide_reconsideration", outcome="upheld", **known)
    do(transaction, "confirm_repayment", at=AFTER_NOTICE, **known)
    do(transaction, "post_repayment", at=AFTER_NOTICE, **known)

    notice, decision, booked = told(transaction, subject=f"repayment/{known['repayment_id']}")
    assert notice["type"] == "repayment_notified"
    assert notice["addressee"] == "person"
    assert notice["ground"] == "accumulated"
    assert notice["reason"] == "You have more than eight weeks of your budget left."
    assert notice["amount_pence"] == 100_00
    assert notice["notice_ends_on"] == "2026-12-22"
    assert notice["payable_on"] == "2027-01-04"
    assert notice["paid_by"] == "person"
    assert notice["manner"] == "bank_transfer"
    assert (decision["type"], decision["outcome"]) == ("repayment_reconsidered", "upheld")
    assert decision["amount_pence"] == 100_00
    assert (booked["type"], booked["available_pence"]) == ("repayment_posted", 0)
    assert [notice["version"], decision["version"], booked["version"]] == [2, 4, 6]


# Whose money it is


def test_until_it_is_said_what_the_plan_still_costs_all_that_is_planned_stays(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00, nhs=30_00)
    bought, _ = buy(transaction, planned, 40_00)
    spend(transaction, bought, 25_00)  # 75.00 of it is neither spent nor held

    asked = of(planned, allowance_weeks=0)
    found = do(transaction, "find_surplus", on="2026-11-24", **asked)["result"]

    committed = {one["funder_kind"]: one["committed_pence"] for one in found["funders"]}
    assert committed == {"nhs": 37_50 + 30_00, "council": 37_50}
    assert found["total_pence"] == 0


def test_nothing_is_kept_for_what_the_plan_has_no_longer(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00, nhs=30_00)
    later = a_plan(version=2, budget_id=planned.budget_id, joint=40_00)
    tell(transaction, later)

    asked = of(planned, allowance_weeks=0)
    found = do(transaction, "find_surplus", on="2026-11-24", **asked)["result"]

    committed = {one["funder_kind"]: one["committed_pence"] for one in found["funders"]}
    assert committed == {"nhs": 20_00, "council": 20_00}
    assert found["total_pence"] == 90_00


def test_what_an_item_cost_beyond_its_plan_makes_no_other_cheaper(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00, nhs=30_00)
    bought, _ = buy(transaction, planned, 30_00, payer="nhs")
    spend(transaction, bought, 50_00)

    asked = of(planned, allowance_weeks=0)
    found = do(transaction, "find_surplus", on="2026-11-24", **asked)["result"]

    committed = {one["funder_kind"]: one["committed_pence"] for one in found["funders"]}
    assert committed == {"nhs": 50_00, "council": 50_00}
    assert found["total_pence"] == 0


def test_what_is_only_promised_is_not_paid_back(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    calls = called_by(agree(transaction, planned))
    pay_in(transaction, planned, calls["nhs"])
    commit(transaction, planned, calls["council"])

    assert parts(posted(transaction, planned), transaction) == {
        "nhs": 50_00,
        "person": 0,
        "lowered": 0,
    }
    assert left_of(transaction, planned) == {"nhs": 0, "council": 50_00}


def test_care_that_is_free_has_no_persons_part(transaction):
    planned, _ = a_funded_budget(
        transaction, weekly_pence=5_00, weeks=2, legal_basis="section_117", joint=100_00
    )

    assert parts(posted(transaction, planned), transaction) == {
        "nhs": 50_00,
        "council": 50_00,
        "person": 0,
        "lowered": 0,
    }


def test_a_charge_for_money_that_is_never_spent_is_taken_back_whole(transaction):
    planned, _ = a_funded_budget(transaction, weekly_pence=5_00, weeks=2, joint=100_00)

    done = posted(transaction, planned)

    # The council paid 40.00 and let the person's 10.00 be spent; nothing was.
    assert parts(done, transaction) == {
        "nhs": 50_00,
        "council": 40_00,
        "person": 0,
        "lowered": 10_00,
    }
    assert account(transaction, planned, "council", "charge_due") == 0
    (persons,) = (
        one
        for one in statement_of(transaction, planned)["contributions"]
        if one["funder_kind"] == "person"
    )
    assert (persons["amount_pence"], persons["received_pence"]) == (0, 0)


def test_what_the_person_owes_and_has_not_paid_is_not_paid_back_to_the_council(transaction):
    planned, calls = a_funded_budget(transaction, weekly_pence=50_00, weeks=1, joint=100_00)
    bought, _ = buy(transaction, planned, 60_00)
    spend(transaction, bought, 60_00)  # the council's 30.00 of it are all the person's to pay

    # The council has paid in nothing. 20.00 of the charge are for what was not spent.
    assert parts(posted(transaction, planned), transaction) == {
        "nhs": 20_00,
        "council": 0,
        "person": 0,
        "lowered": 20_00,
    }
    assert account(transaction, planned, "council", "charge_due") == -30_00
    assert calls.keys() == {"nhs", "person"}


def test_what_the_person_pays_after_the_notice_comes_back_instead_of_being_lowered(transaction):
    planned, calls = a_funded_budget(transaction, weekly_pence=10_00, weeks=1, joint=100_00)
    known = confirmed(transaction, planned)
    pay_for(transaction, planned, calls["person"], 7)

    done = do(transaction, "post_repayment", at=AFTER_NOTICE, **known)

    assert parts(done, transaction) == {
        "nhs": 50_00,
        "council": 40_00,
        "person": 7_00,
        "lowered": 3_00,
    }
    assert account(transaction, planned, "person", "contributed") == 0


def test_a_second_repayment_gives_the_person_their_part_of_all_that_was_left_over(transaction):
    # 33.33 of the council's 100.00 are the person's: a third, less a fraction of a penny.
    planned, calls = a_funded_budget(transaction, weekly_pence=33_33, weeks=1, council=100_00)
    pay_in(transaction, planned, calls["person"])
    bought, _ = buy(transaction, planned, 50_00, payer="council")

    first = posted(transaction, planned)
    spend(transaction, bought, 0)
    second = posted(transaction, planned, at=AFTER_NOTICE)

    # 50.00 x 0.3333 = 16.665; the odd penny is the council's, whose part is larger. Then the rest
    # of all: 33.33 - 16.66.
    assert parts(first, transaction)["person"] == 16_66
    assert parts(second, transaction)["person"] == 16_67
    assert account(transaction, planned, "person", "contributed") == 0
    assert account(transaction, planned, "council", "repaid") == 66_67


# Once, and never more than there is


def test_posting_twice_books_once(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = confirmed(transaction, planned)

    first = do(transaction, "post_repayment", at=AFTER_NOTICE, **known)
    after_the_first = unanswered(transaction)

    assert do(transaction, "post_repayment", at=AFTER_NOTICE, **known) == first
    assert unanswered(transaction) == after_the_first


def test_proposing_twice_is_one_proposal(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    repayment_id = uuid4()

    first = propose(transaction, planned, repayment_id=repayment_id)
    after_the_first = unanswered(transaction)

    assert propose(transaction, planned, repayment_id=repayment_id) == first
    assert unanswered(transaction) == after_the_first


def test_what_was_spent_meanwhile_is_never_taken(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = confirmed(transaction, planned)
    buy_on(transaction, planned, 2, at=AFTER_NOTICE)
    before = unanswered(transaction)

    refused = do(transaction, "post_repayment", at=AFTER_NOTICE, **known)["refusal"]

    assert refused["code"] == "exceeds_surplus"
    assert refused["details"] == {"asked_pence": 50_00, "surplus_pence": 49_99}
    assert unanswered(transaction) == before

    # The way out: withdraw it, and propose what is there now.
    do(transaction, "withdraw_repayment", at=AFTER_NOTICE, **known)
    assert posted(transaction, planned, at=AFTER_NOTICE)["result"]["amount_pence"] == 99_98


def test_less_than_all_may_be_asked_for_and_then_the_rest(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)

    assert parts(posted(transaction, planned, amount_pence=30_00), transaction) == {
        "nhs": 15_00,
        "council": 15_00,
        "person": 0,
        "lowered": 0,
    }
    rest = posted(transaction, planned, at=AFTER_NOTICE, amount_pence=70_00)
    assert rest["result"]["amount_pence"] == 70_00


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_a_repayment_may_be_withdrawn_at_any_time_before_it_is_posted(transaction, steps):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    take = [proposed, notified, reconsidering, confirmed][steps]
    known = take(transaction, planned)

    withdrawn = do(transaction, "withdraw_repayment", **known)

    assert withdrawn["result"]["state"] == "withdrawn"
    events = [event["type"] for event in told(transaction, subject=subject(known))]
    assert ("repayment_withdrawn" in events) is (steps > 0)  # whoever had no notice hears nothing
    assert left_of(transaction, planned) == {"nhs": 50_00, "council": 50_00}
    proposed(transaction, planned)


def test_a_reconsideration_may_end_in_withdrawal(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = reconsidering(transaction, planned)

    do(transaction, "decide_reconsideration", outcome="withdrawn", **known)

    assert answered(transaction, planned)["state"] == "withdrawn"
    assert told(transaction, subject=subject(known))[-1]["amount_pence"] == 0


def subject(known):
    return f"repayment/{known['repayment_id']}"


def reconsidering(transaction, planned):
    known = notified(transaction, planned)
    do(transaction, "request_reconsideration", asked_by="person", **known)
    return known


def decided(transaction, planned):
    known = reconsidering(transaction, planned)
    do(transaction, "decide_reconsideration", outcome="upheld", **known)
    return known


def already_posted(transaction, planned):
    known = confirmed(transaction, planned)
    do(transaction, "post_repayment", at=AFTER_NOTICE, **known)
    return known


def withdrawn(transaction, planned):
    known = proposed(transaction, planned)
    do(transaction, "withdraw_repayment", **known)
    return known


# Refused, and not one row changed

ASK = ("request_reconsideration", {"asked_by": "representative"})
DECIDE = ("decide_reconsideration", {"outcome": "upheld"})
NOTIFY, CONFIRM, POST, WITHDRAW = (
    (f"{verb}_repayment", {}) for verb in ("notify", "confirm", "post", "withdraw")
)
WRONG_ORDER = [
    (proposed, [ASK, DECIDE, CONFIRM, POST], "repayment_not_notified"),
    (notified, [NOTIFY, DECIDE, POST], "repayment_not_confirmed"),
    (reconsidering, [NOTIFY, ASK, CONFIRM, POST], "reconsideration_open"),
    (decided, [NOTIFY, ASK, DECIDE, POST], "reconsideration_decided"),
    (confirmed, [NOTIFY, ASK, DECIDE, CONFIRM], "repayment_confirmed"),
    (already_posted, [NOTIFY, ASK, DECIDE, CONFIRM, WITHDRAW], "repayment_posted"),
    (withdrawn, [NOTIFY, ASK, DECIDE, CONFIRM, POST, WITHDRAW], "repayment_withdrawn"),
]


@pytest.mark.parametrize(("reached", "steps", "code"), WRONG_ORDER)
def test_steps_out_of_order_are_refused_with_what_comes_next(transaction, reached, steps, code):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = reached(transaction, planned)
    before = unanswered(transaction)

    for operation, fields in steps:
        refusal = do(transaction, operation, at=AFTER_NOTICE, **known, **fields)["refusal"]
        assert refusal["code"] == code
        assert refusal["next_step"]
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"amount_pence": 100_01}, "exceeds_surplus"),
        ({"committed_pence": 99_99, "allowance_weeks": 53}, "nothing_to_repay"),
        ({"contingency_pence": 100_00}, "nothing_to_repay"),
        ({"ground": "died"}, "ground_not_so"),
        ({"ground": "ended"}, "ground_not_so"),
        ({"ground": "because"}, "invalid_request"),
        ({"reason": ""}, "invalid_request"),
        ({"amount_pence": 0}, "invalid_request"),
        ({"amount_pence": 10.0}, "invalid_request"),
        ({"committed_pence": -1}, "invalid_request"),
        ({"allowance_weeks": 54}, "invalid_request"),
        ({"plan_weeks": 0}, "invalid_request"),
        ({"budget_id": str(uuid4())}, "budget_not_found"),
    ],
)
def test_a_proposal_that_must_not_be_is_refused_and_nothing_is_written(transaction, request_, code):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    before = unanswered(transaction)

    assert propose(transaction, planned, **request_)["refusal"]["code"] == code
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"notice_weeks": 1}, "notice_too_short"),
        ({"notice_weeks": 0}, "notice_too_short"),
        ({"notice_weeks": 3, "payable_on": "2026-12-14"}, "notice_too_short"),
        ({"notice_weeks": -1}, "invalid_request"),
        ({"paid_by": "nobody"}, "invalid_request"),
        ({"repayment_id": str(uuid4())}, "repayment_not_found"),
    ],
)
def test_a_notice_that_must_not_be_is_refused_and_nothing_is_written(transaction, request_, code):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = proposed(transaction, planned)
    before = unanswered(transaction)

    answer = do(transaction, "notify_repayment", **(known | request_))

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"outcome": "reduced", "amount_pence": 100_00}, "not_reduced"),
        ({"outcome": "reduced", "amount_pence": 200_00}, "not_reduced"),
        ({"outcome": "reduced"}, "invalid_request"),
        ({"outcome": "upheld", "amount_pence": 50_00}, "invalid_request"),
        ({"outcome": "reduced", "amount_pence": 0}, "invalid_request"),
        ({}, "invalid_request"),
    ],
)
def test_a_decision_that_decides_nothing_is_refused_and_nothing_is_written(
    transaction, request_, code
):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = reconsidering(transaction, planned)
    before = unanswered(transaction)

    answer = do(transaction, "decide_reconsideration", **(known | request_))

    assert answer["refusal"]["code"] == code
    assert unanswered(transaction) == before


def test_whoever_proposed_a_repayment_does_not_decide_when_somebody_objects(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = reconsidering(transaction, planned)
    before = unanswered(transaction)
    own = {"decided_by": PROPOSER, "outcome": "upheld"}

    answer = do(transaction, "decide_reconsideration", **known, **own)

    assert answer["refusal"]["code"] == "same_person"
    assert unanswered(transaction) == before
    another = do(transaction, "decide_reconsideration", **(known | own | {"decided_by": DECIDER}))
    assert another["result"]["state"] == "decided"


def test_another_budgets_repayment_is_not_found(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    other, _ = a_funded_budget(transaction, joint=100_00)
    known = confirmed(transaction, planned)
    before = unanswered(transaction)

    for operation, fields in (NOTIFY, ASK, DECIDE, CONFIRM, POST, WITHDRAW):
        answer = do(transaction, operation, at=AFTER_NOTICE, **(known | of(other)), **fields)
        assert answer["refusal"]["code"] == "repayment_not_found"
    reused = propose(transaction, other, repayment_id=known["repayment_id"])
    assert reused["refusal"]["code"] == "id_reused"
    assert unanswered(transaction) == before


def test_a_second_repayment_waits_until_the_first_is_over(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    proposed(transaction, planned, amount_pence=1_00)
    before = unanswered(transaction)

    assert propose(transaction, planned)["refusal"]["code"] == "repayment_open"
    assert unanswered(transaction) == before


def test_what_cannot_be_found_is_said_to_be_nowhere(transaction):
    nowhere = {"budget_id": str(uuid4())}

    for query in ("find_surplus", "repayments", "closing_statement"):
        fields = {"on": "2026-11-24"} if query == "find_surplus" else {}
        answer = do(transaction, query, **nowhere, **fields)
        assert answer["refusal"]["code"] == "budget_not_found"


def test_looking_for_a_surplus_changes_nothing(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    before = everything(transaction)

    do(transaction, "find_surplus", on="2026-11-24", **of(planned, **ALL_OF_IT))
    do(transaction, "repayments", **of(planned))

    assert everything(transaction) == before


def test_nothing_goes_back_on_a_day_for_which_the_books_are_closing(transaction, owners):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = confirmed(transaction, planned)
    with owners("budget").begin() as connection:
        closed = "INSERT INTO periods VALUES (:id, :pool, '2026-12-01', '2027-01-01', 'closing')"
        connection.execute(text(closed), {"id": uuid4(), "pool": POOL})
    before = unanswered(transaction)

    refused = do(transaction, "post_repayment", at=AFTER_NOTICE, **known)["refusal"]

    assert refused["code"] == "period_closed"
    assert unanswered(transaction) == before


# Races


def test_a_purchase_and_a_repayment_at_once_do_not_take_the_same_penny(transaction):
    for _ in range(6):
        planned, _ = a_funded_budget(transaction, joint=10_00)
        known = confirmed(transaction, planned)

        purchase, answer = all_at_once(
            [
                lambda planned=planned: buy_on(transaction, planned, 10_00, at=AFTER_NOTICE),
                lambda known=known: do(transaction, "post_repayment", at=AFTER_NOTICE, **known),
            ]
        )

        (bought,) = told(transaction, subject=f"purchase/{purchase.purchase_id}")
        is_repaid = "result" in answer
        assert bought["type"] == ("hold_refused" if is_repaid else "hold_placed")
        assert is_repaid or answer["refusal"]["code"] == "exceeds_surplus"
        assert left_of(transaction, planned) == {"nhs": 0, "council": 0}


def test_many_postings_at_once_book_one_repayment(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = confirmed(transaction, planned)

    answers = all_at_once(
        [lambda: do(transaction, "post_repayment", at=AFTER_NOTICE, **known)] * AT_ONCE
    )

    assert answers == [answers[0]] * AT_ONCE
    assert answers[0]["result"]["state"] == "posted"
    assert rows(transaction, "SELECT count(*) FROM journals WHERE kind = 'repayment'") == [(1,)]


def test_of_many_proposals_at_once_one_is_on_its_way(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)

    answers = all_at_once([lambda: propose(transaction, planned)] * AT_ONCE)

    codes = [answer["refusal"]["code"] for answer in answers if "refusal" in answer]
    assert codes == ["repayment_open"] * (AT_ONCE - 1)


def test_whoever_withdraws_while_somebody_posts_is_too_late_or_in_time(transaction):
    for _ in range(6):
        planned, _ = a_funded_budget(transaction, joint=100_00)
        known = confirmed(transaction, planned)

        posting, withdrawing = all_at_once(
            [
                lambda known=known: do(transaction, "post_repayment", at=AFTER_NOTICE, **known),
                lambda known=known: do(transaction, "withdraw_repayment", **known),
            ]
        )

        refused = [answer for answer in (posting, withdrawing) if "refusal" in answer]
        assert [answer["refusal"]["code"] for answer in refused] in (
            ["repayment_posted"],
            ["repayment_withdrawn"],
        )


def test_whoever_pays_while_it_is_posted_gets_it_back_or_is_told_that_they_owe_less(transaction):
    for _ in range(6):
        planned, calls = a_funded_budget(transaction, weekly_pence=10_00, weeks=1, joint=100_00)
        known = confirmed(transaction, planned)

        done, paid = all_at_once(
            [
                lambda known=known: do(transaction, "post_repayment", at=AFTER_NOTICE, **known),
                lambda planned=planned, calls=calls: pay_in(transaction, planned, calls["person"]),
            ]
        )

        was_paid_first = "result" in paid
        assert parts(done, transaction)["person"] == (10_00 if was_paid_first else 0)
        assert parts(done, transaction)["lowered"] == (0 if was_paid_first else 10_00)
        assert account(transaction, planned, "person", "contributed") == 0


# History


@pytest.mark.parametrize("table", ["repayment_steps", "budget_endings"])
@pytest.mark.parametrize("change", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_the_service_cannot_rewrite_who_took_which_step(transaction, table, change):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    proposed(transaction, planned)
    do(transaction, "end_budget", ends_on="2026-11-24", reason="moved", **of(planned))

    with pytest.raises(DBAPIError, match="permission denied"), transaction() as session:
        session.execute(text(change.format(table)))


def test_books_that_are_older_than_repayments_get_the_account_for_them(transaction, owners):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    with owners("budget").begin() as connection:
        connection.execute(text("ALTER TABLE accounts DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM accounts WHERE kind = 'repaid'"))
        connection.execute(text("ALTER TABLE accounts ENABLE TRIGGER USER"))

    posted(transaction, planned)

    assert account(transaction, planned, "nhs", "repaid") == 50_00


def test_a_notice_takes_longer_than_the_night_in_london(transaction):
    planned, _ = a_funded_budget(transaction, joint=100_00)
    known = notified(transaction, planned)
    last_minute = AFTER_NOTICE.replace(hour=0) - timedelta(minutes=1)

    refused = do(transaction, "confirm_repayment", at=last_minute, **known)["refusal"]

    assert refused["code"] == "notice_not_expired"
    assert refused["details"] == {"ends_on": "2026-12-22"}
    assert TUESDAY_AT_TEN + timedelta(weeks=4) == AFTER_NOTICE
