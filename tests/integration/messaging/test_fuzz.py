"""Five thousand messages of every kind at one service: it lives, and can account for each."""

import json
from random import Random
from uuid import uuid4

import amqp
import pytest

from shared.contracts import catalogue
from shared.contracts.payments.purchases import PurchaseRequested
from shared.messaging.publisher import connect
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.probe import amounts
from tests.waiting import eventually

pytestmark = pytest.mark.prove

MESSAGES = 5_000
SEED = 20261123
ODD = {
    "message_id": "5",
    "correlation_id": "x" * 200,
    "reply_to": "nowhere",
    "priority": 9,
    "expiration": "600000",
    "type": "\u0000",
}
KEY = "payments.purchase_requested.v1"
JSON = "application/json"


def an_envelope(random: Random) -> dict:
    event = PurchaseRequested(
        occurred_at=TUESDAY_AT_TEN,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=random.choices([amounts.FINE, amounts.RAISES], [30, 1])[0],
    )
    return catalogue.dump(event, trace=a_trace())


def a_value(random: Random, depth: int = 0) -> object:
    """Any value that JSON has, some of them nasty."""
    plain = [None, True, 0, -1, 10**30, 1.5, "", "\u0000", "\ud800", "a" * 500, "🌻", str(uuid4())]
    if depth > 3 or random.random() < 0.6:
        return random.choice(plain)
    if random.random() < 0.5:
        return [a_value(random, depth + 1) for _ in range(random.randint(0, 4))]
    return {
        str(a_value(random, 9)): a_value(random, depth + 1) for _ in range(random.randint(0, 4))
    }


def spoilt_envelope(random: Random) -> dict:
    """An envelope with one thing in it that is not as it must be."""
    envelope = an_envelope(random)
    where = random.choice([envelope, envelope["data"]])
    field = random.choice(sorted(where))
    if random.random() < 0.3:
        del where[field]
    else:
        where[field] = a_value(random)
    return envelope


def a_body(random: Random) -> bytes:
    kind = random.random()
    if kind < 0.45:
        return json.dumps(an_envelope(random)).encode()
    if kind < 0.75:
        return json.dumps(spoilt_envelope(random)).encode()
    if kind < 0.85:
        return json.dumps(a_value(random)).encode()
    if kind < 0.9:
        text = json.dumps(an_envelope(random)).encode()
        return text[: random.randint(0, len(text))]
    if kind < 0.93:
        return b"[" * random.randint(1, 100_000)
    return random.randbytes(random.randint(0, 300))


def a_header(random: Random) -> object:
    values = [5, "text", [1], ["a", "b"], {"a": 1}, None, True, "gzip", "bzip2", "nope"]
    return random.choice(values)


def the_properties(random: Random) -> dict:
    """Properties of every kind, most often those of a message of ours."""
    properties: dict = {"delivery_mode": 2}
    if random.random() < 0.9:
        properties["content_type"] = JSON
    elif random.random() < 0.8:
        kinds = ["application/x-python-serialize", "text/plain", "", "application/x-nope", "🌻"]
        properties["content_type"] = random.choice(kinds)
    if random.random() < 0.15:
        properties["content_encoding"] = random.choice(["utf-8", "binary", "utf-16", "nope"])
    if random.random() < 0.2:
        names = ["compression", "nameko.call_id_stack", "nameko.user_id", "x-death", "traceparent"]
        properties["application_headers"] = {random.choice(names): a_header(random)}
    return properties | {name: value for name, value in ODD.items() if random.random() < 0.03}


@pytest.fixture
def publish(servers, clean_broker):
    url = servers.process_environment("payments")["COMMONPURSE_BROKER_URL"]
    connection = connect(url, name="tests")
    channel = connection.channel()

    def send(body: bytes, properties: dict) -> None:
        channel.basic_publish(amqp.Message(body, **properties), "payments.events", KEY)

    yield send
    if connection.connected:
        connection.close()


HELD_OR_DEAD = "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM dead_letters)"
BY_STATE = "SELECT state || ' ' || count(*) FROM inbox GROUP BY state"


def test_every_message_is_processed_held_or_dead_and_the_service_lives(ours, publish, budget):
    program = ours(COMMONPURSE_LOG_LEVEL="critical")
    random = Random(SEED)
    for _ in range(MESSAGES):
        publish(a_body(random), the_properties(random))

    eventually(lambda: budget(HELD_OR_DEAD)[0] >= MESSAGES, within_seconds=120)

    states = {state: int(number) for state, number in map(str.split, budget(BY_STATE))}
    letters = budget("SELECT count(*) FROM dead_letters")[0]
    assert sum(states.values()) + letters == MESSAGES
    assert budget("SELECT count(*) FROM effects") == [states["processed"]]
    assert min(states["processed"], states["retry"], letters) > 50
    assert not program.has_ended()
