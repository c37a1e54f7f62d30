import itertools
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.payments.authorisations.models import Authorisation
from services.payments.authorisations.rules import UnknownCardError
from services.payments.issuer_events import handlers
from services.payments.issuer_events.models import IssuerEvent
from services.payments.issuer_events.rules import EventState
from services.payments.purchases.models import Purchase
from shared.messaging.tables import Errand, OutboxMessage
from tests.factories import a_trace
from tests.integration.payments import facts

PATH = "/webhooks/issuer/events"
SECRET = facts.SETTINGS.issuer_events_secret


@pytest.fixture
def tell(transaction):
    """Keep an event and apply it, as the errand does."""

    def tell_one(document):
        with transaction() as session:
            is_new = handlers.keep(document, session=session, trace=a_trace())
        with transaction() as session:
            handlers.apply(document["id"], {}, session=session, trace=a_trace())
        return is_new

    return tell_one


@pytest.fixture
def state_of(transaction):
    def state(document):
        with transaction() as session:
            return session.get_one(IssuerEvent, document["id"]).state

    return state


def created(card, **said):
    return facts.an_event("issuing_authorization.created", facts.an_authorisation(card, **said))


def updated(card, **said):
    return facts.an_event("issuing_authorization.updated", facts.an_authorisation(card, **said))


def presented(transaction):
    return facts.an_event("issuing_transaction.created", transaction)


def amounts_of(purchase):
    return purchase.held_pence, purchase.posted_pence


def test_an_event_is_kept_without_card_numbers_and_an_errand_applies_it(client, transaction, count):
    about = {"id": "ipi_1", "number": "4242", "card": {"id": "ic_1", "cvc": "1"}}
    document = facts.an_event("issuing_transaction.created", about)
    request = facts.of_the_issuer(document, secret=SECRET)

    answers = [client.post(PATH, **request).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert (count(IssuerEvent), count(Errand)) == (1, 1)
    with transaction() as session:
        kept = session.get_one(IssuerEvent, document["id"])
        errand = session.scalars(select(Errand)).one()
    assert kept.body["data"]["object"] == {"id": "ipi_1", "card": {"id": "ic_1"}}
    assert (errand.kind, errand.arguments) == ("apply_issuer_event", {"event_id": document["id"]})
    assert handlers.event_id_of(uuid4(), errand.arguments) == document["id"]


def test_an_event_that_concerns_no_money_is_kept_and_left_alone(client, transaction, count):
    document = facts.an_event("issuing_card.created", {"id": "ic_1"})

    client.post(PATH, **facts.of_the_issuer(document, secret=SECRET))

    with transaction() as session:
        assert session.get_one(IssuerEvent, document["id"]).state == "ignored"
    assert count(Errand) == 0


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "{",
        '{"id": 1, "type": "x"}',
        '{"id": "e"}',
        '{"id": "\\ud800", "type": "x"}',
        '{"id": "e", "type": "x", "a": NaN}',
        '{"id": "e", "type": "x", "a": "\\ud800"}',
    ],
)
def test_what_cannot_be_kept_is_not_accepted(client, count, document):
    assert client.post(PATH, **facts.of_the_issuer(document, secret=SECRET)).status_code == 400
    assert (count(IssuerEvent), count(Errand)) == (0, 0)


def test_another_secret_is_not_accepted(client, count):
    document = facts.an_event("issuing_card.created", {})
    secret = facts.SETTINGS.issuer_authorisations_secret

    assert client.post(PATH, **facts.of_the_issuer(document, secret=secret)).status_code == 400
    assert count(IssuerEvent) == 0


def test_a_capture_costs_its_amount_and_is_told_once(with_card, tell, now, told):
    purchase_id, card = with_card()
    event = presented(facts.a_transaction(card))

    assert [tell(event) for _ in range(2)] == [True, False]
    tell(presented(event["data"]["object"]))  # the same transaction in another event

    assert amounts_of(now(purchase_id)) == (0, 35_00)
    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["version"], amounts["held_pence"], amounts["posted_pence"]) == (1, 0, 35_00)


