"""A partner's system may enter with a token, for what it agreed to and for five minutes."""

import base64
import time
from dataclasses import replace
from urllib.parse import quote, urlsplit, urlunsplit

import amqp
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.local.broker import RESOURCE_SERVER, TOKEN_KEY
from services.partners.tokens import LASTS_SECONDS, issue
from shared.messaging.publisher import connect


@pytest.fixture
def token(servers, trust):
    """Issue a token to the trust, or one that is wrong in some way."""

    def issued(partner=trust, **wrong):
        how = {
            "key_pem": base64.b64decode(servers.token_signing_key()),
            "key_id": TOKEN_KEY,
            "resource_server": RESOURCE_SERVER,
            "issuer": "https://purse.example",
            "at_seconds": time.time(),
        }
        return issue(partner, **{**how, **wrong})

    return issued


@pytest.fixture
def enter(servers, trust):
    """Connect with a token to the trust's virtual host, or to another."""
    opened = []

    def connected(token, host=trust.virtual_host):
        url = urlsplit(servers.partner_environment(trust)["PARTNER_BROKER_URL"])
        place = f"token:{quote(token)}@{url.hostname}:{url.port}"
        connection = connect(
            urlunsplit(url._replace(netloc=place, path=f"/{host}")), name="a partner"
        )
        opened.append(connection)
        return connection.channel()

    yield connected
    for connection in opened:
        if connection.connected:
            connection.close()


def publish(channel, key):
    channel.basic_publish_confirm(amqp.Message("{}"), "in", key)


def test_with_a_token_it_publishes_what_it_agreed_to_and_reads_its_queue(enter, token):
    channel = enter(token())

    publish(channel, "admission.notify.v1")
    assert channel.basic_get("out") is None


@pytest.mark.parametrize("key", ["move.notify.v1", "admission.notify.v2"])
def test_with_a_token_no_other_type_is_taken_from_it(enter, token, key):
    with pytest.raises(amqp.AccessRefused):
        publish(enter(token()), key)


@pytest.mark.parametrize("queue", ["in", "out.dead"])
def test_with_a_token_it_reads_no_other_queue(enter, token, queue):
    with pytest.raises(amqp.AccessRefused):
        enter(token()).basic_get(queue)


def test_with_a_token_it_declares_nothing(enter, token):
    with pytest.raises(amqp.AccessRefused):
        enter(token()).queue_declare("mine")


@pytest.mark.parametrize("host", ["partner-aldermoor-council", "commonpurse"])
def test_with_a_token_it_enters_no_other_virtual_host(enter, token, host):
    with pytest.raises((amqp.AMQPError, OSError)):
        enter(token(), host)


def other_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: {"at_seconds": time.time() - LASTS_SECONDS - 60},
        lambda: {"key_pem": other_key()},
        lambda: {"resource_server": "another"},
    ],
    ids=["expired", "of another signer", "for another audience"],
)
def test_a_wrong_token_lets_nobody_in(enter, token, wrong):
    with pytest.raises((amqp.AMQPError, OSError)):
        enter(token(**wrong()))


def test_a_token_for_nothing_lets_nobody_do_anything(enter, token, trust):
    with pytest.raises((amqp.AMQPError, OSError)):
        publish(enter(token(replace(trust, sends=()))), "admission.notify.v1")
