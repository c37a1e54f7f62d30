from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from services.payments import web
from services.payments.authorisations.models import Authorisation
from services.payments.decisions.models import Decision
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase
from services.payments.holds.handlers import cancel_purchase
from services.payments.holds.rules import AlreadyAuthorisedError
from services.payments.issuer_client import API_VERSION
from shared import clock
from shared.database import open_engine, open_sessions
from shared.messaging.tables import OutboxMessage
from shared.settings import ServiceSettings
from tests.integration.payments import facts

PATH = "/webhooks/issuer/authorizations"
SECRET = facts.SETTINGS.issuer_authorisations_secret


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    """Let the suite's clock show the time of the facts."""
    offset = clock.offset_seconds_to(facts.TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def swipe(client):
    """Ask whether a card may pay, as the network does."""

    def ask(card, **asked):
        request = facts.of_the_issuer(facts.a_request(card, **asked), secret=SECRET)
        return client.post(PATH, **request)

    return ask


def test_a_payment_that_the_purchase_covers_is_approved(with_card, swipe, told):
    _, card = with_card()

    answer = swipe(card)

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    assert answer.headers["Stripe-Version"] == API_VERSION
    assert answer.json == {"approved": True, "metadata": {"reason": "approved"}}
    assert told("authorisation_declined") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"category_code": "7995"}, "excluded_by_funder"),
        ({"category_code": "5411"}, "wrong_merchant_category"),
        ({"amount": 35_01}, "amount_above_hold"),
    ],
)
def test_a_payment_that_it_does_not_cover_is_declined_with_the_next_step(
    with_card, swipe, told, asked, code
):
    purchase_id, card = with_card()

    answer = swipe(card, **asked)

    assert answer.json == {"approved": False, "metadata": {"reason": code}}
    (event,) = told("authorisation_declined", purchase_id=purchase_id)
    assert event["code"] == code
    assert event["next_step"]
    assert swipe(card, authorisation="iauth_2").json["approved"]


def test_an_unknown_card_is_declined_once_for_each_event(swipe, count):
    answers = [swipe("ic_unknown", event_id="evt_1").data for _ in range(2)]

    assert answers == [b'{"approved":false,"metadata":{"reason":"unknown_card"}}'] * 2
    assert (count(Decision), count(OutboxMessage)) == (1, 0)


def test_the_same_event_again_gets_the_same_bytes_and_counts_once(with_card, swipe, count):
    _, card = with_card()

    first = swipe(card, event_id="evt_1", amount=20_00).data
    again = swipe(card, event_id="evt_1", amount=20_00).data

    assert first == again
    assert count(Decision) == 1
    assert swipe(card, authorisation="iauth_2", amount=15_00).json["approved"]


def test_increments_and_other_shops_share_what_is_held(with_card, swipe):
    _, card = with_card()

    assert swipe(card, amount=20_00).json["approved"]
    assert swipe(card, amount=10_00, requests=1).json["approved"]  # more on the same authorisation
    assert not swipe(card, authorisation="iauth_2", amount=5_01).json["approved"]
    assert swipe(card, authorisation="iauth_2", amount=5_00).json["approved"]
    assert swipe(card, authorisation="iauth_3", amount=0).json["approved"]


def test_a_check_of_the_card_for_nothing_reserves_nothing(with_card, swipe, carry_out):
    purchase_id, card = with_card()

    assert swipe(card, amount=0).json["approved"]
    command = CancelPurchase(purchase_id=purchase_id, reason="Not wanted")
    carry_out(cancel_purchase, command)

    assert swipe(card).json["metadata"] == {"reason": "card_closed"}


def test_what_a_shop_was_promised_cannot_be_cancelled(with_card, swipe, carry_out):
    purchase_id, card = with_card()
    swipe(card)

    with pytest.raises(AlreadyAuthorisedError):
        carry_out(cancel_purchase, CancelPurchase(purchase_id=purchase_id, reason="Not wanted"))


