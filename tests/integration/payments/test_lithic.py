"""The same stories in Lithic's form end in the same amounts: the interface to an issuer holds."""

import base64
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import standardwebhooks
from sqlalchemy import select

from services.payments import errands, web
from services.payments.issuer_events import handlers
from services.payments.issuer_events.models import IssuerEvent
from services.payments.issuer_events.rules import EventState, IssuerName
from services.payments.issuers import Lithic, StripeIssuing, issuer_of
from tests.factories import a_trace
from tests.integration.payments import facts
from tests.integration.payments.network import asks, created, money, returns, takes, updated

REQUESTS = "/webhooks/issuer/authorizations"
EVENTS = "/webhooks/issuer/events"
SECRETS = {
    name: "whsec_" + base64.b64encode(f"a secret for {name}".encode()).decode()
    for name in ("requests", "events")
}
SETTINGS = replace(
    facts.SETTINGS,
    issuer=IssuerName.LITHIC,
    issuer_authorisations_secret=SECRETS["requests"],
    issuer_events_secret=SECRETS["events"],
)


def signed(document, *, secret, message_id=None, age_seconds=0):
    message_id = message_id or f"msg_{uuid4().hex}"
    body = document if isinstance(document, str) else json.dumps(document)
    sent_at = int(time.time()) - age_seconds
    signature = standardwebhooks.Webhook(secret).sign(
        message_id, datetime.fromtimestamp(sent_at, tz=UTC), body
    )
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signature,
    }
    return {"data": body, "headers": headers}


def a_question(card, *, named="t1", amount=35_00, mcc="8299", status="AUTHORIZATION", hold=None):
    money_of = {"amount": amount, "currency": "GBP", "conversion_rate": "1.0"}
    return {
        "token": named,
        "event_type": "card_authorization.approval_request",
        "status": status,
        "card": {"token": card, "last_four": "4242", "state": "OPEN", "type": "VIRTUAL"},
        "merchant": {"mcc": mcc, "acceptor_id": "shop_7", "descriptor": "RIDING SCHOOL"},
        "amounts": {
            "cardholder": money_of,
            "merchant": money_of,
            "hold": hold and {"amount": hold, "currency": "GBP"},
        },
    }


def step(kind, amount, *, result="APPROVED"):
    return {
        "token": f"{kind}_{amount}",
        "type": kind,
        "result": result,
        "amount": amount,
        "effective_polarity": "CREDIT" if kind == "RETURN" else "DEBIT",
    }


def a_transaction(card, *steps, status="PENDING", hold=0, named="t1", currency="GBP"):
    return {
        "event_type": "card_transaction.updated",
        "token": named,
        "card_token": card,
        "status": status,
        "amounts": {"hold": {"amount": hold, "currency": "GBP"}},
        "merchant": {"mcc": "8299", "acceptor_id": "shop_7"},
        "merchant_currency": currency,
        "events": list(steps),
    }


ASKED = step("AUTHORIZATION", 35_00)


@pytest.fixture
def lithic(transaction):
    return web.app_on(transaction, settings=SETTINGS).test_client()


@pytest.fixture
def put(lithic):
    """Put a question to us, as Lithic does while the shop waits."""

    def question(document, **changed):
        return lithic.post(REQUESTS, **signed(document, secret=SECRETS["requests"], **changed))

    return question


@pytest.fixture
def tell(lithic, transaction):
    """Deliver an event, and apply it as the errand does."""

    def tell_one(document, *, message_id=None):
        message_id = message_id or f"msg_{uuid4().hex}"
        request = signed(document, secret=SECRETS["events"], message_id=message_id)
        assert lithic.post(EVENTS, **request).status_code == 200
        with transaction() as session:
            handlers.apply(message_id, {}, session=session, trace=a_trace())
        return message_id

    return tell_one


def amounts(net):
    now = net.now()
    return now.held_pence, now.posted_pence, now.unmatched_pence, net.raised()


