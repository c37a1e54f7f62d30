from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.payments.cards.models import Card, CardState
from services.payments.exceptions.commands import ResolveException
from services.payments.exceptions.handlers import resolve_exception
from services.payments.exceptions.rules import Resolution
from services.payments.holds import subscribers as holds
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import CardClaims
from services.payments.purchases.states import PurchaseState
from services.payments.receipts import queries
from services.payments.receipts.commands import AttachReceipt, Line, NoReceiptBecause
from services.payments.receipts.handlers import attach_receipt, chase_receipt, no_receipt_because
from services.payments.receipts.models import NoReceipt, Receipt, ReceiptLine
from services.payments.receipts.rules import (
    HasReceiptError,
    LinesDoNotAddUpError,
    NothingBoughtError,
)
from services.payments.receipts.schemas import AttachReceiptForm
from shared.errors import IdReusedError, InvalidRequestError, NotFoundError
from shared.messaging import answering
from tests.factories import a_trace
from tests.integration.payments import facts


def a_receipt(purchase_id):
    return AttachReceipt(
        purchase_id=purchase_id, receipt_id=uuid4(), sha256="ab" * 32, amount_pence=35_00
    )


def test_a_receipt_is_kept_once_however_often_it_is_attached(with_card, carry_out, count):
    purchase_id, _ = with_card()
    command = a_receipt(purchase_id)

    answers = [carry_out(attach_receipt, command) for _ in range(2)]

    assert answers == [{"state": PurchaseState.READY}] * 2
    assert count(Receipt) == 1


def test_the_same_id_for_another_receipt_is_refused(with_card, carry_out, count):
    purchase_id, _ = with_card()
    command = a_receipt(purchase_id)
    carry_out(attach_receipt, command)

    with pytest.raises(IdReusedError):
        carry_out(attach_receipt, replace(command, sha256="cd" * 32))

    assert count(Receipt) == 1


def test_a_receipt_for_nothing_is_refused(requested, carry_out, count):
    with pytest.raises(NothingBoughtError):
        carry_out(attach_receipt, a_receipt(requested()))
    with pytest.raises(NotFoundError):
        carry_out(attach_receipt, a_receipt(uuid4()))

    assert count(Receipt) == 0


