from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest

from services.payments.entitlements import subscribers as entitlements
from services.payments.holds import subscribers as holds
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import (
    AmountAboveItemError,
    ItemNotInPlanError,
    NoOccurrenceLeftError,
    NotOnCareTeamError,
)
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
from shared.errors import IdReusedError, NotKnownYetError
from shared.messaging.tables import OutboxMessage
from tests.integration.payments import facts


def test_a_broker_asks_and_the_ledger_is_told(known_plan, ask, carry_out, told):
    command = ask(known_plan())

    answer = carry_out(request_purchase, command)

    assert answer == {"purchase_id": command.purchase_id, "state": PurchaseState.REQUESTED}
    assert told("purchase_requested") == [
        {
            "purchase_id": str(command.purchase_id),
            "budget_id": str(command.budget_id),
            "item_id": str(command.item_id),
            "amount_pence": 35_00,
            "tolerance_pence": 0,
        }
    ]


def test_the_same_request_again_is_one_purchase(known_plan, ask, carry_out, count):
    command = ask(known_plan())

    answers = [carry_out(request_purchase, command) for _ in range(3)]

    assert answers[0] == answers[1] == answers[2]
    assert (count(Purchase), count(OutboxMessage)) == (1, 1)


@pytest.mark.parametrize("change", [{"amount_pence": 1}, {"instruction": "Something else"}])
def test_the_same_id_with_another_request_is_refused(known_plan, ask, carry_out, count, change):
    command = ask(known_plan())
    carry_out(request_purchase, command)

    with pytest.raises(IdReusedError):
        carry_out(request_purchase, replace(command, **change))

    assert (count(Purchase), count(OutboxMessage)) == (1, 1)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"item_id": uuid4()}, ItemNotInPlanError),
        ({"requested_by": uuid4()}, NotOnCareTeamError),
        ({"amount_pence": 35_01}, AmountAboveItemError),
        ({"budget_id": uuid4()}, NotKnownYetError),
    ],
)
def test_a_request_that_may_not_be_met_leaves_nothing(
    *, known_plan, ask, carry_out, count, change, refusal
):
    command = ask(known_plan(), **change)

    with pytest.raises(refusal):
        carry_out(request_purchase, command)

    assert (count(Purchase), count(OutboxMessage)) == (0, 0)


def test_an_item_of_another_budget_is_not_in_the_plan(known_plan, ask, carry_out, count):
    one, other = known_plan(), known_plan()

    with pytest.raises(ItemNotInPlanError):
        carry_out(request_purchase, ask(one, item_id=other.items[0].item_id))

    assert count(Purchase) == 0


def test_an_item_that_the_plan_has_no_longer_cannot_be_bought(
    known_plan, hear, ask, carry_out, count
):
    plan = known_plan()
    hear(entitlements.plan_approved, replace(plan, version=2, items=[facts.an_item()]))

    with pytest.raises(ItemNotInPlanError):
        carry_out(request_purchase, ask(plan))

    assert count(Purchase) == 0


def test_before_the_budget_is_live_the_request_waits(hear, ask, carry_out, count):
    plan = facts.a_plan(facts.an_item())
    hear(entitlements.plan_approved, plan)

    with pytest.raises(NotKnownYetError):
        carry_out(request_purchase, ask(plan))

    assert count(Purchase) == 0


def test_before_the_care_team_is_known_the_request_waits(hear, ask, carry_out, count):
    plan = facts.a_plan(facts.an_item())
    hear(entitlements.plan_approved, plan)
    hear(entitlements.budget_activated, facts.a_live_budget(plan))

    with pytest.raises(NotKnownYetError):
        carry_out(request_purchase, ask(plan))

    assert count(Purchase) == 0


def test_an_item_is_bought_as_often_as_the_plan_says_and_refused_ones_do_not_count(
    known_plan, ask, carry_out, hear, count
):
    plan = known_plan()
    first = ask(plan)
    carry_out(request_purchase, first)
    carry_out(request_purchase, ask(plan))
    with pytest.raises(NoOccurrenceLeftError):
        carry_out(request_purchase, ask(plan))
    assert count(Purchase) == 2

    hear(holds.hold_refused, facts.refused(first.purchase_id))
    carry_out(request_purchase, ask(plan))

    assert count(Purchase) == 3


def test_two_requests_at_once_for_the_last_occurrence_make_one_purchase(
    known_plan, ask, carry_out, count
):
    plan = known_plan(facts.an_item(occurrences=1))

    def try_one(_number):
        try:
            return carry_out(request_purchase, ask(plan))
        except NoOccurrenceLeftError as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(try_one, range(4)))

    assert answers.count("no_occurrence_left") == 3
    assert count(Purchase) == 1