def test_a_card_is_approved_and_declined_in_lithics_words(network, put):
    answers = [
        put(a_question(network.card, named="t1", amount=20_00)),
        put(a_question(network.card, named="t2", amount=15_01)),
        put(a_question(network.card, named="t3", mcc="7995")),
        put(a_question("card_of_nobody")),
    ]

    assert [answer.json for answer in answers] == [
        {"result": "APPROVED"},
        {"result": "INSUFFICIENT_FUNDS"},
        {"result": "UNAUTHORIZED_MERCHANT"},
        {"result": "DECLINED"},
    ]


def test_the_same_question_again_gets_the_same_bytes_and_is_held_once(network, put):
    first, again = (put(a_question(network.card), message_id="msg_1").data for _ in range(2))

    assert first == again
    assert put(a_question(network.card, named="t2", amount=1)).json != {"result": "APPROVED"}


def test_what_a_tip_may_add_is_held_too(network, put):
    assert put(a_question(network.card, amount=35_00, hold=40_00)).json != {"result": "APPROVED"}


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        "{",
        {"token": "t"},
        a_question("c", status="BALANCE_INQUIRY"),
        a_question("c") | {"amounts": {"cardholder": {"amount": 1, "currency": "USD"}}},
    ],
)
def test_a_question_in_another_form_is_not_accepted(put, document):
    assert put(document).status_code == 400


def test_a_bad_signature_an_old_one_and_the_other_secret_are_not_accepted(network, lithic):
    question = a_question(network.card)
    old = signed(question, secret=SECRETS["requests"], age_seconds=400)
    other = signed(question, secret=SECRETS["events"])
    stripes = facts.of_the_issuer(question, secret=SECRETS["requests"])

    assert [lithic.post(REQUESTS, **one).status_code for one in (old, other, stripes)] == [400] * 3


def test_an_event_without_a_type_is_not_accepted_and_another_is_kept(lithic, transaction):
    def posted(document):
        return lithic.post(EVENTS, **signed(document, secret=SECRETS["events"], message_id="m"))

    assert posted({"token": "t"}).status_code == 400
    assert posted({"event_type": "card.updated", "pan": "4242"}).status_code == 200
    with transaction() as session:
        kept = session.get_one(IssuerEvent, "m")
    assert (kept.state, kept.body) == (EventState.IGNORED, {"event_type": "card.updated"})


