"""Cards through their lives: listed, replaced, used up, limited by day; cardholders too."""

import pytest
import stripe

from tests.simulators.card_issuer.conftest import reason


def new_card(client, cardholder, **fields):
    return client.issuing.cards.create(
        {
            "cardholder": cardholder.id,
            "currency": "gbp",
            "type": "virtual",
            "status": "active",
            **fields,
        }
    )


def test_cards_and_cardholders_are_listed(client, cardholder, card):
    inactive = new_card(client, cardholder, status="inactive")

    assert [one.id for one in client.issuing.cards.list({"status": "active"})] == [card.id]
    assert [one.id for one in client.issuing.cards.list({"cardholder": cardholder.id})] == [
        inactive.id,
        card.id,
    ]
    assert [one.id for one in client.issuing.cardholders.list({"status": "active"})] == [
        cardholder.id
    ]


def test_a_cardholder_who_may_not_pay_is_declined_without_a_question(
    client, cardholder, buy, programme
):
    client.issuing.cardholders.update(
        cardholder.id, {"status": "inactive", "metadata": {"why": "left"}}
    )

    assert reason(buy()) == "cardholder_inactive"
    programme.wait_for("issuing_cardholder.updated")
    assert programme.of_type("issuing_authorization.request") == []
    assert client.issuing.cardholders.retrieve(cardholder.id).metadata["why"] == "left"


def test_a_lost_card_is_replaced_once_and_both_know_of_it(client, cardholder, card):
    client.issuing.cards.update(card.id, {"status": "canceled", "cancellation_reason": "lost"})

    new = new_card(client, cardholder, replacement_for=card.id, replacement_reason="lost")

    assert (new.replacement_for, new.replacement_reason) == (card.id, "lost")
    assert client.issuing.cards.retrieve(card.id).replaced_by == new.id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        new_card(client, cardholder, replacement_for=card.id, replacement_reason="lost")
    assert refused.value.param == "replacement_for"


def test_a_card_for_two_payments_survives_a_check_for_nothing_and_ends_after_the_second(
    client, cardholder, buy, programme
):
    card = new_card(client, cardholder, lifecycle_controls={"cancel_after": {"payment_count": 2}})

    approved = [buy(card=card.id, amount=amount).approved for amount in (0, 1, 35_00, 1_00)]

    assert approved == [True, True, True, False]
    assert client.issuing.cards.retrieve(card.id).status == "canceled"


def test_money_taken_unasked_counts_as_a_payment(client, cardholder):
    card = new_card(client, cardholder, lifecycle_controls={"cancel_after": {"payment_count": 1}})

    client.test_helpers.issuing.transactions.create_force_capture({"card": card.id, "amount": 5})

    assert client.issuing.cards.retrieve(card.id).status == "canceled"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        (
            {"lifecycle_controls": {"cancel_after": {"payment_count": 0}}},
            "lifecycle_controls[cancel_after][payment_count]",
        ),
        ({"replacement_for": "ic_none", "replacement_reason": "lost"}, "replacement_for"),
    ],
)
def test_a_card_that_cannot_be_made_names_its_field(fields, param, client, cardholder):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        new_card(client, cardholder, **fields)

    assert refused.value.param == param


@pytest.mark.parametrize(
    ("interval", "days"), [("daily", 1), ("weekly", 7), ("monthly", 31), ("yearly", 366)]
)
def test_a_limit_begins_anew_with_its_interval(*, interval, days, client, card, buy, sim):
    limits = [{"amount": 50_00, "interval": interval}]
    client.issuing.cards.update(card.id, {"spending_controls": {"spending_limits": limits}})

    assert [buy(amount=30_00).approved for _ in range(2)] == [True, False]
    sim("clock", {"advance_seconds": days * 86_400})
    assert buy(amount=30_00).approved


@pytest.mark.parametrize(
    ("controls", "is_approved"),
    [
        ({"allowed_categories": ["educational_services"]}, True),
        ({"blocked_merchant_countries": ["GB"]}, False),
        ({"blocked_merchant_countries": ["FR"]}, True),
    ],
)
def test_what_is_allowed_or_not_blocked_is_asked_about(controls, is_approved, client, card, buy):
    client.issuing.cards.update(card.id, {"spending_controls": controls})

    assert buy().approved is is_approved
