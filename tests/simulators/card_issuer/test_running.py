"""What whoever runs the simulator can do: time, answers without answers, outages, scenarios."""

import pytest
import requests

from simulators.card_issuer.clock import duration_seconds
from simulators.card_issuer.settings import SettingError, settings_from_environment
from tests.simulators.card_issuer.conftest import answer, opened_app, reason
from tests.simulators.listener import Answer

ENVIRONMENT = {
    f"CARD_ISSUER_{name}": name
    for name in (
        "API_KEY",
        "AUTHORISATIONS_URL",
        "AUTHORISATIONS_SECRET",
        "EVENTS_URL",
        "EVENTS_SECRET",
    )
}
LESSON = """
steps:
  - do: authorise
    as: lesson
    with: {card: $card, amount: 3500, merchant_data: {category_code: "8299"}}
  - fault: {fault: duplicate_event, type: issuing_transaction.created}
  - when: 2d
    do: capture
    about: $lesson
    as: captured
    with: {capture_amount: 3000}
  - do: refund
    about: $captured.transaction1
    with: {refund_amount: 1000}
  - do: capture
    about: $lesson
    expect_error: authorization
"""


def test_the_clock_goes_forwards_and_what_is_made_bears_its_time(sim, buy):
    before = sim("clock", method="GET")["now"]

    after = sim("clock", {"advance_seconds": 86_400})["now"]

    assert after - before == pytest.approx(86_400, abs=30)
    assert buy().created == pytest.approx(after, abs=30)
    assert sim("clock", {"now": "2099-01-01T00:00:00Z"})["day"] == "2099-01-01"


@pytest.mark.parametrize(
    "asked",
    [
        {"now": "2001-01-01T00:00:00Z"},
        {"now": "2099-01-01T00:00:00"},
        {"now": None},
        {"advance_seconds": -1},
        {"advance_seconds": "long"},
        {},
        [],
    ],
)
def test_a_time_that_cannot_be_is_refused(asked, issuer_url):
    assert requests.post(f"{issuer_url}/sim/clock", json=asked, timeout=5).status_code == 400


def test_what_is_not_claimed_lapses_after_a_week_by_the_clock(client, buy, sim, programme):
    old = buy()
    sim("clock", {"advance_seconds": 4 * 86_400})
    young = buy()

    sim("clock", {"advance_seconds": 4 * 86_400})

    statuses = [client.issuing.authorizations.retrieve(one.id).status for one in (old, young)]
    assert statuses == ["expired", "pending"]
    programme.wait_for("issuing_authorization.updated")


@pytest.mark.parametrize(("agreed", "is_approved"), [("approve", True), ("decline", False)])
def test_without_an_answer_it_is_done_as_agreed(agreed, is_approved, sim, buy, programme):
    programme.answer_with("/authorisations", Answer(status=500))

    sim("programme", {"when_unanswered": agreed})

    authorisation = buy()
    assert (authorisation.approved, reason(authorisation)) == (is_approved, "webhook_error")


def test_a_wrong_agreement_is_refused(issuer_url):
    answer_ = requests.post(
        f"{issuer_url}/sim/programme", json={"when_unanswered": "shrug"}, timeout=5
    )

    assert answer_.status_code == 400
    with pytest.raises(SettingError, match="WHEN_UNANSWERED"):
        settings_from_environment({**ENVIRONMENT, "CARD_ISSUER_WHEN_UNANSWERED": "shrug"})


def test_an_outage_lets_the_shops_go_on_and_tells_everything_afterwards(
    *, client, buy, sim, programme, issuer_url, api_headers
):
    sim("outage", {"seconds": 345_600, "stand_in": "approve"})

    bought = buy()
    client.test_helpers.issuing.authorizations.capture(bought.id)
    refused = requests.get(f"{issuer_url}/v1/issuing/cards", headers=api_headers, timeout=5)

    assert (bought.approved, reason(bought)) == (True, "network_fallback")
    assert refused.status_code == 503
    assert programme.of_type("issuing_authorization.request") == []
    assert sim("waiting", method="GET")["events"] == 3
    sim("clock", {"advance_seconds": 345_600})
    programme.wait_for("issuing_authorization.created")
    programme.wait_for("issuing_transaction.created")
    assert client.issuing.cards.list().data != []


def test_an_outage_can_be_ended_by_order(sim):
    sim("outage", {})
    assert sim("programme", method="GET")["is_out"] is True

    assert sim("outage", method="DELETE")["is_out"] is False


@pytest.mark.parametrize("asked", [{"seconds": 0}, {"stand_in": "shrug"}, {"seconds": "long"}])
def test_an_outage_that_cannot_be_is_refused(asked, issuer_url):
    assert requests.post(f"{issuer_url}/sim/outage", json=asked, timeout=5).status_code == 400


def test_an_event_is_read_and_sent_again_by_its_id(client, buy, sim, programme):
    buy()
    (event,) = client.events.list({"type": "issuing_authorization.created"}).data

    sim(f"events/{event.id}/send")

    first, second = programme.wait_for("issuing_authorization.created", times=2)
    assert first.body == second.body
    assert client.events.retrieve(event.id).type == "issuing_authorization.created"


