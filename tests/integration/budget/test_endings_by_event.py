"""Assessment tells that somebody has died or moves away: their budgets end on that day."""

from datetime import date
from itertools import permutations
from uuid import uuid4

import pytest

from services.budget.ending.subscribers import end_for_death, end_for_move, keep_life
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied, PersonMoved
from shared.errors import NotKnownYetError
from shared.messaging import inbox
from shared.messaging.inbox import Delivery
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import an_active_budget, buy, told
from tests.integration.budget.repayments import do, notified, of, propose

SUBSCRIBERS = {PersonDied: end_for_death, DeathCorrected: keep_life, PersonMoved: end_for_move}
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


# A death that was recorded wrongly


def died_again(*, version, budget_ids=(), on=date(2026, 11, 24)):
    return PersonDied(
        occurred_at=TUESDAY_AT_TEN,
        person_id=PERSON,
        version=version,
        died_on=on,
        budget_ids=list(budget_ids),
    )


def corrected(*, version=2):
    return DeathCorrected(occurred_at=TUESDAY_AT_TEN, person_id=PERSON, version=version)


@pytest.fixture
def theirs(transaction):
    """Return a budget that the person has here, too, under the id of which the events tell."""
    return an_active_budget(transaction, joint=100_00, person_id=PERSON)


def test_a_death_that_was_taken_back_ends_nothing_when_it_is_heard_late_or_again(
    transaction, theirs
):
    hear(transaction, corrected())

    for _ in range(2):
        hear(transaction, died(theirs))

    assert ends(transaction) == []
    assert buy(transaction, theirs, 1_00)[1] == "hold_placed"
    assert closing(transaction, theirs)["is_death_taken_back"] is False


def test_a_budget_approved_after_a_death_was_taken_back_survives_the_replay_of_it(
    transaction, theirs
):
    death = died(theirs)
    for event in (death, corrected()):
        hear(transaction, event)
    another = an_active_budget(transaction, joint=100_00, person_id=PERSON)

    hear(transaction, died_again(version=1, budget_ids=[theirs.budget_id, another.budget_id]))

    assert ends(transaction) == [("2026-11-20", "died")]
    assert buy(transaction, another, 1_00)[1] == "hold_placed"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_later_death_ends_every_budget_whatever_was_heard_first(transaction, theirs, order):
    events = [died(theirs), corrected(), died_again(version=3)]

    for number in order:
        hear(transaction, events[number])

    (found,) = ends(transaction)
    assert found[1] == "died"
    assert closing(transaction, theirs)["is_death_taken_back"] is False


def test_nothing_is_remembered_of_a_death_that_waits_for_an_approval(transaction, theirs):
    with pytest.raises(NotKnownYetError):
        hear(transaction, died(theirs, uuid4()))

    hear(transaction, died(theirs))

    assert ends(transaction) == [("2026-11-20", "died")]


def closing(transaction, planned):
    return do(transaction, "closing_statement", **of(planned))["result"]


def test_a_budget_that_a_wrong_death_ended_stays_ended_and_says_so(transaction, theirs):
    hear(transaction, died(theirs))
    assert closing(transaction, theirs)["is_death_taken_back"] is False

    for event in (corrected(), corrected()):
        hear(transaction, event)

    found = closing(transaction, theirs)
    assert (found["reason"], found["is_death_taken_back"]) == ("died", True)
    assert buy(transaction, theirs, 1_00)[1] == "hold_refused"
    again = do(transaction, "end_budget", ends_on="2026-11-24", reason="moved", **of(theirs))
    assert again["refusal"]["code"] == "already_ended"


def test_what_is_left_after_a_wrong_death_goes_back_with_notice_to_the_person(transaction, theirs):
    hear(transaction, died(theirs))
    to_the_estate = notified(transaction, theirs, ground="died")

    hear(transaction, corrected())

    told_of_it = told(transaction, subject=f"repayment/{to_the_estate['repayment_id']}")
    assert [one["type"] for one in told_of_it] == ["repayment_notified", "repayment_withdrawn"]
    refused = propose(transaction, theirs, ground="died")
    assert refused["refusal"]["code"] == "ground_not_so"
    known = notified(transaction, theirs, ground="ended")
    (notice,) = told(transaction, subject=f"repayment/{known['repayment_id']}")
    assert (notice["addressee"], notice["amount_pence"]) == ("person", 100_00)


def test_a_repayment_that_the_person_had_notice_of_is_left_alone(transaction, theirs):
    hear(transaction, corrected(version=1))
    known = notified(transaction, theirs)

    hear(transaction, corrected(version=2))

    (one,) = do(transaction, "repayments", **of(theirs))["result"]
    assert (one["repayment_id"], one["state"]) == (known["repayment_id"], "notified")
