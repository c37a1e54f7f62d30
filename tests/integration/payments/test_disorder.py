"""What comes twice, out of order, or about something unknown: a test for each such case."""

import itertools

import pytest
from sqlalchemy import select

from services.payments.authorisations import handlers as authorisations
from services.payments.authorisations.models import Authorisation
from services.payments.cards.models import Card
from services.payments.decisions.models import Decision
from services.payments.fetching import queries as due
from services.payments.issuer_events.models import IssuerEvent
from services.payments.issuer_events.rules import EventState
from services.payments.presentments.models import Presentment
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts
from tests.integration.payments.network import (
    asks,
    created,
    dispute,
    disputed,
    fetched,
    money,
    on_unknown_card,
    returns,
    takes,
    updated,
)
from tests.integration.racing import all_at_once

EVENTS = "/webhooks/issuer/events"
REQUESTS = "/webhooks/issuer/authorizations"


def amounts(net):
    now = net.now()
    return now.held_pence, now.posted_pence, now.unmatched_pence


def deliver(client, document, **changed):
    secret = facts.SETTINGS.issuer_events_secret
    return client.post(EVENTS, **facts.of_the_issuer(document, secret=secret, **changed))


def a_capture(net, **said):
    return facts.an_event("issuing_transaction.created", money(-35_00, **said)(net))


def test_the_same_event_id_twice_has_one_effect_and_two_answers_of_200(
    *, network, client, count, errands
):
    document = a_capture(network)

    assert [deliver(client, document).status_code for _ in range(2)] == [200, 200]

    assert (count(IssuerEvent), len(errands("apply_issuer_event"))) == (1, 1)


def test_the_same_request_twice_gets_the_stored_answer_byte_for_byte(network, client, count):
    document = facts.a_request(network.card, authorisation=network.name("iauth_1"))
    secret = facts.SETTINGS.issuer_authorisations_secret

    answers = [
        client.post(REQUESTS, **facts.of_the_issuer(document, secret=secret)) for _ in range(2)
    ]

    assert answers[0].data == answers[1].data
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (count(Decision), network.now().held_pence) == (1, 35_00)


def test_of_two_requests_that_race_for_the_last_pound_one_is_approved(network):
    all_at_once(
        [lambda name=name: asks(35_00, authorisation=name)(network) for name in ("one", "two")]
    )

    assert sorted(network.answers) == [False, True]


def test_an_increment_is_not_taken_for_a_repeat(network):
    for step in (asks(20_00), created(amount=20_00), asks(15_00, requests=1)):
        step(network)
    asks(1, authorisation="other")(network)

    assert network.answers == [True, True, False]  # all of it is promised now


def test_one_request_asked_under_two_event_ids_is_held_once(network, transaction):
    for event in ("one", "two"):
        asks(15_00, event=event)(network)

    with transaction() as session:
        found = session.get_one(Authorisation, network.name("iauth_1"))
    assert found.approvals_pence == [15_00]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_old_view_that_comes_late_changes_nothing(network, order):
    views = [
        created(amount=50_00),
        updated(amount=50_00, transactions=[money(-10_00)]),
        updated(amount=50_00, status="closed", transactions=[money(-10_00)]),
    ]

    for place in order:
        views[place](network)

    assert amounts(network) == (0, 10_00, 0)


def test_where_nothing_tells_which_view_is_later_the_issuer_is_asked(network, errands):
    created(amount=40_00)(network)
    updated(amount=60_00)(network)

    assert errands("fetch_authorisation") == [{"authorisation_id": network.name("iauth_1")}]
    fetched({"amount": 60_00})(network)
    assert amounts(network) == (60_00, 0, 0)
    updated(amount=40_00)(network)  # an old view, late: what was fetched stays until it is fetched
    assert amounts(network) == (60_00, 0, 0)
    assert len(errands("fetch_authorisation")) == 2


def test_a_capture_before_its_authorisation_is_posted_and_joined_later(network, transaction):
    takes(30_00)(network)
    assert amounts(network)[1] == 30_00

    updated(status="closed", transactions=[money(-30_00)])(network)

    assert amounts(network) == (0, 30_00, 0)
    assert network.raised() == []


def test_an_unknown_card_in_a_request_is_declined_with_a_reason(network, client):
    document = facts.a_request("ic_of_nobody")
    secret = facts.SETTINGS.issuer_authorisations_secret

    answer = client.post(REQUESTS, **facts.of_the_issuer(document, secret=secret))

    assert (answer.status_code, answer.json["approved"]) == (200, False)
    assert answer.json["metadata"] == {"reason": "unknown_card"}