CLEARED = step("CLEARING", 35_00)
CLOSED = updated(status="closed", transactions=[money(-35_00)])
# The same story told in both forms: Stripe's steps, and Lithic's one transaction at the end of it.
STORIES = {
    "captured as held": (
        [created(), takes(35_00), CLOSED],
        [lambda card: a_transaction(card, ASKED, CLEARED, status="SETTLED")],
    ),
    "captured in part, and more may come": (
        [created(), takes(10_00), updated(transactions=[money(-10_00)])],
        [lambda card: a_transaction(card, ASKED, step("CLEARING", 10_00), hold=25_00)],
    ),
    "captured for more": (
        [
            created(),
            takes(40_00),
            updated(status="closed", transactions=[money(-40_00)]),
        ],
        [lambda card: a_transaction(card, ASKED, step("CLEARING", 40_00), status="SETTLED")],
    ),
    "refunded in part": (
        [created(), takes(35_00), CLOSED, returns(10_00)],
        [
            lambda card: a_transaction(
                card, ASKED, CLEARED, step("RETURN", -10_00), status="SETTLED"
            )
        ],
    ),
    "the refund is taken back": (
        [
            created(),
            takes(35_00),
            CLOSED,
            returns(10_00),
            takes(10_00, named="ipi_again", type="refund"),
        ],
        [
            lambda card: a_transaction(
                card,
                ASKED,
                CLEARED,
                step("RETURN", -10_00),
                step("RETURN_REVERSAL", 10_00),
                status="SETTLED",
            )
        ],
    ),
    "captured though nobody asked": (
        [takes(20_00, authorisation=None)],
        [lambda card: a_transaction(card, step("CLEARING", 20_00), status="SETTLED")],
    ),
    "a refund of its own": (
        [returns(20_00, authorisation=None)],
        [lambda card: a_transaction(card, step("RETURN", -20_00), status="SETTLED")],
    ),
    "approved in our place": (
        [created(amount=50_00, reasons=["network_fallback"])],
        [
            lambda card: a_transaction(
                card,
                step("AUTHORIZATION", 50_00, result="SWITCH_INOPERATIVE_ADVICE"),
                hold=50_00,
            )
        ],
    ),
    "given back": (
        [created(), updated(amount=0, status="reversed")],
        [
            lambda card: a_transaction(card, ASKED, hold=35_00),
            lambda card: a_transaction(
                card, ASKED, step("AUTHORIZATION_REVERSAL", 35_00), status="VOIDED"
            ),
        ],
    ),
    "expired, and captured late": (
        [created(), updated(status="expired"), takes(35_00)],
        [
            lambda card: a_transaction(
                card, ASKED, step("AUTHORIZATION_EXPIRY", 35_00), status="EXPIRED"
            ),
            lambda card: a_transaction(
                card, ASKED, step("AUTHORIZATION_EXPIRY", 35_00), CLEARED, status="SETTLED"
            ),
        ],
    ),
    "from abroad": (
        [
            created(),
            takes(35_80, merchant_currency="eur"),
            updated(status="closed", transactions=[money(-35_80, merchant_currency="eur")]),
        ],
        [
            lambda card: a_transaction(
                card, ASKED, step("CLEARING", 35_80), status="SETTLED", currency="EUR"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_the_same_story_in_both_forms_ends_in_the_same(network, another_network, tell, name):
    in_stripes, in_lithics = STORIES[name]
    for stripe_step in in_stripes:
        stripe_step(another_network)

    for made in in_lithics:
        tell(made(network.card))

    assert amounts(network) == amounts(another_network)


def test_what_we_approve_in_either_form_counts_from_our_answer_on(
    network, another_network, put, tell
):
    asks(20_00)(another_network)
    asks(15_00, requests=1)(another_network)
    put(a_question(network.card, amount=20_00))
    put(a_question(network.card, amount=15_00))
    tell(a_transaction(network.card, step("AUTHORIZATION", 20_00), hold=20_00))

    assert amounts(network) == amounts(another_network)
    assert put(a_question(network.card, named="t2", amount=1)).json != {"result": "APPROVED"}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1, 0), (2, 2, 0, 1)])
def test_in_every_order_and_repetition_lithics_last_word_stays(network, tell, order):
    life = [
        a_transaction(network.card, ASKED, hold=35_00),
        a_transaction(network.card, ASKED, step("CLEARING", 10_00), hold=25_00),
        a_transaction(
            network.card,
            ASKED,
            step("CLEARING", 10_00),
            step("CLEARING", 20_00),
            status="SETTLED",
        ),
    ]

    for place in order:
        tell(life[place])

    assert amounts(network) == (0, 30_00, 0, [])


def test_an_event_in_an_unknown_form_is_kept_and_somebody_must_look(tell, transaction, told):
    message_id = tell({"event_type": "card_transaction.updated", "token": 5})

    with transaction() as session:
        state = session.scalar(select(IssuerEvent.state).where(IssuerEvent.event_id == message_id))
    assert state is EventState.UNREADABLE
    assert [one["kind"] for one in told("exception_raised")] == ["unreadable_event"]


def test_the_setting_says_who_issues_and_only_stripe_can_be_called(monkeypatch, servers):
    assert isinstance(issuer_of(SETTINGS), Lithic)
    assert isinstance(issuer_of(facts.SETTINGS), StripeIssuing)
    for name, value in servers.process_environment("payments").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PAYMENTS_ISSUER", "lithic")

    with pytest.raises(errands.NoClientError):
        errands.kinds()
