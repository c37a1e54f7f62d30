"""A later version of the plan: what it costs more is called for, and what happened stays."""

import pytest

from shared.contracts.assessment.sign_off import ApprovedItem
from tests.integration.budget.budgets import (
    Planned,
    a_plan,
    a_purchase,
    agree,
    an_active_budget,
    ask,
    buy,
    called_by,
    everything,
    left_of,
    paid_by,
    pay_in,
    rows,
    spend,
    statement_of,
    tell,
    told,
    told_about,
)


def revised(transaction, active, *, version=2, keep=(), **pence_by_payer):
    """Tell of a later version of a plan; of the items named in ``keep`` it keeps the ids."""
    plan = a_plan(version=version, budget_id=active.budget_id, **pence_by_payer)
    items = [
        ApprovedItem(**{**vars_of(item), "item_id": active.item_ids[item.payer]})
        if item.payer in keep
        else item
        for item in plan.items
    ]
    plan = a_plan_with(plan, items)
    tell(transaction, plan)
    return Planned(budget_id=plan.budget_id, item_ids={item.payer: item.item_id for item in items})


def vars_of(item):
    return {name: getattr(item, name) for name in item.__slots__}


def a_plan_with(plan, items):
    fields = {name: getattr(plan, name) for name in plan.__slots__ if name != "items"}
    return type(plan)(
        **{"event_id": plan.event_id, "occurred_at": plan.occurred_at, **fields}, items=items
    )


def revisions(transaction):
    return told(transaction, event_type="budget.budget_revised.v1")


def outstanding(transaction, planned):
    return [
        one
        for one in statement_of(transaction, planned)["contributions"]
        if one["received_at"] is None
    ]


def test_what_a_plan_costs_more_is_called_for_in_the_agreed_shares(transaction):
    active = an_active_budget(transaction, nhs_share=6_000, joint=100_00)

    revised(transaction, active, keep=("joint",), joint=150_00)

    called = {one["funder_kind"]: one["amount_pence"] for one in outstanding(transaction, active)}
    assert called == {"nhs": 30_00, "council": 20_00}
    (event,) = revisions(transaction)
    assert (event["version"], event["total_pence"], event["gap_pence"]) == (2, 150_00, 0)


def test_care_goes_on_while_what_a_plan_costs_more_is_not_paid_in(transaction):
    active = an_active_budget(transaction, joint=100_00)
    newer = revised(transaction, active, keep=("joint",), joint=150_00)

    _, answer = buy(transaction, newer, 40_00)

    assert answer == "hold_placed"
    assert statement_of(transaction, active)["state"] == "active"


def test_a_hold_an_authorisation_and_a_capture_in_flight_stay_as_they_were_made(transaction):
    """One purchase is only held, one is half captured, one is captured; then the plan changes."""
    active = an_active_budget(transaction, nhs_share=6_000, joint=100_00)
    held, _ = buy(transaction, active, 10_00)
    half, _ = buy(transaction, active, 10_00)
    spend(transaction, half, 4_00, held_pence=6_00)
    captured, _ = buy(transaction, active, 10_00)
    spend(transaction, captured, 10_00)
    before = rows(transaction, "SELECT * FROM hold_portions ORDER BY purchase_id, funder_id")

    revised(transaction, active, joint=60_00)

    assert before == rows(
        transaction, "SELECT * FROM hold_portions ORDER BY purchase_id, funder_id"
    )
    spend(transaction, held, 10_00)
    spend(transaction, half, 10_00, version=2)
    spend(transaction, captured, 5_00, version=2)
    spent = rows(
        transaction,
        "SELECT f.kind, sum(posted_pence)::bigint FROM hold_portions"
        " JOIN funders AS f USING (funder_id) GROUP BY f.kind ORDER BY f.kind",
    )
    assert spent == [("council", 10_00), ("nhs", 15_00)]


def test_what_the_plan_has_no_longer_is_not_bought_any_more(transaction):
    active = an_active_budget(transaction, joint=100_00)
    newer = revised(transaction, active, joint=100_00)

    old, _ = buy(transaction, active, 1_00)
    new, answer = buy(transaction, newer, 1_00)

    assert told_about(transaction, old)[-1]["code"] == "item_not_in_plan"
    assert answer == "hold_placed"
    assert new.item_id != old.item_id


