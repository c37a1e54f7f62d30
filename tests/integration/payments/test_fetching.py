"""What the issuer did not tell, asked for with its official client."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.authorisations.handlers import never_was
from services.payments.authorisations.models import Authorisation
from services.payments.errands import kinds_with
from services.payments.fetching import handlers
from services.payments.fetching import queries as due
from services.payments.issuer_client import IssuerClient
from services.payments.issuer_events.models import IssuerEvent
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts
from tests.integration.payments.network import asks, created, takes
from tests.simulators.listener import Answer, listening

AUTHORISATION = "/v1/issuing/authorizations/iauth_1"
DISPUTES = "/v1/issuing/disputes"


@pytest.fixture
def stripe():
    """A small stand-in that answers as Stripe does, and what was asked of it."""
    with listening() as listener:
        yield listener


@pytest.fixture
def issuer(stripe):
    return IssuerClient(url=stripe.url, api_key="sk_test_1")


def says(document, status=200):
    return Answer(status=status, body=json.dumps(document).encode())


@pytest.fixture
def carried_out(issuer, transaction):
    """Do the errands of a kind, as its process does: call, then record."""

    def do(kind, arguments):
        done = kinds_with(issuer=issuer, bank=None)[kind]
        answer = done.call(uuid4(), arguments)
        with transaction() as session:
            done.record(answer, arguments, session=session, trace=a_trace())

    return do


@pytest.fixture
def looks(transaction):
    """Look for what is due, and carry it out."""

    def look(what, handler, at):
        with transaction() as session:
            commands = what(at, session=session)
        for command in commands:
            with transaction() as session:
                handler(command, session=session, trace=a_trace(at=at))
        return commands

    return look


def kept(transaction):
    with transaction() as session:
        return list(session.scalars(select(IssuerEvent.event_type)))


def test_a_silent_decision_is_asked_for_once_in_ten_minutes_and_again_in_an_hour(
    network, looks, errands
):
    asks(35_00)(network)
    asked_at = clock.now()

    def after(minutes):
        at = asked_at + timedelta(minutes=minutes)
        looks(due.silent, handlers.ask_for, at)
        return len(errands("fetch_authorisation"))

    assert [after(minutes) for minutes in (9, 11, 12, 70, 73)] == [0, 1, 1, 1, 2]


def test_what_was_heard_of_lately_is_not_asked_for_and_what_stands_long_is(network, looks, errands):
    created()(network)

    def after(days):
        looks(due.silent, handlers.ask_for, TUESDAY_AT_TEN + timedelta(days=days))
        return len(errands("fetch_authorisation"))

    assert [after(days) for days in (6, 7)] == [0, 1]


def test_a_capture_whose_authorisation_never_came_is_asked_for(network, looks, errands):
    takes(35_00)(network)

    looks(due.silent, handlers.ask_for, TUESDAY_AT_TEN + timedelta(minutes=10))

    assert errands("fetch_authorisation") == [{"authorisation_id": network.name("iauth_1")}]


def test_what_is_fetched_is_kept_raw_without_card_numbers_and_applied_like_an_event(
    *, network, stripe, carried_out, transaction, errands
):
    asks(35_00)(network)
    name = network.name("iauth_1")
    found = facts.an_authorisation(network.card, authorisation=name, amount=35_00)
    found |= {"object": "issuing.authorization", "cardholder": {"name": "Bo"}}
    found["card"] |= {"number": "4242", "object": "issuing.card"}
    stripe.answer_with(f"/v1/issuing/authorizations/{name}", says(found))

    carried_out("fetch_authorisation", {"authorisation_id": name})

    with transaction() as session:
        event = session.scalars(select(IssuerEvent)).one()
    about = event.body["data"]["object"]
    assert (event.event_type, about["card"]["id"]) == (
        "issuing_authorization.fetched",
        network.card,
    )
    assert not {"number", "cardholder"} & {*about, *about["card"]}
    assert errands("apply_issuer_event") == [{"event_id": event.event_id}]


def test_what_the_issuer_does_not_have_lets_go(network, stripe, carried_out):
    asks(35_00)(network)
    name = network.name("iauth_1")
    missing = {"error": {"type": "invalid_request_error", "code": "resource_missing"}}
    stripe.answer_with(f"/v1/issuing/authorizations/{name}", says(missing, status=404))

    for _ in range(2):
        carried_out("fetch_authorisation", {"authorisation_id": name})

    assert network.raised() == [("silent_decision", 35_00)]
    asks(35_00, authorisation="iauth_2")(network)
    assert network.answers == [True, True]  # the first promise is gone


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, RefusedOutsideError),
        (401, NotSentError),
        (429, NotSentError),
        (500, OutcomeUnknownError),
    ],
)
def test_an_issuer_that_does_not_answer_lets_nothing_go(stripe, issuer, status, outcome):
    stripe.answer_with(AUTHORISATION, says({"error": {"code": "x"}}, status=status))

    with pytest.raises(outcome):
        issuer.authorisation("iauth_1")


def test_undelivered_events_are_listed_page_by_page_and_kept_once(
    *, network, stripe, carried_out, looks, transaction, errands
):
    at = TUESDAY_AT_TEN
    first, second = (
        facts.an_event(
            "issuing_transaction.created",
            facts.a_transaction(network.card, amount=-10_00, authorisation=None),
        )
        for _ in range(2)
    )
    network.tell(first)  # it was delivered after all
    assert looks(due.undelivered, handlers.ask_for_undelivered, at) != []
    (arguments,) = errands("list_events")
    assert arguments["since"] == (at - timedelta(days=30)).isoformat()
    page = {"object": "list", "url": "/v1/events", "data": [first, second], "has_more": True}
    stripe.answer_with("/v1/events", says(page))
    carried_out("list_events", arguments)
    (_, arguments) = errands("list_events")
    assert arguments["after"] == second["id"]
    stripe.answer_with("/v1/events", says({**page, "data": [], "has_more": False}))
    carried_out("list_events", arguments)

    asked = [request.path for request in stripe.received]
    assert "delivery_success=false" in asked[0]
    assert f"starting_after={second['id']}" in asked[1]
    assert kept(transaction) == ["issuing_transaction.created"] * 2
    assert looks(due.undelivered, handlers.ask_for_undelivered, at) == []
    (again,) = looks(due.undelivered, handlers.ask_for_undelivered, at + timedelta(hours=1))
    assert again.since == at - timedelta(days=3)  # what was still being tried when we last asked


def test_a_dispute_is_opened_and_submitted_with_the_official_client(stripe, issuer):
    about = {"id": "idp_1", "object": "issuing.dispute"}
    stripe.answer_with(DISPUTES, says(about))
    stripe.answer_with(f"{DISPUTES}/idp_1/submit", says(about))
    errand_id = uuid4()

    sent = issuer.send_dispute(
        errand_id=errand_id,
        dispute_id="d",
        presentment_id="ipi_1",
        amount_pence=35_00,
        reason="no_valid_authorisation",
        words="Nobody was asked",
        evidence=["a.pdf", "b.pdf"],
    )

    assert sent == "idp_1"
    opened, submitted = stripe.received
    assert opened.headers["Idempotency-Key"] == f"open-{errand_id}"
    assert submitted.headers["Idempotency-Key"] == f"submit-{errand_id}"
    body = opened.body.decode()
    assert "evidence[no_valid_authorization][explanation]=Nobody+was+asked" in body
    assert "transaction=ipi_1" in body


def test_what_the_issuer_tells_while_it_is_asked_is_not_overwritten(network, transaction):
    asks(35_00)(network)
    name = network.name("iauth_1")

    with transaction() as session:
        session.get_one(Authorisation, name)  # as it was read before the purchase was locked
        created(amount=35_00)(network)
        never_was(name, session=session, trace=a_trace())

    with transaction() as session:
        assert session.get_one(Authorisation, name).status == "pending"
    assert network.raised() == []
    asks(35_00, authorisation="iauth_2")(network)
    assert network.answers == [True, False]  # the first promise stands
