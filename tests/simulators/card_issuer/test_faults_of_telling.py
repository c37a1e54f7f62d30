"""Faults 1 to 12 and 24 to 27 by rule: what goes wrong between issuer and programme."""

import json

import pytest
import stripe

from tests.simulators.card_issuer.conftest import (
    AUTHORISATIONS_SECRET,
    EVENTS_SECRET,
    reason,
)

CREATED = "issuing_authorization.created"
UPDATED = "issuing_authorization.updated"
MOVED = "issuing_transaction.created"
REQUEST = "issuing_authorization.request"


@pytest.fixture
def capture(client):
    return client.test_helpers.issuing.authorizations.capture


def is_signed(received, secret=EVENTS_SECRET):
    try:
        stripe.WebhookSignature.verify_header(
            received.body, received.headers.get("Stripe-Signature", ""), secret, tolerance=300
        )
    except (stripe.SignatureVerificationError, ValueError):
        return False
    return True


def objects(received):
    return [one.event["data"]["object"] for one in received]


def test_02_a_question_is_asked_again_when_its_answer_is_lost(buy, fault, programme):
    fault(fault="lost_answer")

    authorisation = buy()

    first, second = programme.wait_for(REQUEST, times=2)
    assert first.body == second.body
    assert authorisation.approved


def test_03_an_event_is_held_back_until_another_one_has_arrived(buy, fault, programme, capture):
    programme.wait_for("issuing_card.created")
    fault(fault="reorder_event", type=CREATED)

    capture(buy().id)

    programme.wait_for(CREATED)
    told = [one.event["type"] for one in programme.received if one.path == "/events"]
    assert {MOVED, UPDATED} & set(told[: told.index(CREATED)])


def test_06_an_old_snapshot_follows_the_new_one_under_another_id(buy, fault, programme, capture):
    fault(fault="stale_snapshot", type=UPDATED)

    capture(buy().id)

    programme.wait_for(UPDATED)
    stale = programme.wait_for(CREATED, times=2)
    assert [one["status"] for one in objects(stale)] == ["pending", "pending"]
    assert len({one.event["id"] for one in stale}) == 2


@pytest.mark.parametrize(
    "variant", ["other_body", "missing", "wrong_secret", "garbled", "old", "rotated"]
)
def test_07_signatures_can_be_wrong_in_several_ways(variant, buy, fault, programme):
    fault(fault="bad_signature", variant=variant, type=CREATED)

    buy()

    assert is_signed(programme.wait_for(CREATED)[0]) is (variant == "rotated")


@pytest.mark.parametrize(("fault_", "fields"), [("bad_signature", {"variant": "future"})])
def test_07_the_future_can_be_signed(fault_, fields, buy, fault, programme):
    fault(fault=fault_, type=CREATED, **fields)

    buy()

    received = programme.wait_for(CREATED)[0]
    signed_at = int(received.headers["Stripe-Signature"].split("t=")[1].split(",")[0])
    assert signed_at > received.event["created"] + 500


@pytest.mark.parametrize("variant", ["not_utf8", "not_json", "list", "too_large", "truncated"])
def test_08_a_body_that_cannot_be_read_is_sent_beside_the_right_one(variant, buy, fault, programme):
    fault(fault="malformed_event", variant=variant, type=CREATED)

    buy()

    assert programme.wait_until(lambda: len(bodies_to(programme, "/events", after=2)) == 2)
    broken, right = bodies_to(programme, "/events", after=2)
    assert is_event(right) != is_event(broken)


def bodies_to(programme, path, *, after):
    """The bodies but those of the cardholder and the card."""
    return [one.body for one in programme.received if one.path == path][after:]


def is_event(body):
    try:
        return json.loads(body)["type"] == CREATED and len(body) < 2**20
    except (ValueError, TypeError):
        return False


@pytest.mark.parametrize(
    ("variant", "is_so"),
    [
        ("unknown_enum", lambda one: one["status"] == "awaiting_horoscope"),
        ("missing_field", lambda one: "card" not in one),
        ("null_field", lambda one: one["card"] is None),
    ],
)
def test_08_a_field_can_be_strange(variant, is_so, buy, fault, programme):
    fault(fault="malformed_event", variant=variant, type=CREATED)

    buy()

    told = objects(programme.wait_for(CREATED, times=2))
    assert sum(map(is_so, told)) == 1


def test_09_an_event_can_be_about_a_card_or_an_authorisation_that_nobody_knows(
    buy, card, fault, programme, capture
):
    fault(fault="unknown_card", type=CREATED)
    fault(fault="unknown_authorization", type=MOVED)

    authorisation = buy()
    capture(authorisation.id)

    assert {one["card"]["id"] for one in objects(programme.wait_for(CREATED, times=2))} > {card.id}
    told = objects(programme.wait_for(MOVED, times=2))
    assert {one["authorization"] for one in told} > {authorisation.id}


@pytest.mark.parametrize(("variant", "is_approved"), [("approve", True), ("decline", False)])
def test_10_an_answer_that_is_late_leaves_it_to_the_agreement(variant, is_approved, buy, fault):
    fault(fault="late_answer", variant=variant)

    authorisation = buy()

    assert (authorisation.approved, reason(authorisation)) == (is_approved, "webhook_timeout")


def test_11_a_connection_breaks_after_the_listener_has_done_its_work(buy, fault, programme):
    fault(fault="reset_connection", type=CREATED)

    buy()

    first, second = programme.wait_for(CREATED, times=2)
    assert first.event["id"] == second.event["id"]


@pytest.mark.parametrize(("variant", "is_approved"), [("approve", True), ("decline", False)])
def test_12_the_network_stands_in(variant, is_approved, buy, fault, programme):
    fault(fault="stand_in", variant=variant)

    authorisation = buy()

    assert (authorisation.approved, reason(authorisation)) == (is_approved, "network_fallback")
    assert programme.of_type(REQUEST) == []


def test_24_many_ask_at_once(client, buy, fault, programme):
    fault(fault="burst", amount=12)

    assert buy(amount=1_00).approved

    assert len(programme.wait_for(REQUEST, times=12)) == 12


@pytest.mark.parametrize(("variant", "off"), [("ahead", 600), ("behind", -600)])
def test_25_the_signing_clock_is_off(variant, off, buy, fault, programme):
    fault(fault="clock_skew", variant=variant, seconds=600, times=2)

    buy()

    asked = programme.wait_for(REQUEST)[0]
    signed_at = int(asked.headers["Stripe-Signature"].split("t=")[1].split(",")[0])
    assert abs(signed_at - asked.event["created"] - off) < 60
    assert not is_signed(asked, AUTHORISATIONS_SECRET) or variant == "ahead"


def test_26_a_number_is_planted(buy, fault, programme):
    fault(fault="planted_number", type=CREATED)
    fault(fault="planted_number", type=REQUEST)

    buy()

    for told in (CREATED, REQUEST):
        (seen,) = objects(programme.wait_for(told))
        assert "4242 4242 4242 4242" in seen["merchant_data"]["name"]


def test_27_the_issuer_is_out_by_rule(client, buy, fault, sim, programme):
    fault(fault="outage", variant="approve", seconds=60)

    assert reason(buy()) == "network_fallback"

    assert programme.of_type(CREATED) == []
    sim("clock", {"advance_seconds": 61})
    programme.wait_for(CREATED)
