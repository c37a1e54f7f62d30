"""A purchase in parts is one: what a broker asked for like it lately counts against the limit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.payments.approvals.commands import AmendPurchase, DecideOnPurchase
from services.payments.approvals.handlers import amend_purchase, decide_on_purchase
from services.payments.approvals.models import ApprovalDecision
from services.payments.approvals.payees import link_payee
from services.payments.approvals.rules import Decision
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase
from services.payments.holds.handlers import cancel_purchase
from services.payments.limits.rules import NobodyMayApproveError, NotAllowedToApproveError
from services.payments.overview import queries
from services.payments.payees.commands import LinkPayee
from services.payments.payees.handlers import add_payee
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
from shared import clock
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

A_PENNY_UNDER = 499_99
ASKED, WAITS = PurchaseState.REQUESTED, PurchaseState.AWAITING_APPROVAL


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    offset = clock.offset_seconds_to(TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def coordinator_id():
    return uuid4()


@pytest.fixture
def manager_id():
    return uuid4()


@pytest.fixture
def other_broker_id():
    return uuid4()


@pytest.fixture
def plan_of(known_plan, coordinator_id, manager_id, other_broker_id):
    """Let a plan arrive with two who may approve, and two brokers."""

    def arrive(*items, **changed):
        items = items or [facts.an_item(unit_cost_pence=20_000_00, occurrences=50, **changed)]
        return known_plan(
            *items,
            colleagues=[
                facts.a_member(coordinator_id, role="care_coordinator"),
                facts.a_member(manager_id, role="team_manager"),
                facts.a_member(other_broker_id),
            ],
        )

    return arrive


@pytest.fixture
def buy(ask, carry_out):
    """Ask for a purchase, some days later; returns its id and state."""

    def request(plan, amount_pence=A_PENNY_UNDER, *, days=0, item=0, **changed):
        command = ask(plan, amount_pence=amount_pence, item_id=plan.items[item].item_id, **changed)
        trace = a_trace(at=TUESDAY_AT_TEN + timedelta(days=days))
        return command.purchase_id, carry_out(request_purchase, command, trace=trace)["state"]

    return request


@pytest.fixture
def decide(carry_out, coordinator_id):
    def decide_one(purchase_id, decision=Decision.APPROVED, *, by=None):
        command = DecideOnPurchase(
            purchase_id=purchase_id,
            decision=decision,
            decided_by=by or coordinator_id,
            reason="I looked at it",
        )
        return carry_out(decide_on_purchase, command)["state"]

    return decide_one


def test_purchases_a_penny_under_the_limit_pass_it_together_and_wait(
    *, plan_of, buy, told, transaction, errands, hear
):
    plan = plan_of()
    _, first = buy(plan)
    second_id, second = buy(plan)

    assert (first, second) == (ASKED, WAITS)
    (wanted,) = told("purchase_approval_wanted")
    assert (wanted["amount_pence"], wanted["counted_pence"]) == (A_PENNY_UNDER, 999_98)
    assert wanted["role"] == "care_coordinator"
    hear(holds.hold_placed, facts.placed(second_id, held_pence=A_PENNY_UNDER))
    assert errands("issue_card") == []
    with transaction() as session:
        shown = queries.purchase(second_id, session=session)
    assert shown["waits_for"]["code"] == "approval_wanted"
    assert "£999.98" in shown["waits_for"]["reason"]
    assert shown["waits_for"]["details"] == {
        "amount_pence": A_PENNY_UNDER,
        "counted_pence": 999_98,
        "asks_up_to_pence": 500_00,
        "counts_for_days": 30,
    }


def test_up_to_the_limit_in_parts_nobody_is_asked(plan_of, buy):
    plan = plan_of()

    assert [buy(plan, 250_00)[1] for _ in range(3)] == [ASKED, ASKED, WAITS]


def test_whoever_approves_needs_a_limit_for_the_sum(
    *, plan_of, buy, decide, manager_id, coordinator_id, transaction
):
    plan = plan_of()
    purchase_ids = [buy(plan)[0] for _ in range(3)]
    decide(purchase_ids[1])

    with pytest.raises(NotAllowedToApproveError) as refused:
        decide(purchase_ids[2])
    assert refused.value.details == {"counted_pence": 1_499_97}
    assert decide(purchase_ids[2], by=manager_id) == ASKED

    with transaction() as session:
        kept = session.get_one(ApprovalDecision, (purchase_ids[2], 1))
        assert (kept.amount_pence, kept.counted_pence) == (A_PENNY_UNDER, 1_499_97)


def test_what_was_asked_for_earlier_is_approved_by_whoever_was_asked_then(plan_of, buy, decide):
    plan = plan_of()
    buy(plan)
    second_id, _ = buy(plan)
    buy(plan)

    assert decide(second_id) == ASKED


def test_a_sum_that_nobody_may_approve_is_refused_with_its_figures(plan_of, buy, count):
    plan = plan_of()
    buy(plan, 9_999_99)

    with pytest.raises(NobodyMayApproveError) as refused:
        buy(plan, 1_00)

    assert refused.value.details == {
        "amount_pence": 1_00,
        "tolerance_pence": 0,
        "others_pence": 9_999_99,
        "counted_pence": 10_000_99,
    }
    assert count(Purchase) == 1


@pytest.mark.parametrize(("days", "state"), [(29, WAITS), (30, ASKED)])
def test_what_was_asked_for_longer_ago_does_not_count(plan_of, buy, days, state):
    plan = plan_of()
    buy(plan)

    assert buy(plan, days=days)[1] == state


def test_a_place_sets_for_how_long_it_counts(plan_of, buy, limited):
    limited(facts.a_limit(asks_up_to_pence=500_00, counts_for_days=7))
    plan = plan_of()
    buy(plan)

    assert buy(plan, days=6)[1] == WAITS
    assert buy(plan_of(), days=7)[1] == ASKED


def test_what_was_called_off_or_rejected_does_not_count(plan_of, buy, decide, carry_out, hear):
    plan = plan_of()
    first_id, _ = buy(plan)
    carry_out(cancel_purchase, CancelPurchase(purchase_id=first_id, reason="Not wanted"))
    rejected_id, _ = buy(plan, 900_00)
    decide(rejected_id, Decision.REJECTED)
    refused_id, _ = buy(plan)
    hear(holds.hold_refused, facts.refused(refused_id))

    assert buy(plan)[1] == ASKED


def test_what_was_called_off_after_a_shop_had_taken_money_counts(
    plan_of, buy, carry_out, transaction
):
    plan = plan_of()
    first_id, _ = buy(plan, 100_00)
    carry_out(cancel_purchase, CancelPurchase(purchase_id=first_id, reason="Not wanted"))
    with transaction() as session:
        session.get_one(Purchase, first_id).captured_pence = 480_00

    assert buy(plan, 21_00)[1] == WAITS


def two_items(payee="Riding School", other="Riding School", **changed):
    costs = {"unit_cost_pence": 1_000_00, **changed}
    return [facts.an_item(payee=payee, **costs), facts.an_item(payee=other, **costs)]


def test_another_item_of_the_same_payee_counts_however_its_name_is_written(plan_of, buy):
    plan = plan_of(*two_items(other="riding  SCHOOL"))
    buy(plan)

    assert buy(plan, item=1)[1] == WAITS


def test_another_item_of_another_payee_does_not_count(plan_of, buy):
    plan = plan_of(*two_items(other="Music School"))
    buy(plan)

    assert buy(plan, item=1)[1] == ASKED


def test_an_item_that_is_paid_to_the_same_payee_under_another_name_counts(plan_of, buy, carry_out):
    plan = plan_of(*two_items(other="Music School", rail="bacs"))
    payee = facts.a_payee(name="Stables", person_id=plan.person_id)
    carry_out(add_payee, payee)
    for item in plan.items:
        link = LinkPayee(item_id=item.item_id, payee_id=payee.payee_id, linked_by=uuid4())
        carry_out(link_payee, link)
    buy(plan)

    assert buy(plan, item=1)[1] == WAITS


def test_what_another_broker_or_another_persons_budget_asks_for_does_not_count(
    plan_of, buy, other_broker_id
):
    plan = plan_of()
    buy(plan)

    assert buy(plan, requested_by=other_broker_id)[1] == ASKED
    assert buy(plan_of())[1] == ASKED


def test_two_parts_asked_for_at_once_do_not_both_go_alone(plan_of, ask, carry_out):
    plan = plan_of(*two_items())  # of one payee: each item's row is another lock
    commands = [
        ask(plan, item_id=item.item_id, amount_pence=A_PENNY_UNDER)
        for item in plan.items
        for _ in range(2)
    ]

    with ThreadPoolExecutor(4) as workers:
        answers = workers.map(lambda one: carry_out(request_purchase, one)["state"], commands)

    assert sorted(answers) == sorted([ASKED, WAITS, WAITS, WAITS])


def test_whoever_asks_for_another_part_at_once_waits_until_the_first_is_kept(
    plan_of, ask, carry_out, transaction
):
    plan = plan_of(*two_items())
    one, other = (
        ask(plan, item_id=item.item_id, amount_pence=A_PENNY_UNDER) for item in plan.items
    )

    with transaction() as asking:
        request_purchase(one, session=asking, trace=a_trace())
        with transaction() as session:
            session.execute(text("SET LOCAL lock_timeout = 50"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                request_purchase(other, session=session, trace=a_trace())

    assert carry_out(request_purchase, other)["state"] == WAITS


def test_an_amended_purchase_still_counts_with_the_others(
    *, plan_of, buy, decide, carry_out, broker_id, now
):
    plan = plan_of()
    buy(plan, 300_00)
    second_id, _ = buy(plan, 300_00)
    decide(second_id, Decision.RETURNED)

    def amend(amount_pence):
        command = AmendPurchase(
            purchase_id=second_id,
            amended_by=broker_id,
            amount_pence=amount_pence,
            instruction="The smaller one",
        )
        return carry_out(amend_purchase, command)["state"]

    assert amend(200_01) == WAITS
    assert now(second_id).counted_pence == 500_01
    decide(second_id, Decision.RETURNED)
    assert amend(200_00) == ASKED
    assert now(second_id).counted_pence == 500_00


@pytest.mark.parametrize(("amount_pence", "state"), [(495_00, ASKED), (495_01, WAITS)])
def test_what_a_shop_may_take_beyond_the_amount_is_within_the_limit(
    *, plan_of, buy, in_force, now, amount_pence, state
):
    in_force(facts.a_policy())  # a tenth, at most 5.00

    purchase_id, stands = buy(plan_of(), amount_pence)

    assert stands == state
    assert now(purchase_id).counted_pence == amount_pence + 5_00


def test_an_approvers_limit_covers_the_tolerance_too(plan_of, buy, decide, in_force, manager_id):
    in_force(facts.a_policy())
    purchase_id, _ = buy(plan_of(), 995_01)

    with pytest.raises(NotAllowedToApproveError):
        decide(purchase_id)

    assert decide(purchase_id, by=manager_id) == ASKED


def test_the_tolerances_of_earlier_parts_count(plan_of, buy, in_force):
    in_force(facts.a_policy())
    plan = plan_of()

    assert [buy(plan, 240_00)[1], buy(plan, 250_00)[1]] == [ASKED, ASKED]
    other = plan_of()
    assert [buy(other, 240_01)[1], buy(other, 250_00)[1]] == [ASKED, WAITS]


def test_an_invoice_counts_for_no_more_than_its_amount(plan_of, buy, in_force, now):
    in_force(facts.a_policy())

    purchase_id, state = buy(plan_of(rail="invoice"), 500_00)

    assert (state, now(purchase_id).counted_pence) == (ASKED, 500_00)
