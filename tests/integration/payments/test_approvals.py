"""Above a broker's own limit somebody else has to say yes."""

from uuid import uuid4

import pytest

from services.payments.approvals import rules
from services.payments.approvals.commands import AmendPurchase, DecideOnPurchase
from services.payments.approvals.handlers import amend_purchase, decide_on_purchase
from services.payments.approvals.rules import Decision
from services.payments.exceptions.models import RaisedException
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase
from services.payments.holds.handlers import cancel_purchase
from services.payments.limits.rules import (
    NobodyMayApproveError,
    NotAllowedToApproveError,
    SamePersonError,
)
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import NotOnCareTeamError
from services.payments.purchases.states import NotPossibleNowError, PurchaseState
from services.payments.requesting.handlers import request_purchase
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.handlers import record_invoice
from services.payments.transfers.rules import PurchaseNotReadyError
from shared.messaging.tables import OutboxMessage
from tests.integration.payments import facts
from tests.integration.payments.network import matched, on_unknown_card, takes

LARGE_PENCE = 900_00


@pytest.fixture
def coordinator_id():
    return uuid4()


@pytest.fixture
def large(known_plan, ask, carry_out, coordinator_id):
    """Ask for more than a broker may ask for alone; returns the purchase's id."""

    def request(amount_pence=LARGE_PENCE, **changed):
        plan = known_plan(
            facts.an_item(unit_cost_pence=amount_pence, **changed),
            colleagues=[facts.a_member(coordinator_id, role="care_coordinator")],
        )
        command = ask(plan)
        carry_out(request_purchase, command)
        return command.purchase_id

    return request


@pytest.fixture
def decide(carry_out, coordinator_id):
    def decide_one(purchase_id, decision=Decision.APPROVED, **changed):
        command = DecideOnPurchase(
            **{
                "purchase_id": purchase_id,
                "decision": decision,
                "decided_by": coordinator_id,
                "reason": "I looked at it",
                **changed,
            }
        )
        return carry_out(decide_on_purchase, command)

    return decide_one


@pytest.fixture
def tasks(transaction):
    """Return kind, role and how it ended of each exception about a purchase."""

    def of(purchase_id):
        with transaction() as session:
            found = session.query(RaisedException).filter_by(purchase_id=purchase_id)
            return sorted(((one.kind, one.role, one.resolution) for one in found), key=str)

    return of


def placed(purchase_id, amount_pence=LARGE_PENCE):
    return facts.placed(purchase_id, held_pence=amount_pence)


def test_a_purchase_above_the_brokers_limit_is_held_and_waits(
    *, large, hear, now, told, errands, tasks
):
    purchase_id = large()
    assert now(purchase_id).state is PurchaseState.AWAITING_APPROVAL
    assert len(told("purchase_requested")) == 1

    hear(holds.hold_placed, placed(purchase_id))

    assert now(purchase_id).state is PurchaseState.AWAITING_APPROVAL
    assert now(purchase_id).held_pence == LARGE_PENCE
    assert errands("issue_card") == []
    (wanted,) = told("purchase_approval_wanted")
    assert (wanted["role"], wanted["amount_pence"]) == ("care_coordinator", LARGE_PENCE)
    assert tasks(purchase_id) == [("purchase_to_approve", "care_coordinator", None)]


def test_up_to_the_limit_nobody_is_asked(large, now, told, tasks):
    purchase_id = large(500_00)

    assert now(purchase_id).state is PurchaseState.REQUESTED
    assert told("purchase_approval_wanted") == []
    assert tasks(purchase_id) == []


@pytest.mark.parametrize("is_held_first", [True, False])
def test_the_way_to_pay_opens_once_when_it_is_held_and_approved_in_either_order(
    *, large, hear, decide, errands, tasks, is_held_first
):
    purchase_id = large()
    steps = [lambda: hear(holds.hold_placed, placed(purchase_id)), lambda: decide(purchase_id)]
    first, second = steps if is_held_first else reversed(steps)

    first()
    assert errands("issue_card") == []
    second()
    first()
    second()

    assert len(errands("issue_card")) == 1
    assert tasks(purchase_id) == [("purchase_to_approve", "care_coordinator", "done")]


def test_who_asks_never_approves(large, decide, broker_id, now):
    purchase_id = large()

    with pytest.raises(SamePersonError):
        decide(purchase_id, decided_by=broker_id)

    assert now(purchase_id).state is PurchaseState.AWAITING_APPROVAL


@pytest.mark.parametrize("amount_pence", [1_000_01, 10_000_00])
def test_a_role_approves_no_more_than_its_limit(large, decide, now, amount_pence):
    purchase_id = large(amount_pence)

    with pytest.raises(NotAllowedToApproveError):
        decide(purchase_id)

    assert now(purchase_id).state is PurchaseState.AWAITING_APPROVAL


def test_a_stranger_to_the_care_team_does_not_approve(large, decide):
    with pytest.raises(NotAllowedToApproveError):
        decide(large(), decided_by=uuid4())


