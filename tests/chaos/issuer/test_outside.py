"""Faults 22, 23, 27: the issuer refuses our calls, writes a wrong file, or is out for days."""

import csv
import io
from http import HTTPStatus

import pytest
import requests
import stripe

from deploy.local.waiting import wait_until
from tests.chaos.issuer.world import PATIENCE_SECONDS, PRICE

pytestmark = pytest.mark.prove
CARDS = "/v1/issuing/cards"
FOUR_DAYS = 4 * 86_400


@pytest.mark.parametrize("variant", ["too_many", "server_error", "lost_answer", "slow"])
def test_22_a_card_is_issued_once_whatever_the_issuer_answers_first(variant, world):
    def cards_issued():
        served = [entry for entry in world.log("served") if entry["path"] == CARDS]
        return {entry["id"] for entry in served}

    before = cards_issued()
    world.fault(fault="api_error", variant=variant, type=CARDS)

    bought = world.ready()

    assert cards_issued() - before == {bought.card}
    world.claim(world.buy(bought.card))
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_22_a_key_that_was_used_for_something_else_is_refused(world, bought):
    key = {"idempotency_key": f"once-{bought.card}"}
    world.client.issuing.cards.update(bought.card, {"metadata": {"a": "1"}}, key)

    with pytest.raises(stripe.IdempotencyError):
        world.client.issuing.cards.update(bought.card, {"metadata": {"a": "2"}}, key)


def settled(world, day):
    """Return what a day's settlement file says of each transaction."""
    answer = requests.get(f"{world.issuer_url}/sim/settlement/{day}.csv", timeout=30)
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return None
    rows = csv.DictReader(io.StringIO(answer.text))
    return {row["transaction_id"]: -int(row["amount"]) for row in rows}


def presented(world):
    """Return what payments has of each transaction: below 0 came back."""
    kept = "SELECT presentment_id, amount_pence, is_refund FROM presentments"
    return {
        row.presentment_id: -row.amount_pence if row.is_refund else row.amount_pence
        for row in world.house.rows("payments", kept)
    }


@pytest.mark.parametrize(
    "variant", ["missing_row", "extra_row", "wrong_amount", "duplicate_file", "late_day"]
)
def test_23_a_settlement_file_that_is_wrong_differs_from_what_was_told(variant, world, bought):
    world.claim(world.buy(bought.card))
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    day = world.control("clock", method="GET")["day"]
    told = presented(world)
    assert settled(world, day).items() <= told.items()

    world.fault(fault="settlement", variant=variant, type=day)
    wrong, right = settled(world, day), settled(world, day)

    assert wrong != right
    if variant == "missing_row":
        assert len(wrong) == len(right) - 1
    elif variant == "extra_row":
        assert len(wrong.keys() - told.keys()) == 1
    elif variant == "wrong_amount":
        assert len([one for one in wrong if wrong[one] != told[one]]) == 1


def test_27_four_days_without_the_issuer_end_in_the_right_balances(world, bought):
    world.fault(fault="outage", variant="approve", seconds=FOUR_DAYS)
    authorisation = world.buy(bought.card)
    assert authorisation.request_history[-1].reason == "network_fallback"
    world.claim(authorisation)
    waits = world.asked_for()  # its card cannot be issued meanwhile
    assert world.purchase(bought.purchase_id)["posted_pence"] == 0
    assert world.purchase(waits)["state"] == "requested"

    world.control("clock", {"advance_seconds": FOUR_DAYS})

    def is_ready():
        world.house.hurry()
        return world.purchase(waits)["state"] == "ready"

    assert wait_until(is_ready, patience_seconds=PATIENCE_SECONDS)
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    later = world.ready(waits)
    world.claim(world.buy(later.card))
    world.see_amounts(later.purchase_id, held=0, posted=PRICE)
