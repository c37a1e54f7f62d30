"""A purchase whose rail was changed: what the issuer and the bank say of it adds up, once."""

from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.authorisations.handlers import record_presentment
from services.payments.entitlements.rules import Rail
from services.payments.exceptions.models import RaisedException
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase, FinishPurchase
from services.payments.holds.handlers import cancel_purchase, finish_purchase
from services.payments.holds.queries import waiting_for_payee
from services.payments.holds.rules import AlreadyOrderedError
from services.payments.payees.rules import PayeeUnknownError
from services.payments.presentments.commands import RecordPresentment
from services.payments.purchases.states import PurchaseState
from services.payments.rails import queries
from services.payments.rails.commands import UseSecondRail
from services.payments.rails.handlers import (
    enquiry_given_up,
    record_card_enquiry,
    record_transfer_enquiry,
    use_second_rail,
)
from services.payments.rails.models import RailChange
from services.payments.rails.rules import MayBePaidError, Party
from services.payments.rails.waiting import ENQUIRE
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.handlers import end_transfer, record_invoice
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.messaging.tables import Errand, ErrandState
from tests.factories import a_trace
from tests.integration.payments import facts


@pytest.fixture
def another_way(carry_out):
    def change(purchase_id, rail):
        command = UseSecondRail(
            purchase_id=purchase_id, rail=rail, decided_by=uuid4(), reason="An outage"
        )
        return carry_out(use_second_rail, command)["change"]

    return change


@pytest.fixture
def answered(transaction):
    """Let an enquiry be answered."""

    def answer(record, said, arguments):
        with transaction() as session:
            record(said, arguments, session=session, trace=a_trace())

    return answer


@pytest.fixture
def on_the_bank(with_card, another_way, now, a_payee_is_known, answered):
    """Have a purchase with a card that nobody used paid through the bank; returns its card, too."""

    def change():
        purchase_id, card = with_card()
        a_payee_is_known(now(purchase_id).person_id)
        assert another_way(purchase_id, Rail.BACS) == "asked"
        answered(record_card_enquiry, False, {"purchase_id": str(purchase_id)})
        return purchase_id, card

    return change


@pytest.fixture
def takes(carry_out):
    def move(card, amount_pence, *, is_refund=False):
        told = RecordPresentment(
            presentment_id=f"ipi_{uuid4().hex}",
            issuer_card_id=card,
            authorisation_id="iauth_late",
            is_refund=is_refund,
            amount_pence=amount_pence,
        )
        carry_out(record_presentment, told)

    return move


@pytest.fixture
def ends(transaction):
    def end(transfer_id, state):
        with transaction() as session:
            end_transfer(transfer_id, state, failure_reason=None, session=session, trace=a_trace())

    return end


@pytest.fixture
def kinds_raised(transaction):
    def about(purchase_id):
        with transaction() as session:
            raised = select(RaisedException.kind).where(RaisedException.purchase_id == purchase_id)
            return sorted(session.scalars(raised))

    return about


def test_the_money_of_a_card_that_nobody_used_is_held_for_the_bank(on_the_bank, now, told):
    purchase_id, _ = on_the_bank()

    assert (now(purchase_id).state, now(purchase_id).rail) == (PurchaseState.AUTHORISED, Rail.BACS)
    assert now(purchase_id).held_pence == now(purchase_id).promised_pence == 35_00
    assert told("purchase_amounts_changed") == []  # for the ledger nothing has changed


@pytest.mark.parametrize("order", list(permutations(["capture", "paid", "refund"])))
def test_a_late_capture_counts_beside_the_transfer_in_any_order_and_comes_back_alone(
    *, on_the_bank, takes, ends, now, kinds_raised, order
):
    purchase_id, card = on_the_bank()
    happens = {
        "capture": lambda: takes(card, 35_00),
        "paid": lambda: ends(purchase_id, TransferState.PAID),
        "refund": lambda: takes(card, 35_00, is_refund=True),
    }

    for what in order:
        happens[what]()
        stands = now(purchase_id)
        assert stands.held_pence == (0 if stands.transferred_pence else 35_00)

    assert (stands.posted_pence, stands.captured_pence) == (35_00, 70_00)
    assert stands.unmatched_pence == 0
    assert "over_capture" in kinds_raised(purchase_id)


def test_what_a_shop_took_stays_when_the_bank_then_fails(
    *, on_the_bank, takes, ends, now, kinds_raised, told
):
    purchase_id, card = on_the_bank()
    takes(card, 35_00)

    ends(purchase_id, TransferState.FAILED)

    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (0, 35_00)
    assert now(purchase_id).ending is None
    assert "transfer_failed" in kinds_raised(purchase_id)
    assert told("purchase_refused") == []