def test_what_nobody_may_approve_is_refused_at_once(large, count):
    with pytest.raises(NobodyMayApproveError):
        large(10_000_01)

    assert count(Purchase) == 0
    assert count(OutboxMessage) == 0


def test_a_rejected_purchase_lets_its_money_go_and_tells_why(large, hear, decide, now, told):
    purchase_id = large()
    hear(holds.hold_placed, placed(purchase_id))

    for _ in range(2):
        decide(purchase_id, Decision.REJECTED, reason="It is sold for half of it elsewhere")

    assert now(purchase_id).state is PurchaseState.REJECTED
    (amounts,) = told("purchase_amounts_changed")
    assert amounts["held_pence"] == 0
    (event,) = told("purchase_refused")
    assert event["code"] == "approval_refused"
    assert "half of it elsewhere" in event["reason"]


def test_one_rejected_before_the_ledger_answers_ends_with_nothing_held(
    *, large, hear, decide, now, told
):
    purchase_id = large()
    decide(purchase_id, Decision.REJECTED)

    hear(holds.hold_placed, placed(purchase_id))

    assert [event["held_pence"] for event in told("purchase_amounts_changed")] == [0]
    assert now(purchase_id).state is PurchaseState.REJECTED
    with pytest.raises(NotPossibleNowError):
        decide(purchase_id)


@pytest.fixture
def amend(carry_out, broker_id):
    def amend_one(purchase_id, amount_pence=LARGE_PENCE, **changed):
        command = AmendPurchase(
            **{
                "purchase_id": purchase_id,
                "amended_by": broker_id,
                "amount_pence": amount_pence,
                "instruction": "The smaller one",
                **changed,
            }
        )
        return carry_out(amend_purchase, command)

    return amend_one


def test_a_returned_purchase_is_amended_and_asked_about_anew(
    *, large, hear, decide, amend, now, told, tasks
):
    purchase_id = large()
    hear(holds.hold_placed, placed(purchase_id))
    decide(purchase_id, Decision.RETURNED)
    assert now(purchase_id).state is PurchaseState.RETURNED

    answers = [amend(purchase_id, 800_00) for _ in range(2)]

    assert answers == [{"state": PurchaseState.AWAITING_APPROVAL}] * 2
    assert now(purchase_id).held_pence == 800_00
    assert [event["held_pence"] for event in told("purchase_amounts_changed")] == [800_00]
    assert len(told("purchase_approval_wanted")) == 2
    assert tasks(purchase_id) == [
        ("purchase_returned", "broker", "done"),
        ("purchase_to_approve", "care_coordinator", "done"),
        ("purchase_to_approve", "care_coordinator", None),
    ]


@pytest.mark.parametrize("is_held_first", [True, False])
def test_an_amended_purchase_within_the_limit_goes_on_alone(
    *, large, hear, decide, amend, now, errands, is_held_first
):
    purchase_id = large()
    if is_held_first:
        hear(holds.hold_placed, placed(purchase_id))
    decide(purchase_id, Decision.RETURNED)
    amend(purchase_id, 400_00)
    if not is_held_first:
        hear(holds.hold_placed, placed(purchase_id))

    (asked,) = errands("issue_card")
    assert asked["limit_pence"] == 400_00
    assert now(purchase_id).held_pence == 400_00


def test_nothing_is_amended_upwards_or_by_a_stranger_or_before_it_came_back(
    *, large, decide, amend, now
):
    purchase_id = large()
    with pytest.raises(NotPossibleNowError):
        amend(purchase_id, 800_00)
    decide(purchase_id, Decision.RETURNED)

    with pytest.raises(rules.AmountAboveFirstError):
        amend(purchase_id, LARGE_PENCE + 1)
    with pytest.raises(NotOnCareTeamError):
        amend(purchase_id, amended_by=uuid4())

    assert now(purchase_id).state is PurchaseState.RETURNED
    assert now(purchase_id).amount_pence == LARGE_PENCE


def test_a_cancelled_purchase_waits_for_nobody(large, carry_out, tasks, decide):
    purchase_id = large()

    carry_out(cancel_purchase, CancelPurchase(purchase_id=purchase_id, reason="Not wanted"))

    assert tasks(purchase_id) == [("purchase_to_approve", "care_coordinator", "done")]
    with pytest.raises(NotPossibleNowError):
        decide(purchase_id)


def test_money_that_came_on_another_card_approves_nothing(
    *, large, hear, decide, network, carry_out, now, errands
):
    purchase_id = large(rail="invoice")
    hear(holds.hold_placed, placed(purchase_id))
    on_unknown_card(takes(1_00, authorisation=None))(network)
    matched(named="ipi_1", to=purchase_id, is_refund=False)(network)
    invoice = RecordInvoice(purchase_id=purchase_id, invoice_number="1", amount_pence=800_00)

    with pytest.raises(PurchaseNotReadyError):
        carry_out(record_invoice, invoice)

    assert now(purchase_id).posted_pence == 1_00
    assert errands("order_transfer") == []