@pytest.mark.parametrize("sha256", ["", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_what_is_no_digest_is_refused(sha256):
    request = {
        "purchase_id": str(uuid4()),
        "receipt_id": str(uuid4()),
        "sha256": sha256,
        "amount_pence": 1,
    }
    with pytest.raises(InvalidRequestError):
        answering.load(AttachReceiptForm(), request)


def test_lines_that_read_like_alcohol_raise_a_question_and_accuse_nobody(
    with_card, carry_out, told, transaction
):
    purchase_id, _ = with_card()
    lines = [
        Line(description="House red wine", quantity=1, total_pence=10_00),
        Line(description="Wine gums", quantity=2, total_pence=5_00),
        Line(description="Sandwiches", quantity=4, total_pence=20_00),
    ]

    carry_out(attach_receipt, replace(a_receipt(purchase_id), lines=lines))

    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["role"]) == ("restricted_line", "broker")
    assert (raised["amount_pence"], raised["purchase_id"]) == (10_00, str(purchase_id))
    with transaction() as session:
        flags = session.scalars(select(ReceiptLine.flag).order_by(ReceiptLine.line)).all()
    assert flags == ["alcohol", None, None]


def test_misspending_ends_in_the_ledgers_own_way_of_giving_notice(with_card, carry_out, told):
    purchase_id, _ = with_card()
    line = Line(description="Vodka", quantity=1, total_pence=35_00)
    carry_out(attach_receipt, replace(a_receipt(purchase_id), lines=[line]))
    (raised,) = told("exception_raised")

    answer = carry_out(
        resolve_exception,
        ResolveException(
            exception_id=UUID(raised["exception_id"]),
            resolved_by=uuid4(),
            resolution=Resolution.REPAYMENT,
            reason="The person was asked; it was for a party.",
        ),
    )

    assert "propose_repayment" in answer["next_step"]
    assert "misused" in answer["next_step"]


def test_lines_that_do_not_come_to_the_amount_are_refused(with_card, carry_out, count):
    purchase_id, _ = with_card()
    line = Line(description="Sandwich", quantity=1, total_pence=34_99)

    with pytest.raises(LinesDoNotAddUpError) as refused:
        carry_out(attach_receipt, replace(a_receipt(purchase_id), lines=[line]))

    assert refused.value.details == {"lines_pence": 34_99, "amount_pence": 35_00}
    assert (count(Receipt), count(ReceiptLine)) == (0, 0)


@pytest.fixture
def completed(with_card, hear, transaction):
    """Buy something up to its booking."""

    def complete(**changed):
        purchase_id, _ = with_card(**changed)
        amount = changed.get("unit_cost_pence", 35_00)
        with transaction() as session:
            purchase = session.get_one(Purchase, purchase_id)
            bought = CardClaims(captured_pence=amount, is_bought=True)
            purchases.set_card_claims(purchase, bought, session=session, trace=a_trace())
        hear(holds.hold_captured, facts.captured(purchase_id, posted_pence=amount))
        return purchase_id

    return complete


def test_a_purchase_is_evidenced_when_it_is_completed_and_all_of_it_is_shown(
    completed, carry_out, now
):
    before = completed()
    assert now(before).evidenced_at is None

    carry_out(attach_receipt, replace(a_receipt(before), amount_pence=20_00))
    assert now(before).evidenced_at is None

    carry_out(attach_receipt, replace(a_receipt(before), amount_pence=15_00))
    assert now(before).evidenced_at is not None


def test_a_receipt_that_came_before_the_money_counts_when_it_is_booked(
    with_card, carry_out, hear, transaction, now
):
    purchase_id, _ = with_card()
    carry_out(attach_receipt, a_receipt(purchase_id))
    assert now(purchase_id).evidenced_at is None

    with transaction() as session:
        purchase = session.get_one(Purchase, purchase_id)
        bought = CardClaims(captured_pence=35_00, is_bought=True)
        purchases.set_card_claims(purchase, bought, session=session, trace=a_trace())
    hear(holds.hold_captured, facts.captured(purchase_id))

    assert now(purchase_id).evidenced_at is not None


def test_why_there_is_no_receipt_counts_and_of_more_than_a_little_somebody_looks(
    completed, carry_out, now, told
):
    little, more = completed(unit_cost_pence=25_00), completed(unit_cost_pence=25_01)

    for purchase_id in (little, more):
        command = NoReceiptBecause(purchase_id=purchase_id, reason="A market stall gives none.")
        for _ in range(2):
            carry_out(no_receipt_because, command)
        with pytest.raises(IdReusedError):
            carry_out(no_receipt_because, replace(command, reason="Lost."))

    assert now(little).evidenced_at is not None
    assert now(more).evidenced_at is not None
    assert [one["purchase_id"] for one in told("exception_raised")] == [str(more)]


def test_there_is_no_reason_for_no_receipt_where_there_is_one_or_nothing_was_bought(
    completed, requested, carry_out, count
):
    purchase_id = completed()
    carry_out(attach_receipt, a_receipt(purchase_id))

    with pytest.raises(HasReceiptError):
        carry_out(no_receipt_because, NoReceiptBecause(purchase_id=purchase_id, reason="Lost."))
    with pytest.raises(NothingBoughtError):
        carry_out(no_receipt_because, NoReceiptBecause(purchase_id=requested(), reason="Lost."))

    assert count(NoReceipt) == 0


def test_a_missing_receipt_is_asked_for_three_times_then_looked_at_and_no_card_is_locked(
    completed, transaction, told, now
):
    purchase_id = completed()
    completed_at = now(purchase_id).completed_at
    state = now(purchase_id).state

    def look(day):
        at = completed_at + timedelta(days=day)
        with transaction() as session:
            due = queries.missing(at, session=session)
        for command in due:
            with transaction() as session:
                chase_receipt(command, session=session, trace=a_trace(at=at))
        return len(due)

    assert [look(day) for day in (0, 6, 7, 7, 13, 14, 20, 28, 34, 35, 36, 400)] == [
        *(0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0)
    ]
    assert [one["reminder"] for one in told("receipt_missing")] == [1, 2, 3]
    assert {one["missing_pence"] for one in told("receipt_missing")} == {35_00}
    assert [one["kind"] for one in told("exception_raised")] == ["receipt_missing"]
    assert now(purchase_id).state is state
    with transaction() as session:
        assert session.scalars(select(Card.state)).all() == [CardState.ACTIVE]


def test_nobody_is_asked_for_a_receipt_that_is_there_or_for_what_came_back(
    completed, carry_out, transaction, hear, now
):
    shown, returned = completed(), completed()
    carry_out(attach_receipt, a_receipt(shown))
    with transaction() as session:
        purchase = session.get_one(Purchase, returned)
        purchase.posted_pence = 0

    with transaction() as session:
        later = now(shown).completed_at + timedelta(days=90)
        assert queries.missing(later, session=session) == []