def test_events_are_listed_by_types_and_by_time(client, buy, sim):
    buy()
    later = int(sim("clock", {"advance_seconds": 3_600})["now"])
    buy()

    wanted = ["issuing_authorization.created"]
    assert len(client.events.list({"types": wanted}).data) == 2
    assert len(client.events.list({"types": wanted, "created": {"gte": later - 60}}).data) == 1
    assert len(client.events.list({"types": wanted, "created": {"lt": later - 60}}).data) == 1


def test_from_one_seed_come_the_same_ids(programme, cardholder_fields):
    made = []
    for _ in range(2):
        with opened_app(programme, seed=7) as (_, client):
            made.append(client.issuing.cardholders.create(cardholder_fields).id)

    assert made[0] == made[1]


def test_a_fee_is_kept_for_each_capture(programme, cardholder_fields):
    with opened_app(programme, fee=12) as (_, client):
        holder = client.issuing.cardholders.create(cardholder_fields)
        card = client.issuing.cards.create(
            {"cardholder": holder.id, "currency": "gbp", "type": "virtual", "status": "active"}
        )
        client.test_helpers.issuing.transactions.create_force_capture(
            {"card": card.id, "amount": 1_00}
        )
        (moved,) = client.balance_transactions.list().data

    assert (moved.amount, moved.fee, moved.net) == (-1_00, 12, -1_12)


# Scenarios


def test_a_scenario_is_played_step_by_step_with_its_time(issuer_url, card, client, programme, sim):
    began_at = sim("clock", method="GET")["now"]

    played = requests.post(
        f"{issuer_url}/sim/scenarios", params={"card": card.id}, data=LESSON, timeout=5
    )

    assert played.status_code == 200, played.text
    steps = played.json()["steps"]
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5]
    assert steps[2]["status"] == "closed"
    assert sim("clock", method="GET")["now"] - began_at == pytest.approx(2 * 86_400, abs=30)
    amounts = [one.amount for one in client.issuing.transactions.list({"card": card.id})]
    assert amounts == [10_00, -30_00]
    programme.wait_for("issuing_transaction.created", times=3)  # the capture came twice


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("steps: [", "YAML"),
        ("colour: blue", "has steps"),
        ("steps: [{do: dance}]", "Step 1"),
        ("steps: [{do: authorise, fault: {}}]", "Step 1"),
        ("steps: [{do: authorise, colour: blue}]", "Step 1"),
        ("steps: [{do: capture, about: $nobody}]", "Step 1"),
        ("steps: [{do: capture, about: iauth_none}]", "No such"),
        ("steps: [{do: expire, about: iauth_none, when: soon}]", "length of time"),
        ("steps: [{fault: {fault: set_fire}}]", "Unknown fault"),
        (
            "steps: [{do: unlinked_refund, with: {card: $card, amount: 1}, expect_error: true}]",
            "was not",
        ),
    ],
)
def test_a_scenario_that_cannot_be_played_says_where(scenario, said, card, issuer_url):
    answer_ = requests.post(
        f"{issuer_url}/sim/scenarios", params={"card": card.id}, data=scenario, timeout=5
    )

    assert answer_.status_code == 400
    assert said in answer_.json()["error"]["message"]


def test_a_scenario_of_the_settings_is_played_at_the_start(programme, tmp_path):
    path = tmp_path / "start.yaml"
    path.write_text(
        """
steps:
  - do: cardholder
    as: holder
    with:
      name: Broker One
      billing: {address: {line1: 1 High Street, city: London, postal_code: N1, country: GB}}
  - do: card
    with: {cardholder: $holder, currency: gbp, type: virtual, status: active}
""",
        "utf-8",
    )

    with opened_app(programme, scenario=str(path)):
        programme.wait_for("issuing_card.created")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("36h", 129_600), ("2d 4h", 187_200), ("1m", 60)]
)
def test_a_length_of_time_is_read(text, seconds):
    assert duration_seconds(text) == seconds


def test_an_answer_with_less_than_was_asked_is_taken_where_the_shop_can(buy, fault, programme):
    programme.answer_with("/authorisations", answer(approved=True, amount=35_00))
    fault(fault="partial_approval", amount=5_00)

    assert buy().amount == 35_00


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "settlement", "variant": "burnt"},
        {"fault": "burst", "variant": "any"},
        {"fault": "burst", "amount": 0},
        {"fault": "burst", "probability": 0},
        {"fault": "burst", "probability": "often"},
        {"fault": "burst", "nth": 0},
        {"fault": "burst", "card": 1},
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule, issuer_url):
    answer_ = requests.post(f"{issuer_url}/sim/faults", json=rule, timeout=5)

    assert answer_.status_code == 400
    assert "reorder_event" in answer_.json()["known_faults"]
    assert "late_day" in answer_.json()["variants"]["settlement"]