def test_each_capture_beyond_what_was_agreed_is_booked_and_looked_at_once(
    with_card, tell, now, told
):
    purchase_id, card = with_card()

    for _ in range(2):
        event = presented(facts.a_transaction(card, amount=-40_00))
        for _ in range(2):
            tell(event)

    assert amounts_of(now(purchase_id)) == (0, 80_00)
    raised = told("exception_raised", purchase_id=purchase_id)
    assert [(one["kind"], one["amount_pence"], one["role"]) for one in raised] == [
        ("over_capture", 5_00, "broker"),
        ("over_capture", 40_00, "broker"),
    ]


def test_what_the_issuer_says_belongs_to_the_story_of_the_purchase(
    with_card, tell, now, transaction
):
    purchase_id, card = with_card()
    tell(presented(facts.a_transaction(card)))

    with transaction() as session:
        told = select(OutboxMessage.correlation_id).where(
            OutboxMessage.event_type == "payments.purchase_amounts_changed.v1"
        )
        assert session.scalars(told).one() == now(purchase_id).correlation_id


def stories(card):
    """What can happen to one purchase of 35 pounds: events in their true order, and the end."""
    authorised = created(card)
    capture = facts.a_transaction(card, amount=-30_00)
    part = facts.a_transaction(card, amount=-10_00)
    rest = facts.a_transaction(card, amount=-25_00)
    refund = facts.a_transaction(card, amount=5_00)
    forced = facts.a_transaction(card, amount=-40_00, authorisation=None)
    ended = {"status": "closed", "amount": 35_00}
    declined = {"approved": False, "status": "closed", "reasons": ["webhook_declined"]}
    return {
        "captured for less": (
            [authorised, presented(capture), updated(card, transactions=[capture], **ended)],
            (0, 30_00),
        ),
        "captured in two parts and a refund": (
            [
                authorised,
                presented(part),
                updated(card, transactions=[part]),
                presented(rest),
                updated(card, transactions=[part, rest], **ended),
                presented(refund),
            ],
            (0, 30_00),
        ),
        "given back in part, then expired": (
            [
                authorised,
                updated(card, amount=20_00),
                updated(card, amount=20_00, status="expired"),
            ],
            (35_00, 0),
        ),
        "expired, then captured late": (
            [
                authorised,
                updated(card, status="expired"),
                presented(capture),
                updated(card, transactions=[capture], **ended),
            ],
            (0, 30_00),
        ),
        "captured though nobody asked": ([presented(forced)], (0, 40_00)),
        "declined, then bought elsewhere": (
            [
                created(card, authorisation="iauth_0", **declined),
                authorised,
                presented(capture),
                updated(card, transactions=[capture], **ended),
            ],
            (0, 30_00),
        ),
    }


NAMES = tuple(stories("ic"))


@pytest.mark.parametrize("name", NAMES)
def test_each_story_ends_in_its_amounts(with_card, tell, now, name):
    purchase_id, card = with_card()
    events, end = stories(card)[name]

    for event in events:
        tell(event)

    assert amounts_of(now(purchase_id)) == end


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chosen=st.data())
def test_any_order_and_any_repetition_ends_in_the_same(with_card, tell, now, told, chosen):
    name = chosen.draw(st.sampled_from(NAMES))
    ids = uuid4().hex  # a story of its own in each example
    purchase_id, card = with_card()
    events, end = stories(card)[name]
    for event in events:
        _rename(event["data"]["object"], ids)
    heard = chosen.draw(st.permutations(events))
    repeated = chosen.draw(st.lists(st.sampled_from(events), max_size=4))

    for event in [*heard, *repeated]:
        tell(event)

    assert amounts_of(now(purchase_id)) == end
    changes = told("purchase_amounts_changed", purchase_id=purchase_id)
    assert [change["version"] for change in changes] == list(range(1, len(changes) + 1))
    if changes:
        assert (changes[-1]["held_pence"], changes[-1]["posted_pence"]) == end


