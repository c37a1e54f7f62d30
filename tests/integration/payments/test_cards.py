"""What becomes of a card: frozen, replaced, closed, with who said so and why."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from services.payments.authorisations.handlers import record_presentment
from services.payments.cards import handlers as cards
from services.payments.cards import issuing, queries
from services.payments.cards.commands import ChangeCard, ReplaceCard
from services.payments.cards.models import Card
from services.payments.cards.rules import CardOverError, CardState, Loss, NoCardError
from services.payments.entitlements.models import PlanItem
from services.payments.exceptions.models import RaisedException
from services.payments.holds import subscribers as holds
from services.payments.presentments.commands import RecordPresentment
from services.payments.purchases.models import Purchase
from shared import clock
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.waiting import eventually

PATH = "/webhooks/issuer/authorizations"
EVENTS = "/webhooks/issuer/events"
SECRET = facts.SETTINGS.issuer_authorisations_secret


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    offset = clock.offset_seconds_to(facts.TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def swipe(client):
    def ask(card, **asked):
        request = facts.of_the_issuer(facts.a_request(card, **asked), secret=SECRET)
        return client.post(PATH, **request).json

    return ask


@pytest.fixture
def card_ids(transaction):
    """Our ids of a purchase's cards by the issuer's."""

    def find(purchase_id):
        with transaction() as session:
            found = session.scalars(select(Card).where(Card.purchase_id == purchase_id))
            return {card.issuer_card_id: card.card_id for card in found}

    return find


def a_change(card_id, reason="Lost sight of it", **changed):
    return ChangeCard(**{"card_id": card_id, "changed_by": uuid4(), "reason": reason} | changed)


def a_loss(card_id):
    return ReplaceCard(
        card_id=card_id, because=Loss.STOLEN, changed_by=uuid4(), reason="Taken from a bag"
    )


def test_a_frozen_card_pays_nothing_until_it_is_unfrozen(
    *, with_card, swipe, card_ids, carry_out, errands, told, transaction
):
    purchase_id, card = with_card()
    card_id = card_ids(purchase_id)[card]
    freezing = a_change(card_id)

    assert carry_out(cards.freeze_card, freezing)["state"] == "frozen"
    assert carry_out(cards.freeze_card, freezing)["state"] == "frozen"
    assert swipe(card)["metadata"] == {"reason": "card_frozen"}
    later = a_trace(at=facts.TUESDAY_AT_TEN + timedelta(minutes=1))
    found = a_change(card_id, "Found it")
    assert carry_out(cards.unfreeze_card, found, trace=later)["state"] == "active"

    assert swipe(card)["approved"]
    assert [one["status"] for one in errands(cards.SET_CARD_STATUS)] == ["inactive", "active"]
    assert len(told("card_frozen")) == len(told("card_unfrozen")) == 1
    with transaction() as session:
        (shown,) = queries.cards(purchase_id, session=session)
    assert [(one["state"], one["because"]) for one in shown["changes"]] == [
        ("frozen", "Lost sight of it"),
        ("active", "Found it"),
    ]
    assert shown["changes"][0]["changed_by"] == freezing.changed_by


def test_the_issuer_sees_a_card_as_we_do_in_whatever_order_it_was_asked(
    with_card, card_ids, carry_out, errands, transaction
):
    purchase_id, card = with_card()
    card_id = card_ids(purchase_id)[card]
    carry_out(cards.freeze_card, a_change(card_id))
    (frozen,) = errands(cards.SET_CARD_STATUS)
    carry_out(cards.unfreeze_card, a_change(card_id))

    with transaction() as session:  # the older errand is the last to be done
        issuing.record_status(card, frozen, session=session, trace=a_trace())

    assert [one["status"] for one in errands(cards.SET_CARD_STATUS)][-1] == "active"


WAITS_FOR_A_LOCK = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda card_id: (cards.replace_card, a_loss(card_id)), "card_replaced"),
        (lambda card_id: (cards.freeze_card, a_change(card_id)), "card_frozen"),
        (lambda card_id: (cards.close_one_card, a_change(card_id)), "card_closed"),
    ],
)
def test_who_asked_while_a_card_was_stopped_hears_what_it_is_by_then(
    *, with_card, swipe, card_ids, transaction, change, code
):
    purchase_id, card = with_card()
    handler, command = change(card_ids(purchase_id)[card])

    with ThreadPoolExecutor(1) as shop:
        with transaction() as session:
            facts.lock(session, purchase_id)
            handler(command, session=session, trace=a_trace())
            asked = shop.submit(swipe, card)
            eventually(lambda: session.scalar(WAITS_FOR_A_LOCK))

        assert asked.result()["metadata"] == {"reason": code}


def test_a_stolen_card_is_replaced_and_what_was_promised_on_it_stays_held(
    *, with_card, swipe, card_ids, carry_out, errands, told, transaction, client, now
):
    purchase_id, stolen = with_card()
    assert swipe(stolen, amount=20_00)["approved"]
    card_id = card_ids(purchase_id)[stolen]

    carry_out(cards.replace_card, a_loss(card_id))
    assert carry_out(cards.replace_card, a_loss(card_id))["state"] == "replaced"
    assert swipe(stolen, authorisation="iauth_2", amount=1_00)["metadata"] == {
        "reason": "card_replaced"
    }
    (arguments,) = errands(cards.REPLACE_CARD)
    assert (arguments["because"], arguments["is_needed"]) == ("stolen", True)
    with transaction() as session:
        answer = {"issuer_card_id": "ic_new"}
        issuing.record_replacement(answer, arguments, session=session, trace=a_trace())

    (event,) = told("card_replaced")
    assert event["replaced_by"] == str(card_ids(purchase_id)["ic_new"])
    assert not swipe("ic_new", authorisation="iauth_3", amount=15_01)["approved"]
    assert swipe("ic_new", authorisation="iauth_4", amount=15_00)["approved"]
    capture = facts.an_event(
        "issuing_transaction.created", facts.a_transaction(stolen, amount=-20_00)
    )
    secret = facts.SETTINGS.issuer_events_secret
    assert client.post(EVENTS, **facts.of_the_issuer(capture, secret=secret)).status_code == 200
    assert now(purchase_id).state == "ready"


def test_a_lost_card_of_a_purchase_that_is_over_is_only_closed(
    *, with_card, card_ids, carry_out, errands, transaction
):
    purchase_id, card = with_card()
    card_id = card_ids(purchase_id)[card]
    with transaction() as session:
        session.get_one(Purchase, purchase_id).state = "completed"

    carry_out(cards.replace_card, a_loss(card_id))

    (arguments,) = errands(cards.REPLACE_CARD)
    assert arguments["is_needed"] is False
    with transaction() as session:
        answer = {"issuer_card_id": card}
        issuing.record_replacement(answer, arguments, session=session, trace=a_trace())
    assert list(card_ids(purchase_id)) == [card]


def test_somebody_looks_when_there_is_no_card_in_place_of_a_lost_one(
    with_card, card_ids, carry_out, errands, transaction
):
    purchase_id, card = with_card()
    carry_out(cards.replace_card, a_loss(card_ids(purchase_id)[card]))
    (arguments,) = errands(cards.REPLACE_CARD)

    with transaction() as session:
        issuing.card_not_replaced("issuer:x", arguments, session=session, trace=a_trace())

    with transaction() as session:
        (raised,) = session.scalars(select(RaisedException))
    assert (raised.kind, raised.purchase_id) == ("card_not_replaced", purchase_id)


def test_a_closed_card_stays_closed(*, with_card, card_ids, carry_out, errands, swipe, told):
    purchase_id, card = with_card()
    card_id = card_ids(purchase_id)[card]

    for _ in range(2):
        assert carry_out(cards.close_one_card, a_change(card_id))["state"] == "closed"

    assert swipe(card)["metadata"] == {"reason": "card_closed"}
    assert errands(cards.CLOSE_CARD) == [{"issuer_card_id": card}]
    assert len(told("card_closed")) == 1
    for handler, command in (
        (cards.freeze_card, a_change(card_id)),
        (cards.unfreeze_card, a_change(card_id)),
        (cards.replace_card, a_loss(card_id)),
    ):
        with pytest.raises(CardOverError):
            carry_out(handler, command)


@pytest.mark.parametrize("handler", [cards.freeze_card, cards.unfreeze_card, cards.close_one_card])
def test_a_card_that_there_is_not_is_refused(carry_out, handler):
    with pytest.raises(NoCardError):
        carry_out(handler, a_change(uuid4()))
    with pytest.raises(NoCardError):
        carry_out(cards.replace_card, a_loss(uuid4()))


def test_a_card_is_closed_a_while_after_its_purchase_so_that_a_refund_finds_it(
    with_card, in_force, carry_out, transaction, errands
):
    in_force(facts.a_policy())
    purchase_id, card = with_card()
    with transaction() as session:
        session.get_one(Purchase, purchase_id).completed_at = facts.TUESDAY_AT_TEN

    def close_what_is_due(days):
        with transaction() as session:
            at = facts.TUESDAY_AT_TEN + timedelta(days=days)
            due = queries.to_close(at, session=session)
        for command in [*due, *due]:
            carry_out(cards.close_used_card, command)
        return errands(cards.CLOSE_CARD)

    assert close_what_is_due(13) == []
    assert close_what_is_due(14) == [{"issuer_card_id": card}]
    assert close_what_is_due(15) == [{"issuer_card_id": card}]


def test_unless_a_policy_says_so_the_issuer_asks_us_whatever_the_shop(held, errands):
    held()

    (arguments,) = errands(cards.ISSUE_CARD)
    assert (arguments["blocked_categories"], arguments["allowed_countries"]) == ([], None)
    assert (arguments["limit_pence"], arguments["payment_count"]) == (35_00, 6)


def test_the_issuer_is_told_limit_payments_and_the_names_of_what_is_excluded(
    *, known_plan, ask, carry_out, in_force, hear, errands
):
    in_force(facts.a_policy(allowed_countries=["IE", "GB"], locks_at_issuer=True))
    command = ask(known_plan())
    carry_out(facts.request_purchase, command)
    hear(holds.hold_placed, facts.placed(command.purchase_id, held_pence=37_00))

    (arguments,) = errands(cards.ISSUE_CARD)
    assert arguments["limit_pence"] == 37_00  # what the ledger held of 35.00 and 3.50
    assert (arguments["limit_applies_to"], arguments["payment_count"]) == ("all", 4)
    assert arguments["allowed_countries"] == ["GB", "IE"]
    assert {"betting_casino_gambling", "doctors"} <= set(arguments["blocked_categories"])


def a_capture(authorisation_id, *, amount_pence):
    return RecordPresentment(
        presentment_id=f"ipi_{amount_pence}",
        issuer_card_id="ic_1",
        authorisation_id=authorisation_id,
        is_refund=False,
        amount_pence=amount_pence,
    )


def test_the_tolerance_is_asked_of_the_ledger_and_approved_as_far_as_it_holds_it(
    *, known_plan, ask, carry_out, in_force, hear, told, transaction, swipe
):
    in_force(facts.a_policy())
    command = ask(known_plan())
    carry_out(facts.request_purchase, command)
    (asked,) = told("purchase_requested")
    assert (asked["amount_pence"], asked["tolerance_pence"]) == (35_00, 3_50)
    hear(holds.hold_placed, facts.placed(command.purchase_id, held_pence=37_00))
    with transaction() as session:
        facts.record_card(session, command.purchase_id, "ic_1")

    assert not swipe("ic_1", amount=37_01)["approved"]
    assert swipe("ic_1", amount=37_00, authorisation="iauth_2")["approved"]
    carry_out(record_presentment, a_capture("iauth_2", amount_pence=37_00))
    assert told("exception_raised", purchase_id=command.purchase_id) == []
    carry_out(record_presentment, a_capture("iauth_2", amount_pence=50))
    (raised,) = told("exception_raised", purchase_id=command.purchase_id)
    assert (raised["kind"], raised["amount_pence"]) == ("over_capture", 50)


def test_an_invoice_has_no_tolerance(*, known_plan, ask, carry_out, in_force, told):
    in_force(facts.a_policy())
    carry_out(facts.request_purchase, ask(known_plan(facts.an_item(rail="invoice"))))

    assert told("purchase_requested")[0]["tolerance_pence"] == 0


def test_a_card_knows_who_pays_for_its_item(with_card, transaction, now):
    purchase_id, _ = with_card(payer="nhs")

    with transaction() as session:
        assert session.get_one(PlanItem, now(purchase_id).item_id).payer == "nhs"
        assert CardState.ACTIVE in session.scalars(select(Card.state)).all()
