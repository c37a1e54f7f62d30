"""Faults 1 to 9, 11, 25, 26: the issuer tells twice, late, wrongly, falsely or not at all."""

import pytest

from deploy.local.waiting import wait_until
from tests.chaos.issuer.world import CREATED, MOVED, PRICE, UPDATED

pytestmark = pytest.mark.prove
SIGNED_WRONGLY = ("other_body", "missing", "old", "future", "wrong_secret", "garbled")
REFUSED = ("not_utf8", "not_json", "list", "too_large", "truncated")
UNREADABLE = ("missing_field", "null_field")


def outcomes_of(world, event_type, *, what, since):
    return [
        entry["outcome"]
        for entry in world.log(what)
        if entry["event_type"] == event_type and entry["number"] > since
    ]


@pytest.fixture
def since(world):
    """The log's last entry before the test."""
    entries = world.control("log", method="GET")["entries"]
    return entries[-1]["number"] if entries else 0


@pytest.mark.parametrize("told", [CREATED, UPDATED, MOVED])
def test_01_an_event_that_comes_twice_is_booked_once(told, world, bought):
    world.fault(fault="duplicate_event", type=told, card=bought.card, times=5)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert world.exceptions(bought.purchase_id) == {}


@pytest.mark.parametrize("late", [CREATED, MOVED])
def test_03_any_order_of_events_ends_in_the_same(late, world, bought):
    world.fault(fault="reorder_event", type=late, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_04_an_event_that_took_longer_than_its_signature_lives_is_taken_when_signed_anew(
    world, bought, since
):
    world.fault(fault="bad_signature", variant="old", type=MOVED, card=bought.card)
    world.fault(fault="delay_event", seconds=0.3, type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert outcomes_of(world, MOVED, what="event_not_delivered", since=since) == ["400"]


def test_05_what_was_never_told_is_booked_when_somebody_asks_for_it(world, bought):
    world.fault(fault="drop_event", card=bought.card, type=MOVED)
    world.fault(fault="drop_event", card=bought.card, type=UPDATED)
    authorisation = world.buy(bought.card)
    world.claim(authorisation)
    world.see_amounts(bought.purchase_id, held=PRICE, posted=0)

    for event in world.client.events.list({"limit": 10, "types": [MOVED, UPDATED]}):
        if authorisation.id in str(event):
            world.control(f"events/{event.id}/send")

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_06_an_old_snapshot_after_a_newer_one_changes_nothing(world, bought):
    world.fault(fault="stale_snapshot", type=UPDATED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


@pytest.mark.parametrize("variant", SIGNED_WRONGLY)
def test_07_an_event_that_is_signed_wrongly_is_refused_and_comes_again(
    variant, world, bought, since
):
    world.fault(fault="bad_signature", variant=variant, type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert outcomes_of(world, MOVED, what="event_not_delivered", since=since) == ["400"]


def test_07_while_a_secret_is_rotated_the_right_one_of_two_signatures_is_enough(
    world, bought, since
):
    world.fault(fault="bad_signature", variant="rotated", type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert outcomes_of(world, MOVED, what="event_not_delivered", since=since) == []


@pytest.mark.parametrize("variant", REFUSED)
def test_08_a_body_that_cannot_be_read_is_refused_and_moves_nothing(variant, world, bought, since):
    world.fault(fault="malformed_event", variant=variant, type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    (outcome,) = outcomes_of(world, MOVED, what="event_given_up", since=since)
    assert outcome in {"400", "ConnectionError"}  # the latter where it is too large to be read


@pytest.mark.parametrize("variant", UNREADABLE)
def test_08_an_event_in_an_unknown_form_is_kept_and_somebody_looks(variant, world, bought):
    before = world.exceptions()["unreadable_event"]
    world.fault(fault="malformed_event", variant=variant, type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert world.exceptions()["unreadable_event"] == before + 1


def test_08_an_event_of_an_unknown_type_is_kept_and_changes_nothing(world, bought):
    world.fault(fault="malformed_event", variant="unknown_type", type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    kept = "SELECT state FROM issuer_events WHERE event_type = 'issuing_horoscope.cast'"
    assert {one.state for one in world.house.rows("payments", kept)} == {"ignored"}


def test_08_a_status_that_nobody_knows_holds_the_money_until_more_is_known(world, bought):
    world.fault(fault="malformed_event", variant="unknown_enum", type=UPDATED, card=bought.card)
    authorisation = world.buy(bought.card)

    world.claim(authorisation)

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_09_money_on_a_card_that_is_none_of_ours_is_an_exception_in_the_end(world, bought):
    before = world.exceptions()["unknown_card"]
    world.fault(fault="unknown_card", type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE, but_errands=1)

    def is_raised():
        world.house.hurry()  # the ten hours for which a card may still become known
        return world.exceptions()["unknown_card"] == before + 1

    assert wait_until(is_raised, patience_seconds=60)


def test_09_a_claim_of_an_authorisation_that_nobody_knows_is_money_that_left(world, bought):
    world.fault(fault="unknown_authorization", type=MOVED, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=2 * PRICE)
    assert world.exceptions(bought.purchase_id)["over_capture"] == 1


@pytest.mark.parametrize("told", [CREATED, MOVED])
def test_11_an_event_whose_connection_broke_after_our_commit_is_booked_once(
    told, world, bought, since
):
    world.fault(fault="reset_connection", type=told, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    assert outcomes_of(world, told, what="event_not_delivered", since=since) == ["reset"]


@pytest.mark.parametrize("variant", ["ahead", "behind"])
def test_25_a_clock_that_is_ten_minutes_off_is_not_believed(variant, world, bought):
    world.fault(fault="drop_event", type=CREATED, card=bought.card)
    world.fault(fault="clock_skew", variant=variant, seconds=600)

    declined = world.buy(bought.card)

    assert declined.request_history[-1].reason == "webhook_error"
    assert world.decisions(bought.purchase_id) == []
    world.claim(world.buy(bought.card))
    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)


def test_26_a_planted_card_number_is_not_kept_and_not_logged_and_the_money_is_right(world, bought):
    for told in (CREATED, MOVED, "issuing_authorization.request"):
        world.fault(fault="planted_number", type=told, card=bought.card)

    world.claim(world.buy(bought.card))

    world.see_amounts(bought.purchase_id, held=0, posted=PRICE)
    keys = "SELECT body::text AS body FROM issuer_events WHERE body::text ~ '\"(number|cvc)\"'"
    assert world.house.rows("payments", keys) == []
    bodies = world.house.rows("payments", "SELECT body::text AS body FROM issuer_events")
    kept = " ".join(one.body for one in bodies)
    assert "4242424242424242" not in kept.replace(" ", "").replace("-", "")
    for path in world.house.stack.paths.logs.glob("payments*.log"):
        written = path.read_text("utf-8", "replace")
        assert "4242424242424242" not in written
        assert "4242 4242 4242 4242" not in written
