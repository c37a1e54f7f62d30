"""Direct payments: ordered once, to an account that two people have looked at."""

from datetime import date
from uuid import uuid4

import pytest

from services.payments.approvals.payees import confirm_link, confirm_payee, link_payee
from services.payments.direct_payments import queries, subscribers
from services.payments.direct_payments.handlers import order
from services.payments.payees.commands import ConfirmLink, ConfirmPayee, LinkPayee
from services.payments.payees.handlers import add_payee
from services.payments.payees.rules import Relationship
from services.payments.rails.queries import people_at_risk
from services.payments.rails.rules import Party
from services.payments.transfers import handlers as transfers
from services.payments.transfers.rules import TransferState
from shared.contracts.budget.direct_payments import DirectPaymentMade, ReturnOverdue
from shared.errors import NotKnownYetError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts


@pytest.fixture
def plan(known_plan):
    return known_plan(facts.an_item(rail="bacs"), with_payees=False)


@pytest.fixture
def account(plan, carry_out):
    """Write down an account that is the person's or the nominee's."""

    def add(relationship=Relationship.SELF, *, is_confirmed=True):
        payee = facts.a_payee(person_id=plan.person_id, relationship=relationship, name="Account")
        carry_out(add_payee, payee)
        if is_confirmed:
            confirm = ConfirmPayee(payee_id=payee.payee_id, details_version=1, confirmed_by=uuid4())
            carry_out(confirm_payee, confirm)
        return payee.payee_id

    return add


@pytest.fixture
def made(plan):
    return DirectPaymentMade(
        occurred_at=TUESDAY_AT_TEN,
        payment_id=uuid4(),
        budget_id=plan.budget_id,
        item_id=plan.items[0].item_id,
        amount_pence=120_00,
        period_starts_on=date(2026, 11, 23),
    )


@pytest.fixture
def look(transaction):
    """Order what waits, as the timer does."""

    def at_once():
        with transaction() as session:
            for one in queries.waiting(TUESDAY_AT_TEN, session=session):
                order(one, session=session, trace=a_trace())

    return at_once


@pytest.mark.parametrize("relationship", [Relationship.SELF, Relationship.NOMINEE])
def test_a_payment_is_ordered_once_to_the_persons_or_the_nominees_account(
    *, account, made, hear, look, errands, relationship, transaction
):
    payee_id = account(relationship)

    for _ in range(2):
        hear(subscribers.direct_payment_made, made)
        look()

    (ordered,) = errands("order_transfer")
    assert (ordered["reference"], ordered["amount_pence"]) == (str(made.payment_id), 120_00)
    assert ordered["payee_id"] == str(payee_id)
    with transaction() as session:
        (bank,) = people_at_risk(Party.BANK, session=session)
    assert [one["payment_id"] for one in bank["direct_payments"]] == [made.payment_id]


def test_a_payment_waits_for_an_account_that_is_confirmed(
    *, account, made, hear, look, errands, told, carry_out
):
    payee_id = account(is_confirmed=False)
    for _ in range(2):
        hear(subscribers.direct_payment_made, made)
        look()
    assert errands("order_transfer") == []
    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["role"]) == ("direct_payment_waits", "finance_officer")

    confirm = ConfirmPayee(payee_id=payee_id, details_version=1, confirmed_by=uuid4())
    carry_out(confirm_payee, confirm)
    look()

    assert len(errands("order_transfer")) == 1
    assert len(told("exception_resolved")) == 1


def test_of_two_accounts_the_one_that_the_item_is_linked_to_is_paid(
    *, account, made, hear, look, errands, carry_out
):
    account()
    nominee_id = account(Relationship.NOMINEE)
    hear(subscribers.direct_payment_made, made)
    assert errands("order_transfer") == []

    link = LinkPayee(item_id=made.item_id, payee_id=nominee_id, linked_by=uuid4())
    carry_out(link_payee, link)
    look()
    assert errands("order_transfer") == []
    confirm = ConfirmLink(item_id=made.item_id, payee_id=nominee_id, confirmed_by=uuid4())
    carry_out(confirm_link, confirm)
    look()

    (ordered,) = errands("order_transfer")
    assert ordered["payee_id"] == str(nominee_id)


