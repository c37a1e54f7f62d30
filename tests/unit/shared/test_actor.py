"""Who acts is taken from whoever we trust to say so, for one operation and one minute."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey, RSAKey

from shared.contracts.actor import (
    EVERYBODY,
    KEYS,
    LASTS_SECONDS,
    LONGEST_TOKEN,
    MOST_SKEW_SECONDS,
    SIGNING_KEY,
    Actor,
    ActorSigner,
    BadActorKeyError,
    UntrustedActorError,
    system,
    verified,
)

OPERATION = "payments.request_purchase"
NOW = 1_700_000_000.0
BROKER = Actor(
    actor_id="0b6f9f4e-6b6a-4a6b-8a53-7f2b8f0a7c11",
    roles=("broker",),
    organisation="voluntary-broker",
    relations=frozenset({"team:broker"}),
    purpose="direct_care",
    acting_for="somebody",
    request_id="r-1",
)


def a_key():
    return Ed25519PrivateKey.generate()


def in_base64(raw):
    return base64.b64encode(raw).decode()


KEY = a_key()
PRIVATE = f"edge:{in_base64(KEY.private_bytes_raw())}"
PUBLIC = f"edge:{in_base64(KEY.public_key().public_bytes_raw())}"
SIGNER = ActorSigner.of({SIGNING_KEY: PRIVATE})
TOKEN = SIGNER.sign(BROKER, operation=OPERATION, at_seconds=NOW)
CLAIMS = json.loads(base64.urlsafe_b64decode(TOKEN.split(".")[1] + "=="))
HEADER = {"alg": "Ed25519", "kid": "edge"}


def check(token, *, keys=PUBLIC, operation=OPERATION, at_seconds=NOW):
    return verified(token, keys=keys, operation=operation, at_seconds=at_seconds)


def without(name):
    return {key: value for key, value in CLAIMS.items() if key != name}


def signed(said, *, header=HEADER, key=KEY):
    return jwt.encode(header, said, OKPKey.import_key(key), algorithms=["Ed25519"])


def part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def test_who_acts_arrives_as_the_edge_has_said_it():
    assert check(TOKEN) == BROKER
    assert check(signed(CLAIMS)) == BROKER


def test_a_system_of_the_suite_is_let_in_everywhere():
    token = SIGNER.sign(system("demo"), operation=OPERATION, at_seconds=NOW)

    assert check(token).relations == {EVERYBODY}
    assert check(token).place == "demo/system"


UNTRUSTED = [
    None,
    "",
    7,
    "no token",
    "x" * (LONGEST_TOKEN + 1),
    TOKEN[:-4] + "AAAA",
    ".".join([TOKEN.split(".")[0], part(CLAIMS | {"roles": ["auditor"]}), TOKEN.split(".")[2]]),
    f"{part({'alg': 'none'})}.{part(CLAIMS)}.",
    jwt.encode(
        {"alg": "HS256", "kid": "edge"},
        CLAIMS,
        OctKey.import_key(KEY.public_key().public_bytes_raw()),
        algorithms=["HS256"],
    ),
    jwt.encode(
        {"alg": "RS256", "kid": "edge"},
        CLAIMS,
        RSAKey.generate_key(2048),
        algorithms=["RS256"],
    ),
    signed(CLAIMS, key=a_key()),
    signed(CLAIMS, header=HEADER | {"kid": "another"}),
    *(signed(without(name)) for name in CLAIMS),
    signed(CLAIMS | {"iat": "now"}),
    signed(CLAIMS | {"roles": 5}),
    signed(CLAIMS | {"iat": NOW + MOST_SKEW_SECONDS + 5, "exp": NOW + 600}),
]


@pytest.mark.parametrize("token", UNTRUSTED, ids=range(len(UNTRUSTED)))
def test_what_nobody_we_trust_has_signed_as_it_must_be_is_not_believed(token):
    with pytest.raises(UntrustedActorError):
        check(token)


def test_a_token_is_for_one_operation():
    with pytest.raises(UntrustedActorError):
        check(TOKEN, operation="payments.approve_purchase")


def test_a_token_lasts_a_minute():
    assert check(TOKEN, at_seconds=NOW + LASTS_SECONDS - 1)
    with pytest.raises(UntrustedActorError):
        check(TOKEN, at_seconds=NOW + LASTS_SECONDS)


def test_keys_are_changed_without_a_pause():
    new = a_key()
    both = f"{PUBLIC} new:{in_base64(new.public_key().public_bytes_raw())}"
    signer = ActorSigner.of({SIGNING_KEY: f"new:{in_base64(new.private_bytes_raw())}"})
    by_new = signer.sign(BROKER, operation=OPERATION, at_seconds=NOW)

    assert check(TOKEN, keys=both) == check(by_new, keys=both) == BROKER
    with pytest.raises(UntrustedActorError):
        check(by_new)


@pytest.mark.parametrize("setting", ["", "edge", "edge:short", "edge:!", ":" + 43 * "A" + "="])
def test_a_setting_that_holds_no_key_is_named(setting):
    with pytest.raises(BadActorKeyError, match=SIGNING_KEY):
        ActorSigner.of({SIGNING_KEY: setting})
    with pytest.raises(BadActorKeyError, match=KEYS):
        check(TOKEN, keys=setting)