def _rename(about, suffix):
    """Give an authorisation, or what names one, an id that no other example has."""
    name = "id" if about["id"].startswith("iauth") else "authorization"
    if about.get(name) is not None and suffix not in about[name]:
        about[name] += suffix
    for transaction in about.get("transactions", ()):
        _rename(transaction, suffix)


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_an_increment_that_we_approved_counts_until_the_issuer_says_more(
    with_card, tell, transaction, now, order
):
    purchase_id, card = with_card()
    events = [
        created(card, amount=20_00),
        updated(card, amount=30_00, reasons=["webhook_approved"] * 2),
    ]

    for place in order:
        tell(events[place])

    with transaction() as session:
        authorisation = session.scalars(select(Authorisation)).one()
    assert (authorisation.amount_pence, authorisation.requests) == (30_00, ["ours", "ours"])
    assert amounts_of(now(purchase_id)) == (35_00, 0)


def test_money_on_a_card_that_we_do_not_know_yet_waits_for_it(tell, state_of):
    event = presented(facts.a_transaction("ic_unknown"))

    with pytest.raises(UnknownCardError):
        tell(event)

    assert state_of(event) is EventState.WAITING


@pytest.mark.parametrize(
    "about",
    [
        None,
        [],
        {"id": "ipi_1"},
        {**facts.a_transaction("ic_1"), "amount": "x"},
        {**facts.a_transaction("ic_1"), "currency": "usd"},
        {**facts.a_transaction("ic_1"), "card": 5},
    ],
)
def test_an_event_in_an_unknown_form_is_kept_and_somebody_must_look(tell, state_of, told, about):
    event = presented(about)

    tell(event)

    assert state_of(event) is EventState.UNREADABLE
    assert [one["kind"] for one in told("exception_raised")] == ["unreadable_event"]


def test_an_event_without_data_is_unreadable(tell, state_of):
    event = {"id": "evt_1", "type": "issuing_transaction.created"}

    tell(event)

    assert state_of(event) is EventState.UNREADABLE


def test_events_that_change_nothing_are_kept(tell, state_of):
    event = facts.an_event("issuing_cardholder.created", {})

    tell(event)

    assert state_of(event) is EventState.IGNORED


def test_a_status_that_is_new_to_us_holds_its_money(with_card, tell, now):
    purchase_id, card = with_card()

    tell(created(card, amount=40_00, status="frozen"))

    assert amounts_of(now(purchase_id)) == (40_00, 0)


def test_ids_of_objects_that_were_sent_whole_are_found(with_card, tell, now):
    purchase_id, card = with_card()
    whole = facts.a_transaction(card) | {"card": {"id": card}, "authorization": {"id": "iauth_1"}}

    tell(presented(whole))

    assert amounts_of(now(purchase_id)) == (0, 35_00)


def test_a_purchase_of_another_card_is_left_alone(with_card, tell, now, transaction):
    (one, card), (other, _) = with_card(), with_card()

    tell(presented(facts.a_transaction(card)))

    assert amounts_of(now(one)) == (0, 35_00)
    assert amounts_of(now(other)) == (35_00, 0)
    with transaction() as session:
        assert len(session.scalars(select(Purchase)).all()) == 2


def test_an_event_that_could_not_be_applied_stays_to_be_seen(with_card, transaction, count, told):
    _, card = with_card()
    event = presented(facts.a_transaction(card))
    with transaction() as session:
        handlers.keep(event, session=session, trace=a_trace())
        session.flush()
        about = {"event_id": event["id"]}
        handlers.not_applied("out_of_tries", about, session=session, trace=a_trace())

    assert count(IssuerEvent) == 1
    with transaction() as session:
        assert session.get_one(IssuerEvent, event["id"]).state is EventState.UNMATCHED
    assert [one["kind"] for one in told("exception_raised")] == ["unknown_card"]