def test_a_payment_goes_to_nobody_but_the_person_or_the_nominee_whatever_two_people_link(
    *, account, made, hear, look, errands, carry_out, told
):
    account()
    supplier_id = account(Relationship.SUPPLIER)
    carry_out(link_payee, LinkPayee(item_id=made.item_id, payee_id=supplier_id, linked_by=uuid4()))
    carry_out(
        confirm_link,
        ConfirmLink(item_id=made.item_id, payee_id=supplier_id, confirmed_by=uuid4()),
    )

    hear(subscribers.direct_payment_made, made)
    look()

    assert errands("order_transfer") == []
    assert [one["kind"] for one in told("exception_raised")] == ["direct_payment_waits"]


@pytest.mark.parametrize(
    ("state", "event", "kinds"),
    [
        (TransferState.PAID, "direct_payment_paid", []),
        (TransferState.FAILED, "direct_payment_failed", ["direct_payment_failed"]),
    ],
)
def test_how_the_bank_ended_a_payment_is_told_once(
    *, account, plan, made, hear, told, transaction, state, event, kinds
):
    account()
    hear(subscribers.direct_payment_made, made)

    for _ in range(2):
        with transaction() as session:
            transfers.end_transfer(
                made.payment_id, state, failure_reason=None, session=session, trace=a_trace()
            )

    paid = {"has_failed_before": False, "person_id": str(plan.person_id)}
    how = paid if state is TransferState.PAID else {}
    assert told(event) == [
        {
            "payment_id": str(made.payment_id),
            "budget_id": str(made.budget_id),
            "amount_pence": 120_00,
            **how,
        }
    ]
    assert [one["kind"] for one in told("exception_raised")] == kinds


def test_a_payment_of_a_plan_that_is_not_here_yet_waits(hear, made, plan):
    other = DirectPaymentMade(
        occurred_at=TUESDAY_AT_TEN,
        payment_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=1,
        period_starts_on=made.period_starts_on,
    )

    with pytest.raises(NotKnownYetError):
        hear(subscribers.direct_payment_made, other)


def test_a_missing_return_is_asked_about_and_the_payments_go_on(
    *, account, made, plan, hear, told, errands
):
    account()
    overdue = ReturnOverdue(
        occurred_at=TUESDAY_AT_TEN,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        item_id=made.item_id,
        unevidenced_pence=120_00,
        since_on=date(2026, 8, 31),
    )
    for _ in range(2):
        hear(subscribers.return_overdue, overdue)

    hear(subscribers.direct_payment_made, made)

    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["role"]) == ("return_missing", "care_coordinator")
    assert len(errands("order_transfer")) == 1


@pytest.mark.parametrize(
    ("states", "events", "raised", "ended"),
    [
        (
            ["failed", "failed", "paid", "paid", "failed"],
            ["failed", "paid after failure"],
            ["direct_payment_failed", "transfer_paid_after_failure"],
            ["direct_payment_failed"],
        ),
        (["paid", "failed", "paid"], ["paid"], [], []),
    ],
)
def test_what_the_bank_pays_after_it_failed_is_told_as_that_once_and_its_task_ends(
    *, account, made, hear, told, transaction, states, events, raised, ended
):
    account()
    hear(subscribers.direct_payment_made, made)

    for state in states:
        with transaction() as session:
            transfers.end_transfer(
                made.payment_id,
                TransferState(state),
                failure_reason=None,
                session=session,
                trace=a_trace(),
            )

    paid = [one["has_failed_before"] for one in told("direct_payment_paid")]
    failed = ["failed" for _ in told("direct_payment_failed")]
    assert failed + ["paid after failure" if late else "paid" for late in paid] == events
    kinds = {one["exception_id"]: one["kind"] for one in told("exception_raised")}
    assert sorted(kinds.values()) == raised
    assert [kinds[one["exception_id"]] for one in told("exception_resolved")] == ended