def test_nothing_changes_where_the_bank_cannot_pay_the_payee(
    *, held, another_way, now, count, transaction
):
    purchase_id = held()

    with pytest.raises(PayeeUnknownError):
        another_way(purchase_id, Rail.BACS)

    assert (now(purchase_id).rail, count(RailChange), count(Transfer)) == (Rail.CARD, 0, 0)
    with transaction() as session:
        (issuing,) = session.scalars(select(Errand.state).where(Errand.kind == "issue_card"))
    assert issuing is ErrandState.WAITING


@pytest.fixture
def invoiced(held, carry_out):
    """Hold money for a purchase on invoice and record invoices; returns it and their transfers."""

    def record(*amounts_pence):
        purchase_id = held("invoice")
        for number, amount_pence in enumerate(amounts_pence):
            command = RecordInvoice(
                purchase_id=purchase_id, invoice_number=f"{number}", amount_pence=amount_pence
            )
            carry_out(record_invoice, command)
        return purchase_id

    return record


@pytest.fixture
def transfers_of(transaction):
    def of_purchase(purchase_id):
        with transaction() as session:
            found = select(Transfer).where(Transfer.purchase_id == purchase_id)
            return session.scalars(found).all()

    return of_purchase


def test_an_invoice_that_never_got_to_the_bank_gives_way_to_a_card_for_all_that_is_held(
    *, invoiced, another_way, now, transfers_of, hear, transaction, errands
):
    purchase_id = invoiced(20_00)

    assert another_way(purchase_id, Rail.CARD) == "done"

    (transfer,) = transfers_of(purchase_id)
    assert (transfer.state, transfer.failure_reason) == (TransferState.FAILED, "second_rail")
    assert now(purchase_id).state is PurchaseState.REQUESTED
    assert (now(purchase_id).held_pence, now(purchase_id).promised_pence) == (35_00, 0)
    (issuing,) = errands("issue_card")
    assert (issuing["purchase_id"], issuing["limit_pence"]) == (str(purchase_id), 35_00)
    with transaction() as session:
        facts.record_card(session, purchase_id, f"ic_{uuid4().hex}")
    assert now(purchase_id).state is PurchaseState.READY


def test_more_than_one_invoice_on_its_way_goes_no_other_way(*, invoiced, another_way, count):
    purchase_id = invoiced(20_00, 5_00)

    with pytest.raises(MayBePaidError):
        another_way(purchase_id, Rail.CARD)

    assert count(RailChange) == 0


def test_the_bank_pays_after_all_what_was_taken_back_and_somebody_looks(
    *, invoiced, another_way, ends, now, transfers_of, kinds_raised
):
    purchase_id = invoiced(20_00)
    another_way(purchase_id, Rail.CARD)
    (transfer,) = transfers_of(purchase_id)

    ends(transfer.transfer_id, TransferState.PAID)

    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (15_00, 20_00)
    assert kinds_raised(purchase_id) == ["transfer_paid_after_failure"]


@pytest.fixture
def asked_about(invoiced, another_way, transaction, transfers_of):
    """Ask the bank about an invoice of unknown outcome; returns the purchase and the enquiry."""

    def ask():
        purchase_id = invoiced(20_00)
        with transaction() as session:
            sending = select(Errand).where(Errand.kind == "order_transfer")
            session.scalars(sending).one().state = ErrandState.UNKNOWN
        assert another_way(purchase_id, Rail.CARD) == "asked"
        (transfer,) = transfers_of(purchase_id)
        enquiry = {"purchase_id": str(purchase_id), "reference": str(transfer.transfer_id)}
        return purchase_id, enquiry

    return ask


def test_the_bank_is_asked_by_the_invoices_own_reference(asked_about, errands, answered, now):
    purchase_id, enquiry = asked_about()
    assert errands("enquire_transfer") == [enquiry]

    answered(record_transfer_enquiry, {"order": None}, enquiry)

    assert now(purchase_id).rail is Rail.CARD
    assert len(errands("issue_card")) == 1