def test_an_unknown_card_in_a_transaction_is_unmatched_and_looked_at(network, told):
    on_unknown_card(takes(20_00, authorisation=None))(network)

    (said,) = told("unmatched_money_changed")
    assert (said["version"], said["taken_pence"], said["returned_pence"]) == (1, 20_00, 0)
    assert [one["kind"] for one in told("exception_raised")] == ["unknown_card"]


def test_an_unknown_type_of_event_is_kept_and_answered(network, client, transaction):
    document = facts.an_event("issuing_weather.changed", {"id": "x"})

    assert deliver(client, document).status_code == 200

    with transaction() as session:
        assert session.get_one(IssuerEvent, document["id"]).state is EventState.IGNORED


@pytest.mark.parametrize(
    "step",
    [
        created(amount=50_00, status="frozen_by_the_moon", reasons=["new_reason"]),
        created(amount=50_00, reasons=["stand_in_of_another_kind"]),
    ],
)
def test_an_unknown_word_in_a_known_event_is_looked_at_and_no_crash(network, step):
    step(network)

    assert network.raised() == [("approved_without_us", 50_00)]
    assert amounts(network) == (50_00, 0, 0)


def test_an_unknown_loss_reason_is_for_a_person_to_decide(network):
    for step in (
        created(),
        takes(35_00),
        disputed(),
        dispute("closed", status="lost", loss_reason="a_new_reason"),
    ):
        step(network)

    assert network.raised() == [("dispute_lost", 35_00)]


@pytest.mark.parametrize("age_seconds", [400, -400])
def test_a_signature_that_is_too_old_or_of_the_future_is_not_accepted(
    network, client, count, age_seconds
):
    assert deliver(client, a_capture(network), age_seconds=age_seconds).status_code == 400
    assert count(IssuerEvent) == 0


def test_a_replay_within_the_tolerance_is_stopped_by_its_id(network, client, count):
    document = a_capture(network)

    for age_seconds in (0, 200):
        assert deliver(client, document, age_seconds=age_seconds).status_code == 200

    assert count(IssuerEvent) == 1


def test_a_handler_that_fails_after_the_200_has_the_event_still(
    *, network, client, transaction, errands
):
    """The row is there before the answer, and stays waiting until it is applied."""
    document = a_capture(network)
    deliver(client, document)

    with transaction() as session:
        event = session.get_one(IssuerEvent, document["id"])
    assert event.state is EventState.WAITING
    assert errands("apply_issuer_event") == [{"event_id": document["id"]}]
    network.tell(document)
    assert amounts(network)[1] == 35_00


def test_a_refund_that_names_anothers_authorisation_is_not_believed(network, another_network):
    for step in (created(), takes(35_00)):
        step(network)
        step(another_network)
    theirs = another_network.name("iauth_1")
    made = returns(35_00)
    network.ids, ids = another_network.ids, network.ids
    made(network)  # on this card, naming the other purchase's authorisation
    network.ids = ids

    assert network.now().posted_pence == 35_00
    assert network.now().unmatched_pence == 35_00
    assert another_network.now().posted_pence == 35_00
    assert network.raised() == [("unmatched_refund", 35_00)]
    assert theirs != network.name("iauth_1")


def test_what_came_before_the_card_was_known_is_the_purchases_then(network, transaction, told):
    on_unknown_card(takes(20_00, authorisation=None))(network)
    with transaction() as session:
        card = session.scalars(select(Card)).one()
        card.issuer_card_id = f"ic_unknown{network.ids}"

    with transaction() as session:
        (command,) = due.adoptable(TUESDAY_AT_TEN, session=session)
    with transaction() as session:
        authorisations.adopt(command, session=session, trace=a_trace())

    assert network.now().posted_pence == 20_00
    assert [one["taken_pence"] for one in told("unmatched_money_changed")] == [20_00, 0]
    with transaction() as session:
        assert due.adoptable(TUESDAY_AT_TEN, session=session) == []
        assert session.scalars(select(Presentment.purchase_id)).one() == network.purchase_id


def test_a_declined_request_between_two_approved_ones_shifts_nothing(network, transaction):
    for step in (
        asks(20_00),
        created(amount=20_00),
        asks(20_00, requests=1),
        updated(amount=20_00, reasons=["webhook_approved"]),
        asks(5_00, requests=2),
    ):
        step(network)

    with transaction() as session:
        found = session.get_one(Authorisation, network.name("iauth_1"))
    assert found.approvals_pence == [20_00, 0, 5_00]
