"""A direct payment that the bank called failed and made all the same: spent once, in any order."""

from itertools import permutations
from uuid import uuid4

import pytest

from services.budget.returns import subscribers
from services.budget.returns.rules import DirectPaymentNotFoundError, ReturnExceedsPaidError
from shared.contracts.payments.direct_payments import DirectPaymentFailed, DirectPaymentPaid
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import (
    NHS,
    a_planned_budget,
    agree,
    an_active_budget,
    buy,
    called_by,
    commit,
    left_of,
    pay_in,
    rows,
    spend,
    tell,
    told,
)
from tests.integration.budget.pools import accounts_of
from tests.integration.budget.repayments import do, of, posted
from tests.integration.budget.ways import (
    day,
    give_back,
    move,
    pay,
    payment_ids,
    schedule,
    show,
    where,
)
from tests.integration.racing import all_at_once

pytestmark = pytest.mark.usefixtures("verified")
NOTHING = {"nhs": (0, 0, 0, 0), "council": (0, 0, 0, 0)}


@pytest.fixture
def planned(transaction):
    """A budget with an item that goes by direct payment."""
    planned = an_active_budget(transaction, nhs_share=6_000, joint=1_000_00)
    move(transaction, planned, "direct_payment")
    return planned


def a_payment(transaction, planned):
    """Pay a hundred pounds; return how payments tells that it failed, and was made after all."""
    schedule(transaction, planned, 100_00)
    pay(transaction)
    (payment_id,) = payment_ids(transaction)
    of_it = {
        "occurred_at": TUESDAY_AT_TEN,
        "payment_id": payment_id,
        "budget_id": planned.budget_id,
        "amount_pence": 100_00,
    }
    return DirectPaymentFailed(**of_it), DirectPaymentPaid(has_failed_before=True, **of_it)


def hear(transaction, *events):
    """Hear each as for the first time: these are known by what they say and not by the inbox."""
    for event in events:
        is_paid = isinstance(event, DirectPaymentPaid)
        with transaction() as session:
            (subscribers.direct_payment_paid if is_paid else subscribers.direct_payment_failed)(
                event, session=session, trace=a_trace()
            )


def overspent(transaction):
    events = told(transaction, event_type="budget.overspend_recorded.v1")
    return [event["overspent_pence"] for event in events]


def journals(transaction):
    return rows(transaction, "SELECT kind FROM journals WHERE kind IN ('capture', 'refund')")


@pytest.mark.parametrize("order", sorted(set(permutations(["failed", "failed", "paid", "paid"]))))
def test_in_whatever_order_and_however_often_it_is_told_it_is_spent_once(
    transaction, planned, found, order
):
    failed, paid = a_payment(transaction, planned)
    spent, left = where(transaction, planned), left_of(transaction, planned)

    for what in order:
        hear(transaction, failed if what == "failed" else paid)
        assert found() == []

    assert (where(transaction, planned), left_of(transaction, planned)) == (spent, left)
    assert len(journals(transaction)) == (3 if order[0] == "failed" else 1)
    assert overspent(transaction) == []


def test_the_service_hears_both(transaction, planned):
    failed, paid = a_payment(transaction, planned)
    spent = where(transaction, planned)

    tell(transaction, failed)
    assert where(transaction, planned) == NOTHING
    tell(transaction, paid)

    assert where(transaction, planned) == spent


def test_what_was_paid_at_once_changes_nothing_and_hides_no_failure(transaction, planned):
    failed, paid = a_payment(transaction, planned)
    at_once = DirectPaymentPaid(
        occurred_at=paid.occurred_at,
        payment_id=paid.payment_id,
        budget_id=paid.budget_id,
        amount_pence=paid.amount_pence,
        has_failed_before=False,
    )

    hear(transaction, at_once)
    assert rows(transaction, "SELECT count(*) FROM paid_after_failure") == [(0,)]
    hear(transaction, failed)

    assert where(transaction, planned) == NOTHING


@pytest.mark.parametrize("order", list(permutations(["failed", "paid", "person"])))
@pytest.mark.parametrize("person", ["gives back", "shows"])
def test_what_the_person_gave_back_or_showed_stands_in_whatever_order(
    transaction, planned, found, order, person
):
    """Who has the money may say so before it is known here that it was paid after all."""
    failed, paid = a_payment(transaction, planned)

    def done(what):
        if what == "person" and person == "shows":
            return "result" in show(transaction, planned, 40_00)
        if what == "person":
            return "result" in give_back(transaction, paid.payment_id, 40_00)
        try:
            hear(transaction, failed if what == "failed" else paid)
        except ReturnExceedsPaidError:
            return False
        return True

    again = [what for what in order if not done(what)]
    assert found() == []
    assert all(done(what) for what in again)

    gone, shown = (0, 24_00) if person == "shows" else (0, 0)
    expected = {"nhs": (gone, 36_00, shown, 0), "council": (gone, 24_00, shown and 16_00, 0)}
    assert where(transaction, planned) == expected
    given_back = 40_00 if person == "gives back" else 0
    assert sum(left_of(transaction, planned).values()) == 900_00 + given_back