def test_a_purchase_finished_while_the_bank_is_asked_holds_nothing_when_it_has_no_order(
    *, asked_about, carry_out, answered, now, told, errands
):
    purchase_id, enquiry = asked_about()
    with pytest.raises(AlreadyOrderedError):
        carry_out(cancel_purchase, CancelPurchase(purchase_id=purchase_id, reason="No"))
    carry_out(finish_purchase, FinishPurchase(purchase_id=purchase_id, reason="No more"))
    assert now(purchase_id).held_pence == 20_00

    answered(record_transfer_enquiry, {"order": None}, enquiry)

    assert (now(purchase_id).held_pence, now(purchase_id).state) == (0, PurchaseState.REFUSED)
    assert told("purchase_amounts_changed")[-1]["held_pence"] == 0
    assert errands("issue_card") == []


def test_who_waits_for_the_bank_is_known_by_their_invoice(invoiced, transaction):
    purchase_id = invoiced(20_00)

    with transaction() as session:
        (found,) = queries.people_at_risk(Party.BANK, session=session)

    assert [one["purchase_id"] for one in found["purchases"]] == [purchase_id]
    assert found["direct_payments"] == []


def test_what_the_bank_paid_is_reconciled_when_the_ledger_has_booked_the_same(
    *, held, ends, hear, now
):
    purchase_id = held("bacs")
    ends(purchase_id, TransferState.PAID)
    assert now(purchase_id).reconciled_at is None

    hear(holds.hold_captured, facts.captured(purchase_id, posted_pence=34_00))
    assert now(purchase_id).reconciled_at is None
    hear(holds.hold_captured, facts.captured(purchase_id, version=3))

    assert now(purchase_id).reconciled_at is not None
    assert now(purchase_id).state is PurchaseState.COMPLETED  # and not shown yet


def test_who_goes_another_way_waits_for_no_payee_any_more(
    *, known_plan, ask, carry_out, hear, another_way, a_payee_is_known, errands, transaction, told
):
    plan = known_plan(facts.an_item(rail="bacs"), with_payees=False)
    command = ask(plan)
    carry_out(facts.request_purchase, command)
    hear(holds.hold_placed, facts.placed(command.purchase_id))
    assert [one["kind"] for one in told("exception_raised")] == ["payee_to_confirm"]

    assert another_way(command.purchase_id, Rail.CARD) == "done"
    a_payee_is_known(plan.person_id)

    assert [one["resolution"] for one in told("exception_resolved")] == ["done"]
    with transaction() as session:
        assert waiting_for_payee(facts.TUESDAY_AT_TEN, session=session) == []
    assert (len(errands("issue_card")), errands("order_transfer")) == (1, [])


@pytest.fixture
def in_vain(transaction):
    """Let an enquiry have no tries left."""

    def give_up(kind):
        with transaction() as session:
            found = select(Errand).where(Errand.kind == kind, Errand.state == ErrandState.WAITING)
            errand = session.scalars(found).one()
            errand.state = ErrandState.FAILED
            session.flush()
            enquiry_given_up("out_of_tries", errand.arguments, session=session, trace=a_trace())

    return give_up


@pytest.mark.parametrize("party", list(Party))
def test_an_enquiry_that_nobody_answered_is_somebodys_and_the_same_decision_asks_again(
    *, party, invoiced, with_card, now, a_payee_is_known, in_vain, carry_out, transaction, told,
    errands,
):  # fmt: skip
    kind, to = ENQUIRE[party], Rail.CARD if party is Party.BANK else Rail.BACS
    if party is Party.BANK:
        purchase_id = invoiced(20_00)
        with transaction() as session:
            sending = select(Errand).where(Errand.kind == "order_transfer")
            session.scalars(sending).one().state = ErrandState.UNKNOWN
    else:
        purchase_id, _ = with_card()
        a_payee_is_known(now(purchase_id).person_id)
    decision = UseSecondRail(
        purchase_id=purchase_id, rail=to, decided_by=uuid4(), reason="An outage"
    )
    for _ in range(2):  # while it is asked, a repeat asks no second time
        assert carry_out(use_second_rail, decision)["change"] == "asked"
    assert len(errands(kind)) == 1

    for number in (1, 2):
        in_vain(kind)
        raised = told("exception_raised")
        assert [one["kind"] for one in raised] == ["second_rail_not_decided"] * number
        assert (raised[-1]["role"], raised[-1]["amount_pence"]) == ("finance_officer", 35_00)
        with transaction() as session:
            (risk,) = queries.people_at_risk(party, session=session)
        assert [one["purchase_id"] for one in risk["purchases"]] == [purchase_id]
        for _ in range(2):
            assert carry_out(use_second_rail, decision)["change"] == "asked"
        assert len(errands(kind)) == number + 1
        assert len(told("exception_resolved")) == number
    assert errands(kind)[0] == errands(kind)[-1]