def test_an_hour_before_the_hold_ends_nothing_more_is_approved(requested, hear, transaction, swipe):
    purchase_id = requested()
    ends = facts.TUESDAY_AT_TEN + timedelta(minutes=59)
    hear(holds.hold_placed, facts.placed(purchase_id, expires_at=ends))
    card = f"ic_{uuid4().hex}"
    with transaction() as session:
        facts.record_card(session, purchase_id, card)

    assert swipe(card).json["metadata"] == {"reason": "hold_expired"}


def test_a_decision_is_six_statements_however_much_was_decided_before(
    with_card, swipe, transaction
):
    _, card = with_card()
    said = []

    def count(_connection, _cursor, statement, _parameters, _context, _many):
        said.append(statement)

    engine = transaction.__self__.kw["bind"]
    event.listen(engine, "before_cursor_execute", count)
    try:
        for number in range(4):
            said.clear()
            swipe(card, authorisation=f"iauth_{number}", amount=1)
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert len(said) == 6, said


def test_a_shop_that_takes_less_gets_what_is_left_and_no_more(with_card, swipe):
    _, card = with_card()

    answer = swipe(card, amount=40_00, takes_less=True)

    assert answer.json == {
        "approved": True,
        "amount": 35_00,
        "metadata": {"reason": "approved_in_part"},
    }
    assert not swipe(card, authorisation="iauth_2", amount=1, takes_less=True).json["approved"]
    assert swipe(card, authorisation="iauth_3", amount=0).json["approved"]


def test_fifty_at_once_never_overspend_one_purchase(with_card, transaction, now):
    purchase_id, card = with_card()
    app = web.app_on(transaction, settings=facts.SETTINGS)

    def ask(number):
        document = facts.a_request(
            card, authorisation=f"iauth_{number}", amount=9_00, takes_less=number % 2 == 0
        )
        answer = app.test_client().post(PATH, **facts.of_the_issuer(document, secret=SECRET)).json
        return answer.get("amount", 9_00) if answer["approved"] else 0

    with ThreadPoolExecutor(8) as workers:
        approved = sum(workers.map(ask, range(50)))

    with transaction() as session:
        promised = [sum(one.approvals_pence) for one in session.scalars(select(Authorisation))]
    assert approved == sum(promised) == now(purchase_id).held_pence == 35_00


def test_many_at_once_never_get_more_than_is_held(with_card, transaction):
    _, card = with_card()
    app = web.app_on(transaction, settings=facts.SETTINGS)

    def ask(number):
        document = facts.a_request(card, authorisation=f"iauth_{number}", amount=10_00)
        request = facts.of_the_issuer(document, secret=SECRET)
        return app.test_client().post(PATH, **request).json["approved"]

    with ThreadPoolExecutor(8) as workers:
        approved = list(workers.map(ask, range(16)))

    assert approved.count(True) == 3


def test_the_same_event_many_times_at_once_is_one_decision(with_card, transaction, count):
    _, card = with_card()
    app = web.app_on(transaction, settings=facts.SETTINGS)
    request = facts.of_the_issuer(facts.a_request(card), secret=SECRET)

    with ThreadPoolExecutor(8) as workers:
        answers = set(workers.map(lambda _: app.test_client().post(PATH, **request).data, range(8)))

    assert len(answers) == 1
    assert count(Decision) == 1


def test_a_fault_of_ours_is_a_no(with_card):
    _, card = with_card()

    @contextmanager
    def no_database():
        raise OperationalError("", {}, Exception("away"))
        yield

    app = web.app_on(no_database, settings=facts.SETTINGS)
    request = facts.of_the_issuer(facts.a_request(card), secret=SECRET)
    answer = app.test_client().post(PATH, **request)

    assert answer.status_code == 200
    assert answer.headers["Stripe-Version"] == API_VERSION
    assert answer.json == {"approved": False, "metadata": {"reason": "fault"}}


