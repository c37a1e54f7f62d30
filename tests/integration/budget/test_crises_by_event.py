"""Assessment tells of a crisis and of its end; the reserve is called and stands again."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.budget.crisis_reserve.subscribers import call_reserve, let_reserve_stand
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.errors import NotKnownYetError
from shared.messaging import inbox
from shared.messaging.inbox import Delivery
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import a_planned_budget, an_active_budget, buy, left_of, told
from tests.integration.budget.crises import activate, promise, shown
from tests.integration.budget.repayments import do, of
from tests.integration.budget.test_crisis_reserve import use

SUBSCRIBERS = {CrisisPlanActivated: call_reserve, CrisisPlanStoodDown: let_reserve_stand}


def hear(transaction, event):
    """Give the service an event as its inbox does."""
    delivery = Delivery(
        consumer=SUBSCRIBERS[type(event)].__name__,
        message_id=event.event_id,
        event=event,
        envelope={},
        subscriber=SUBSCRIBERS[type(event)],
        trace=a_trace(),
    )
    return inbox.process(delivery, transaction=transaction)


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, nhs=200_00, council=200_00, joint=1_00)


def begun(planned, **changes):
    return CrisisPlanActivated(
        **{
            "occurred_at": TUESDAY_AT_TEN,
            "crisis_id": uuid4(),
            "version": 1,
            "referral_id": uuid4(),
            "person_id": uuid4(),
            "plan_id": uuid4(),
            "budget_id": planned and planned.budget_id,
            "substitute_manager": "my brother",
            "cap_pence": 300_00,
            "activated_at": TUESDAY_AT_TEN,
            "hand_back_on": date(2026, 12, 22),
        }
        | changes
    )


def over(event, **changes):
    return CrisisPlanStoodDown(
        **{
            "occurred_at": TUESDAY_AT_TEN + timedelta(days=3),
            "crisis_id": event.crisis_id,
            "version": 2,
            "referral_id": event.referral_id,
            "person_id": event.person_id,
            "plan_id": event.plan_id,
            "budget_id": event.budget_id,
            "ended_by": "person",
            "stood_down_at": TUESDAY_AT_TEN + timedelta(days=3),
        }
        | changes
    )


def events(transaction, name, crisis):
    subject = f"crisis/{crisis.crisis_id}"
    return told(transaction, event_type=f"budget.{name}.v1", subject=subject)


def not_called(transaction, crisis):
    return [one["code"] for one in events(transaction, "crisis_reserve_not_called", crisis)]


def test_the_reserve_is_usable_up_to_the_plans_cap_and_what_is_not_used_stands_again(
    transaction, planned
):
    promise(transaction, planned)
    before = left_of(transaction, planned)
    crisis = begun(planned)

    hear(transaction, crisis)
    assert shown(transaction, planned)["result"]["activated_pence"] == 300_00
    use(transaction, planned, 350_50)  # the NHS's 200.50 of the plan first, then 150.00
    hear(transaction, over(crisis))

    (back,) = events(transaction, "crisis_reserve_stood_down", crisis)
    assert (back["used_pence"], back["returned_pence"]) == (150_00, 150_00)
    reserve = shown(transaction, planned)["result"]
    assert (reserve["activated_pence"], reserve["stands_pence"]) == (0, 450_00)
    assert left_of(transaction, planned)["council"] == before["council"]


def test_recurring_support_is_bought_while_a_crisis_goes_on_and_after_it(transaction, planned):
    promise(transaction, planned)
    crisis = begun(planned)

    answers = []
    for event in (crisis, over(crisis)):
        hear(transaction, event)
        answers.append(buy(transaction, planned, 10_00, payer="council")[1])

    assert answers == ["hold_placed", "hold_placed"]


def test_each_is_heard_once_however_often_it_comes(transaction, planned):
    promise(transaction, planned)
    crisis = begun(planned)

    for event in (crisis, crisis, begun(planned, crisis_id=crisis.crisis_id), over(crisis)):
        hear(transaction, event)
    hear(transaction, over(crisis, event_id=uuid4()))

    assert len(events(transaction, "crisis_reserve_activated", crisis)) == 1
    assert len(events(transaction, "crisis_reserve_stood_down", crisis)) == 1


def test_an_end_that_comes_before_its_beginning_is_the_end(transaction, planned):
    promise(transaction, planned)
    crisis = begun(planned)

    hear(transaction, over(crisis))
    hear(transaction, crisis)

    assert shown(transaction, planned)["result"]["crises"] == []


@pytest.mark.parametrize("is_first", [True, False])
def test_what_the_edge_called_by_the_same_id_is_not_called_twice(transaction, planned, is_first):
    promise(transaction, planned)
    crisis = begun(planned)
    by_hand = {"crisis_id": str(crisis.crisis_id), "cap_pence": 300_00}

    if is_first:
        hear(transaction, crisis)
        activate(transaction, planned, **by_hand)
    else:
        activate(transaction, planned, **by_hand)
        hear(transaction, crisis)

    assert len(shown(transaction, planned)["result"]["crises"]) == 1


def test_where_nobody_promised_that_is_told_and_the_end_of_the_crisis_finds_nothing(
    transaction, planned
):
    crisis = begun(planned)

    hear(transaction, crisis)
    hear(transaction, over(crisis))

    assert not_called(transaction, crisis) == ["reserve_not_promised"]
    assert events(transaction, "crisis_reserve_stood_down", crisis) == []


def test_a_second_crisis_while_one_goes_on_calls_nothing_and_says_so(transaction, planned):
    promise(transaction, planned)
    activate(transaction, planned)
    crisis = begun(planned)

    hear(transaction, crisis)

    assert not_called(transaction, crisis) == ["crisis_active"]


def test_a_budget_that_has_ended_has_no_reserve_to_call(transaction, planned):
    promise(transaction, planned)
    do(transaction, "end_budget", ends_on="2026-11-24", reason="persons_wish", **of(planned))
    crisis = begun(planned)

    hear(transaction, crisis)

    assert not_called(transaction, crisis) == ["budget_ended"]


@pytest.mark.parametrize("changes", [{"budget_id": None}, {"cap_pence": 0}])
def test_a_plan_without_money_or_without_a_cap_calls_nothing(transaction, planned, changes):
    promise(transaction, planned)
    crisis = begun(planned, **changes)

    hear(transaction, crisis)
    hear(transaction, over(crisis))

    assert shown(transaction, planned)["result"]["crises"] == []
    assert not_called(transaction, crisis) == []


def test_a_crisis_waits_for_its_budget(transaction):
    crisis = begun(None, budget_id=UUID(int=7))

    with pytest.raises(NotKnownYetError):
        hear(transaction, crisis)
    with pytest.raises(NotKnownYetError):
        hear(transaction, over(crisis))


def test_a_budget_that_nobody_has_agreed_on_has_no_reserve_to_call(transaction):
    planned = a_planned_budget(transaction, joint=100_00)
    crisis = begun(planned)

    hear(transaction, crisis)

    assert not_called(transaction, crisis) == ["reserve_not_promised"]


def test_a_crisis_that_is_prolonged_leaves_the_reserve_usable_until_its_end(transaction, planned):
    promise(transaction, planned)
    crisis = begun(planned)
    longer = begun(planned, crisis_id=crisis.crisis_id, version=2, hand_back_on=date(2027, 1, 5))

    for event in (crisis, longer, longer):
        hear(transaction, event)

    assert shown(transaction, planned)["result"]["activated_pence"] == 300_00
    assert len(events(transaction, "crisis_reserve_activated", crisis)) == 1
    hear(transaction, over(crisis))  # of version 2: older than what was heard
    assert shown(transaction, planned)["result"]["activated_pence"] == 300_00
    hear(transaction, over(crisis, version=3, event_id=uuid4()))
    assert shown(transaction, planned)["result"]["activated_pence"] == 0


def test_a_prolonged_crisis_that_is_heard_first_calls_the_reserve_once(transaction, planned):
    promise(transaction, planned)
    crisis = begun(planned)
    longer = begun(planned, crisis_id=crisis.crisis_id, version=2)

    for event in (longer, crisis):
        hear(transaction, event)

    assert shown(transaction, planned)["result"]["activated_pence"] == 300_00
    assert len(events(transaction, "crisis_reserve_activated", crisis)) == 1
