"""Faults 2, 10, 12, 13, 24, 28: what goes wrong while the shop waits for an answer."""

import pytest

from tests.chaos.issuer.world import PRICE, REQUEST

pytestmark = pytest.mark.prove
TOO_MUCH = PRICE + 5_00
FORGED = ("other_body", "missing", "old", "future", "wrong_secret", "garbled")


def reason(authorisation):
    return authorisation.request_history[-1].reason


def test_02_a_question_whose_answer_was_lost_gets_the_same_answer_again(world, bought):
    world.fault(fault="lost_answer", card=bought.card)

    authorisation = world.buy(bought.card)

    assert authorisation.approved
    assert [one["is_approved"] for one in world.decisions(bought.purchase_id)] == [True]
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


@pytest.mark.parametrize("variant", FORGED)
def test_07_a_question_that_is_signed_wrongly_binds_no_money(variant, world, bought):
    world.fault(fault="bad_signature", variant=variant, type=REQUEST, card=bought.card)

    authorisation = world.buy(bought.card)

    assert (authorisation.approved, reason(authorisation)) == (False, "webhook_error")
    assert world.decisions(bought.purchase_id) == []
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)


def test_09_a_question_about_an_unknown_card_is_answered_with_no(world, bought):
    asked = len(world.log("asked_beside"))
    world.fault(fault="unknown_card", type=REQUEST, card=bought.card)

    assert world.buy(bought.card).approved

    (beside,) = world.log("asked_beside")[asked:]
    assert beside["outcome"] == "200"
    assert '"approved":false' in beside["answer"].replace(" ", "")


def test_10_a_yes_that_came_too_late_is_not_held_against_the_purchase(world, bought):
    world.fault(fault="late_answer", variant="decline", card=bought.card)

    declined = world.buy(bought.card)

    assert (declined.approved, reason(declined)) == (False, "webhook_timeout")
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(world.buy(bought.card))  # the money is free for the next try
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_10_what_is_approved_without_our_answer_is_held_though_we_said_no(world, bought):
    world.lift_limit(bought.card)
    world.fault(fault="late_answer", variant="approve", card=bought.card)

    authorisation = world.buy(bought.card, TOO_MUCH)

    assert (authorisation.approved, reason(authorisation)) == (True, "webhook_timeout")
    world.see_amounts(bought.purchase_id, held=TOO_MUCH, posted=0)
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=0, posted=TOO_MUCH)
    raised = world.exceptions(bought.purchase_id)
    assert (raised["approved_without_us"], raised["over_capture"]) == (1, 1)


def test_10_a_late_yes_that_the_network_gave_in_our_place_is_held_once(world, bought):
    world.fault(fault="late_answer", variant="approve", card=bought.card)

    authorisation = world.buy(bought.card)

    assert (authorisation.approved, reason(authorisation)) == (True, "webhook_timeout")
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_12_what_the_network_approves_in_our_place_is_held(world, bought):
    world.lift_limit(bought.card)
    world.fault(fault="stand_in", variant="approve", card=bought.card)

    authorisation = world.buy(bought.card, TOO_MUCH)

    assert (authorisation.approved, reason(authorisation)) == (True, "network_fallback")
    assert world.decisions(bought.purchase_id) == []
    world.see_amounts(bought.purchase_id, held=TOO_MUCH, posted=0)
    assert world.exceptions(bought.purchase_id)["approved_without_us"] == 1


def test_12_what_the_network_declines_in_our_place_leaves_the_purchase_as_it_was(world, bought):
    world.fault(fault="stand_in", variant="decline", card=bought.card)

    assert reason(world.buy(bought.card)) == "network_fallback"

    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(world.buy(bought.card))
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


@pytest.mark.parametrize("variant", ["zero", "penny"])
def test_13_a_check_of_the_card_does_not_use_the_purchase_up(variant, world, bought):
    world.fault(fault="card_check", variant=variant, card=bought.card)

    authorisation = world.buy(bought.card)
    if not authorisation.approved:  # the penny was not told to be free again yet
        world.come_to_rest()
        authorisation = world.buy(bought.card)

    assert authorisation.approved
    amounts = {one["amount_pence"] for one in world.decisions(bought.purchase_id)}
    assert amounts == {0 if variant == "zero" else 1, PRICE}
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_13_a_shop_that_could_take_less_never_gets_more_than_is_held(world, bought):
    world.fault(fault="partial_approval", amount=5_00, card=bought.card)

    authorisation = world.buy(bought.card)

    assert not authorisation.approved or authorisation.amount <= PRICE
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)


def test_24_fifty_at_once_share_what_is_held(world, bought):
    world.fault(fault="burst", amount=50, card=bought.card)

    world.buy(bought.card)

    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    found = world.client.issuing.authorizations.list({"card": bought.card, "limit": 60}).data
    assert len(found) == 50
    assert sum(one.amount for one in found if one.approved) <= PRICE
    decided = world.decisions(bought.purchase_id)
    assert sum(one["amount_pence"] for one in decided if one["is_approved"]) <= PRICE


def test_28_a_card_that_is_lost_keeps_its_purchase_and_takes_no_other(world, bought):
    world.fault(fault="card_lost", card=bought.card)

    authorisation = world.buy(bought.card)

    lost = world.client.issuing.cards.retrieve(bought.card)
    assert (lost.status, lost.cancellation_reason) == ("canceled", "lost")
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    assert reason(world.buy(bought.card)) == "card_canceled"
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_28_a_card_that_is_replaced_here_pays_on_and_the_money_of_both_is_the_purchases(
    world, bought
):
    before = world.buy(bought.card, 20_00)

    new_card = world.replace(bought)

    assert reason(world.buy(bought.card, 1_00)) == "card_canceled"
    afterwards = world.buy(new_card, PRICE - 20_00)
    assert (before.approved, afterwards.approved) == (True, True)
    assert not world.buy(new_card, 1).approved
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)
    world.claim(afterwards)
    world.claim(before)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert world.exceptions(bought.purchase_id) == {}