def test_a_purchase_that_somebody_holds_on_to_is_declined_within_the_networks_patience(
    with_card, transaction, swipe
):
    purchase_id, card = with_card()
    with transaction() as session:
        facts.lock(session, purchase_id)
        answer = swipe(card)

    assert answer.json["metadata"] == {"reason": "fault"}


def test_a_decision_that_comes_too_late_is_undone(with_card, swipe, count, monkeypatch):
    _, card = with_card()
    monkeypatch.setattr(web, "ANSWER_WITHIN_SECONDS", 0)

    answer = swipe(card)

    assert answer.json == {"approved": False, "metadata": {"reason": "fault"}}
    assert (count(Decision), count(Authorisation)) == (0, 0)


def without(document, *path):
    at = document
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return document


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "not json",
        '"\\ud800"',
        '{"id": "\\u0000"}',
        "[" * 30_000,
        " " * 70_000,
        {},
        facts.an_event("issuing_authorization.created", {}),
        without(facts.a_request("ic_1"), "id"),
        without(facts.a_request("ic_1"), "data", "object", "pending_request"),
        facts.a_request("ic_1", amount=-1),
        facts.a_request("ic_1", amount="3500"),
        facts.a_request("ic_1", amount=10**30),
        facts.a_request(None),
    ],
)
def test_what_cannot_be_read_is_not_accepted_and_nothing_is_stored(client, count, document):
    answer = client.post(PATH, **facts.of_the_issuer(document, secret=SECRET))

    assert answer.status_code == 400
    assert count(Decision) == 0


@pytest.mark.parametrize(
    "signed",
    [
        {"secret": facts.SETTINGS.issuer_events_secret},
        {"secret": SECRET, "age_seconds": 301},
        {"secret": SECRET, "age_seconds": -310},
    ],
)
def test_a_wrong_an_old_and_a_future_signature_are_not_accepted(client, count, signed):
    answer = client.post(PATH, **facts.of_the_issuer(facts.a_request("ic_1"), **signed))

    assert answer.status_code == 400
    assert count(Decision) == 0


def test_unknown_fields_are_no_matter(with_card, client):
    _, card = with_card()
    document = facts.a_request(card)
    document["data"]["object"]["news"] = {"of": "a later version"}

    answer = client.post(PATH, **facts.of_the_issuer(document, secret=SECRET))

    assert answer.json["approved"]


def test_the_process_says_that_it_is_alive(client):
    assert client.get("/health/live").json == {"status": "live"}
    assert client.get("/health/ready").json == {"status": "ready", "database": True}


def test_a_card_is_not_declined_because_the_database_was_started_anew(
    with_card, servers, transaction, monkeypatch
):
    own = ServiceSettings.from_environment(servers.process_environment("payments-web"))
    own = replace(own, database_url=f"{own.database_url}&application_name=door")
    settings = replace(facts.SETTINGS, service=own)
    monkeypatch.setattr(web.PaymentsSettings, "from_environment", lambda: settings)
    monkeypatch.setattr(web.logs, "configure", lambda **_: None)  # this is no such process
    _, card = with_card()
    client = web.create_app().test_client()
    request = facts.of_the_issuer(facts.a_request(card), secret=SECRET)
    assert client.get("/health/ready").status_code == 200
    with transaction() as session:
        ended = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'door'"
        )
        assert session.scalars(text(ended)).all() == [True]

    assert client.post(PATH, **request).json["approved"]


def test_without_its_database_the_door_lives_and_is_not_ready():
    nowhere = open_engine("postgresql+psycopg2://nobody@127.0.0.1:1/payments", pool_size=1)
    client = web.app_on(open_sessions(nowhere).begin, settings=facts.SETTINGS).test_client()

    ready = client.get("/health/ready")

    assert (ready.status_code, ready.json) == (503, {"status": "not ready", "database": False})
    assert client.get("/health/live").status_code == 200