def test_what_the_plan_has_no_longer_is_not_kept_of_what_is_left_over(transaction):
    active = an_active_budget(transaction, joint=100_00)
    revised(transaction, active, joint=60_00)

    asked = {"budget_id": str(active.budget_id), "on": "2026-11-24", "allowance_weeks": 0}
    found = ask(transaction, "find_surplus", **asked)["result"]

    assert [one["committed_pence"] for one in found["funders"]] == [30_00, 30_00]
    assert found["total_pence"] == 40_00


def test_a_plan_that_costs_less_than_was_spent_and_held_undoes_nothing_and_tells_the_gap(
    transaction,
):
    active = an_active_budget(transaction, joint=100_00)
    purchase, _ = buy(transaction, active, 60_00)
    spend(transaction, purchase, 60_00)
    buy(transaction, active, 20_00)

    newer = revised(transaction, active, keep=("joint",), joint=50_00)

    (event,) = revisions(transaction)
    assert (event["total_pence"], event["used_pence"], event["gap_pence"]) == (50_00, 80_00, 30_00)
    assert left_of(transaction, active) == {"nhs": 10_00, "council": 10_00}
    assert outstanding(transaction, active) == []
    assert paid_by(transaction, newer) == {"nhs": (10_00, 30_00), "council": (10_00, 30_00)}


def test_versions_may_come_in_any_order_and_again(transaction):
    first = a_plan(joint=100_00)
    second = a_plan(version=2, budget_id=first.budget_id, joint=200_00)
    for plan in (second, first, second):
        tell(transaction, plan)

    assert rows(transaction, "SELECT plan_version, total_pence FROM budgets") == [(2, 200_00)]
    assert rows(transaction, "SELECT version FROM budget_versions") == [(2,)]
    planned = Planned(budget_id=first.budget_id, item_ids={})
    assert {
        kind: call["amount_pence"] for kind, call in called_by(agree(transaction, planned)).items()
    } == {"nhs": 100_00, "council": 100_00}


def test_a_version_that_is_told_again_changes_nothing(transaction):
    active = an_active_budget(transaction, joint=100_00)
    plan = a_plan(version=2, budget_id=active.budget_id, joint=120_00)
    tell(transaction, plan)
    before = everything(transaction, apart_from=("inbox",))

    tell(transaction, a_plan(version=2, budget_id=active.budget_id, joint=999_00))

    assert everything(transaction, apart_from=("inbox",)) == before


def test_what_only_one_partner_can_pay_needs_no_new_agreement(transaction):
    active = an_active_budget(transaction, joint=100_00)

    newer = revised(transaction, active, keep=("joint",), joint=100_00, nhs=30_00)

    (call,) = outstanding(transaction, active)
    assert (call["funder_kind"], call["amount_pence"]) == ("nhs", 30_00)
    contribution_id = rows(
        transaction, "SELECT contribution_id FROM contributions WHERE received_at IS NULL"
    )[0][0]
    pay_in(transaction, active, {**call, "contribution_id": str(contribution_id)})
    purchase, answer = buy(transaction, newer, 30_00, payer="nhs")
    assert answer == "hold_placed"
    assert told_about(transaction, purchase)[-1]["available_pence"] == 100_00


@pytest.mark.parametrize("amount_pence", [100_01, 150_00])
def test_no_item_takes_what_the_plan_commits_to_another(transaction, amount_pence):
    active = an_active_budget(transaction, nhs_share=10_000, joint=100_00, nhs=100_00)
    before = everything(transaction, apart_from=("inbox", "outbox", "refused_holds"))

    purchase, _ = buy(transaction, active, amount_pence)

    (refused,) = told_about(transaction, purchase)
    assert refused["code"] == "commitment_exceeded"
    assert everything(transaction, apart_from=("inbox", "outbox", "refused_holds")) == before


def test_money_that_is_committed_to_nothing_can_be_spent_on_any_item(transaction):
    active = an_active_budget(transaction, nhs_share=10_000, joint=100_00, nhs=100_00)
    newer = revised(transaction, active, keep=("joint",), joint=100_00)  # 100.00 are free now

    _, answer = buy(transaction, newer, 150_00)

    assert answer == "hold_placed"
    again = a_purchase(newer, 50_01)
    tell(transaction, again)
    assert told_about(transaction, again)[-1]["code"] == "insufficient_funds"
    assert ask(transaction, "totals")["result"]["ledger"]["balances_match_postings"] is True