@pytest.mark.parametrize(("bought", "over"), [(950_00, 50_00), (1_000_00, 100_00)])
def test_what_is_there_no_more_is_spent_all_the_same_and_told_as_overspent(
    transaction, planned, bought, over
):
    failed, paid = a_payment(transaction, planned)
    spent = where(transaction, planned)
    hear(transaction, failed)
    tomorrow = day("2026-11-25")
    move(transaction, planned, "host", at=tomorrow)
    purchase, _ = buy(transaction, planned, bought, at=tomorrow)
    spend(transaction, purchase, bought)

    hear(transaction, paid, paid)

    assert where(transaction, planned) == spent
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    assert overspent(transaction) == [over]
    give_back(transaction, paid.payment_id, 100_00)
    assert overspent(transaction) == [over, 0]
    assert sum(left_of(transaction, planned).values()) == 100_00 - over


def test_what_others_hold_is_not_taken_for_it(transaction, planned):
    failed, paid = a_payment(transaction, planned)
    hear(transaction, failed)
    tomorrow = day("2026-11-25")
    move(transaction, planned, "host", at=tomorrow)
    buy(transaction, planned, 1_000_00, at=tomorrow)

    hear(transaction, paid)

    assert overspent(transaction) == [100_00]


@pytest.mark.parametrize("order", ["failed first", "failed before the end", "paid first"])
def test_after_the_budget_has_ended_it_is_booked_too(transaction, planned, order):
    failed, paid = a_payment(transaction, planned)
    spent = where(transaction, planned)
    if order == "failed before the end":
        hear(transaction, failed)
    do(transaction, "end_budget", ends_on="2026-11-24", reason="persons_wish", **of(planned))
    posted(transaction, planned, ground="ended")

    hear(transaction, *((paid, failed, paid) if order == "paid first" else (failed, paid, failed)))

    assert where(transaction, planned) == spent
    assert left_of(transaction, planned) == {"nhs": 0, "council": 0}
    was_given_away = order == "failed before the end"
    assert overspent(transaction) == ([100_00] if was_given_away else [])


@pytest.mark.parametrize("is_paid_in", [False, True])
def test_who_has_only_committed_is_in_debt_for_it_once(transaction, is_paid_in):
    planned = a_planned_budget(transaction, joint=1_000_00)
    calls = called_by(agree(transaction, planned))
    commit(transaction, planned, calls["nhs"])
    pay_in(transaction, planned, calls["council"])
    move(transaction, planned, "direct_payment")
    failed, paid = a_payment(transaction, planned)
    left = left_of(transaction, planned)
    hear(transaction, failed)
    if is_paid_in:
        pay_in(transaction, planned, calls["nhs"])

    hear(transaction, paid)

    assert left_of(transaction, planned) == left
    due = accounts_of(transaction, planned).get((NHS, "due_to E06000001"), 0)
    assert due == (0 if is_paid_in else 50_00)


def test_many_who_tell_at_once_spend_it_once(transaction, planned):
    failed, paid = a_payment(transaction, planned)
    spent, left = where(transaction, planned), left_of(transaction, planned)

    all_at_once([lambda event=event: hear(transaction, event) for event in (failed, paid) * 8])

    assert (where(transaction, planned), left_of(transaction, planned)) == (spent, left)


def test_a_payment_that_nobody_made_is_not_spent(transaction):
    unknown = DirectPaymentPaid(
        occurred_at=TUESDAY_AT_TEN,
        payment_id=uuid4(),
        budget_id=uuid4(),
        amount_pence=1,
        has_failed_before=True,
    )

    with pytest.raises(DirectPaymentNotFoundError):
        hear(transaction, unknown)


I8 = "I8 a direct payment was paid to the person, and came back, by its journals"


@pytest.fixture
def told_both(transaction, planned):
    failed, paid = a_payment(transaction, planned)
    hear(transaction, failed, paid)
    return paid


def broken(found):
    return [row.split(":")[0] for row in found()]


def test_a_payment_that_was_taken_back_and_is_said_to_be_paid_is_found_where_it_is_not_spent(
    transaction, planned, found, rewrite
):
    failed, _ = a_payment(transaction, planned)
    hear(transaction, failed)

    rewrite(
        "INSERT INTO paid_after_failure (payment_id, actor, recorded_at)"
        " SELECT payment_id, 'somebody', now() FROM direct_payments"
    )

    assert broken(found) == [I8]


@pytest.mark.usefixtures("told_both")
def test_a_payment_that_is_spent_twice_without_a_word_of_it_is_found(found, rewrite):
    rewrite("DELETE FROM paid_after_failure")

    assert broken(found) == [I8]


@pytest.mark.usefixtures("told_both")
def test_that_it_was_paid_after_all_is_never_changed(is_final):
    is_final("DELETE FROM paid_after_failure")
    is_final("TRUNCATE paid_after_failure CASCADE")
