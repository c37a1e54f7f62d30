"""Faults 14 to 21: shops take more, less, later, twice or without asking, and give back oddly."""

import pytest

from deploy.local.waiting import wait_until
from tests.chaos.issuer.world import PATIENCE_SECONDS, PRICE

pytestmark = pytest.mark.prove


def test_14_increments_are_held_up_to_the_hold_and_a_refused_one_leaves_the_first_sum(
    world, bought
):
    world.lift_limit(bought.card)
    world.fault(fault="increment", amount=5_00, times=3, card=bought.card)

    grown = world.buy(bought.card, 25_00)

    assert [one.approved for one in grown.request_history] == [True, True, True, False]
    authorisation = world.client.issuing.authorizations.retrieve(grown.id)
    assert (authorisation.amount, authorisation.status) == (PRICE, "pending")
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(grown)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_15_what_is_given_back_before_the_claim_can_be_spent_again(world, bought):
    world.fault(fault="reversal", variant="whole", card=bought.card)

    assert world.buy(bought.card).status == "reversed"

    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(world.buy(bought.card))
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_15_what_is_given_back_in_part_is_free_after_the_claim(world, bought):
    world.fault(fault="reversal", variant="part", amount=10_00, card=bought.card)

    authorisation = world.buy(bought.card)

    assert authorisation.amount == PRICE - 10_00
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE - 10_00)


def test_16_what_lapsed_can_be_claimed_late_and_is_booked(world, bought):
    world.fault(fault="expiry", variant="then_capture", card=bought.card)

    assert world.buy(bought.card).status == "closed"

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_16_what_lapsed_and_is_not_claimed_can_be_spent_again(world, bought):
    world.fault(fault="expiry", variant="alone", card=bought.card)

    assert world.buy(bought.card).status == "expired"

    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(world.buy(bought.card))
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


@pytest.mark.parametrize(
    ("variant", "posted", "is_too_much"),
    [
        ("under", PRICE - 10_00, False),
        ("over", PRICE + 10_00, True),
        ("multi", PRICE, False),
        ("tip", PRICE + 10_00, True),
    ],
)
def test_17_a_claim_of_whatever_size_is_booked_whole(variant, posted, is_too_much, world, bought):
    world.fault(fault="odd_capture", variant=variant, amount=10_00, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=posted)
    assert world.exceptions(bought.purchase_id)["over_capture"] == int(is_too_much)


def test_18_a_claim_that_nobody_was_asked_about_is_booked_where_its_card_belongs(world, bought):
    world.fault(fault="unasked_capture", variant="no_authorization", card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert world.exceptions(bought.purchase_id)["capture_not_authorised"] == 1


def test_18_a_card_that_the_issuer_ended_stops_no_claim(world, bought):
    world.fault(fault="unasked_capture", variant="canceled_card", card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_18_a_claim_after_our_no_is_booked_and_somebody_looks(world, bought):
    world.lift_limit(bought.card)
    world.fault(fault="unasked_capture", variant="after_decline", card=bought.card)

    assert not world.buy(bought.card, PRICE + 5_00).approved

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE + 5_00)
    raised = world.exceptions(bought.purchase_id)
    assert (raised["capture_after_decline"], raised["over_capture"]) == (1, 1)


@pytest.mark.parametrize(
    ("variant", "posted", "reversals"),
    [
        ("linked", PRICE - 10_00, 0),
        ("early", PRICE - 10_00, 0),
        ("duplicate_amount", PRICE - 20_00, 0),
        ("reversed", PRICE, 1),
    ],
)
def test_19_what_came_back_and_stayed_is_taken_off(variant, posted, reversals, world, bought):
    world.fault(fault="odd_refund", variant=variant, amount=10_00, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=posted)
    assert world.exceptions(bought.purchase_id)["refund_reversed"] == reversals


def test_19_a_refund_that_names_no_purchase_waits_for_a_person(world, bought):
    world.fault(fault="odd_refund", variant="unlinked", amount=10_00, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert world.exceptions(bought.purchase_id)["unmatched_refund"] == 1


def test_19_a_refund_of_what_the_issuer_does_not_know_waits_for_a_person_once_it_was_asked(
    world, bought
):
    world.fault(fault="odd_refund", variant="wrongly_linked", amount=10_00, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert world.exceptions(bought.purchase_id)["unmatched_refund"] == 0
    world.let_silence_pass()
    assert wait_until(
        lambda: world.exceptions(bought.purchase_id)["unmatched_refund"] == 1,
        patience_seconds=PATIENCE_SECONDS,
    )
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


@pytest.mark.parametrize(
    ("variant", "posted"), [("dearer", PRICE + 1_00), ("cheaper", PRICE - 1_00)]
)
def test_20_a_foreign_currency_that_moved_is_booked_as_it_was_claimed(
    variant, posted, world, bought
):
    world.fault(fault="foreign_drift", variant=variant, amount=1_00, card=bought.card)

    claimed = world.claim(world.buy(bought.card))

    assert claimed.transactions[0].merchant_currency == "eur"
    world.see_amounts(bought.purchase_id, held=0, posted=posted)


def test_20_a_fee_of_the_network_is_no_cost_of_the_purchase(world, bought):
    world.fault(fault="fee_line", amount=45, card=bought.card)

    claimed = world.claim(world.buy(bought.card))

    (moved,) = world.client.balance_transactions.list({"source": claimed.transactions[0].id}).data
    assert (moved.fee, moved.net) == (45, -PRICE - 45)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


@pytest.mark.parametrize(
    ("variant", "ends"),
    [
        ("lost", ("lost", PRICE, 1)),
        ("expired", ("expired", PRICE, 1)),
        ("rescinded", ("submitted", PRICE, 0)),
        ("refunded_meanwhile", ("lost", 0, 0)),
    ],
)
def test_21_a_dispute_without_success_leaves_what_was_paid(variant, ends, world, bought):
    status, posted, lost = ends
    world.fault(fault="dispute", variant=variant, card=bought.card)

    claimed = world.claim(world.buy(bought.card))

    (dispute,) = world.client.issuing.disputes.list(
        {"transaction": claimed.transactions[0].id}
    ).data
    assert dispute.status == status
    world.see_amounts(bought.purchase_id, held=0, posted=posted)
    assert world.exceptions(bought.purchase_id)["dispute_lost"] == lost


def test_21_a_dispute_that_was_won_gives_the_money_back(world, bought):
    world.fault(fault="dispute", variant="won", card=bought.card)

    claimed = world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=0)
    (dispute,) = world.client.issuing.disputes.list(
        {"transaction": claimed.transactions[0].id}
    ).data
    kept = world.house.rows(
        "payments",
        "SELECT event_type FROM issuer_events"
        " WHERE body #>> '{data,object,id}' = :dispute_id ORDER BY event_type",
        dispute_id=dispute.id,
    )
    assert dispute.status == "won"
    assert [one.event_type.rpartition(".")[2] for one in kept] == [
        "closed",
        "created",
        "funds_reinstated",
        "submitted",
    ]
