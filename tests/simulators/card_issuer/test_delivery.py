"""Events reach the listener at least once, unless a fault says otherwise."""

from threading import Event

import pytest
import requests
import stripe

from simulators.delivery import Delivery, Sender
from simulators.faults import DELIVERY_FAULTS, Faults
from simulators.log import Log
from tests.simulators.card_issuer.conftest import EVENTS_SECRET
from tests.simulators.listener import Answer

CREATED = "issuing_authorization.created"


def is_signed(received):
    try:
        stripe.WebhookSignature.verify_header(
            received.body, received.headers["Stripe-Signature"], EVENTS_SECRET, tolerance=300
        )
    except stripe.SignatureVerificationError:
        return False
    return True


def test_an_event_comes_again_after_a_500_signed_afresh(client, card, programme):
    programme.wait_for("issuing_cardholder.created")
    programme.wait_for("issuing_card.created")
    programme.answer_with("/events", Answer(status=500), Answer())

    client.test_helpers.issuing.authorizations.create({"card": card.id, "amount": 1_00})

    first, second = programme.wait_for(CREATED, times=2)
    assert first.event["id"] == second.event["id"]
    assert first.body == second.body
    assert is_signed(first)
    assert is_signed(second)


def test_an_event_waits_for_no_timer(buy, programme):
    buy()
    request = programme.wait_for("issuing_authorization.request")[0]
    created = programme.wait_for(CREATED)[0]

    assert created.received_at - request.received_at < 1


def test_a_rule_sends_an_event_twice(buy, fault, programme):
    fault(fault="duplicate_event", type=CREATED, times=1)

    buy()

    first, second = programme.wait_for(CREATED, times=2)
    assert first.event["id"] == second.event["id"]


def test_a_dropped_event_is_still_there_for_who_asks(client, buy, fault, programme):
    fault(fault="drop_event", type=CREATED)

    lost, kept = buy(), buy()

    assert programme.wait_for(CREATED)[0].event["data"]["object"]["id"] == kept.id
    listed = client.events.list({"type": CREATED})
    assert [one.data.object.id for one in listed] == [kept.id, lost.id]


def test_a_delayed_event_comes_after_a_later_one(buy, fault, programme):
    fault(fault="delay_event", type=CREATED, seconds=3)

    first, second = buy(), buy()

    told = programme.wait_for(CREATED, times=2)
    assert [one.event["data"]["object"]["id"] for one in told] == [second.id, first.id]


def test_a_forged_signature_is_told_apart(buy, fault, programme):
    fault(fault="bad_signature", type=CREATED)

    buy()
    buy()

    told = programme.wait_for(CREATED, times=2)
    assert sorted(is_signed(one) for one in told) == [False, True]


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "set_fire"},
        {"fault": "drop_event", "times": 0},
        {"fault": "drop_event", "when": "now"},
        {"fault": "drop_event", "seconds": -1},
        {"fault": "drop_event", "type": 1},
        [{"fault": "drop_event"}, {"fault": "set_fire"}],
        "drop_event",
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_with_the_known_faults(rule, issuer_url):
    answer = requests.post(f"{issuer_url}/_sim/faults", json=rule, timeout=5)

    assert answer.status_code == 400
    assert "late_answer" in answer.json()["known_faults"]
    assert requests.get(f"{issuer_url}/_sim/faults", timeout=5).json()["rules"] == []


def test_rules_that_are_cleared_do_nothing(issuer_url, buy, fault, programme):
    fault(fault="drop_event")

    requests.delete(f"{issuer_url}/_sim/faults", timeout=5)
    buy()

    programme.wait_for(CREATED)


def test_sending_is_given_up_after_the_last_attempt():
    delivery = Delivery(
        url="http://127.0.0.1:1/", event_id="evt_1", event_type="t", body=b"", sign=lambda _: {}
    )
    log, is_written = Log(), Event()
    write = log.write

    def watched(what, **details):
        write(what, **details)
        if what == "event_given_up":
            is_written.set()

    log.write = watched
    sender = Sender(
        faults=Faults(known=DELIVERY_FAULTS), log=log, attempts=3, backoff_seconds=(0.0,)
    )

    sender.send(delivery)

    assert is_written.wait(timeout=5)
    sender.close()
    assert [entry["attempt"] for entry in log.entries()] == [1, 2, 3]


def test_the_log_tells_what_happened_in_order(buy, issuer_url, programme):
    buy()
    programme.wait_for(CREATED)

    entries = requests.get(f"{issuer_url}/_sim/log", timeout=5).json()["entries"]

    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    assert "authorisation_asked" in {entry["what"] for entry in entries}
