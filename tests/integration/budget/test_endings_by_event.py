"""Assessment tells that somebody has died or moves away: their budgets end on that day."""

from datetime import date
from uuid import uuid4

import pytest

from services.budget.ending.subscribers import end_for_death, end_for_move
from shared.contracts.assessment.life_events import PersonDied, PersonMoved
from shared.errors import NotKnownYetError
from shared.messaging import inbox
from shared.messaging.inbox import Delivery
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import an_active_budget, buy, told
from tests.integration.budget.repayments import do, of

SUBSCRIBERS = {PersonDied: end_for_death, PersonMoved: end_for_move}
PERSON = uuid4()


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


def died(*budgets, on=date(2026, 11, 20)):
    budget_ids = [one if isinstance(one, type(PERSON)) else one.budget_id for one in budgets]
    return PersonDied(
        occurred_at=TUESDAY_AT_TEN,
        person_id=PERSON,
        version=1,
        died_on=on,
        budget_ids=budget_ids,
    )


def moves(planned, on):
    return PersonMoved(
        occurred_at=TUESDAY_AT_TEN,
        person_id=PERSON,
        moves_on=on,
        to_area="Exampleshire",
        budget_ids=[planned.budget_id],
    )


def ends(transaction):
    return [
        (one["ends_on"], one["reason"])
        for one in told(transaction, event_type="budget.budget_ended.v1")
    ]


@pytest.fixture
def planned(transaction):
    return an_active_budget(transaction, joint=100_00)


def test_the_budget_of_somebody_who_died_ends_on_the_day_of_their_death(transaction, planned):
    hear(transaction, died(planned))

    assert ends(transaction) == [("2026-11-20", "died")]
    purchase, answer = buy(transaction, planned, 1_00)
    assert answer == "hold_refused"
    subject = f"purchase/{purchase.purchase_id}"
    assert told(transaction, subject=subject)[-1]["code"] == "budget_ended"


def test_each_budget_of_a_person_ends_once_however_often_it_is_told(transaction, planned):
    another = an_active_budget(transaction, joint=100_00)
    event = died(planned, another)

    for one in (event, event, died(planned, another)):
        hear(transaction, one)

    assert ends(transaction) == [("2026-11-20", "died")] * 2


def test_a_budget_that_has_an_end_keeps_it(transaction, planned):
    do(transaction, "end_budget", ends_on="2026-11-10", reason="persons_wish", **of(planned))

    hear(transaction, died(planned))

    assert ends(transaction) == [("2026-11-10", "persons_wish")]


def test_nothing_ends_before_every_approval_has_arrived(transaction, planned):
    with pytest.raises(NotKnownYetError):
        hear(transaction, died(planned, uuid4()))

    assert ends(transaction) == []


def test_the_budget_of_somebody_who_moves_is_theirs_until_the_day(transaction, planned):
    hear(transaction, moves(planned, date(2026, 12, 1)))

    assert ends(transaction) == [("2026-12-01", "moved")]
    assert buy(transaction, planned, 1_00)[1] == "hold_placed"
