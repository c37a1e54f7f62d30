"""What somebody has signed is read by the keys that we know they have, and is read whole."""

import json

import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from services.gateway.tokens import signed
from services.gateway.tokens.rules import BadTokenError

KEY = ECKey.generate_key("P-256", {"kid": "one"})
PUBLIC = KEY.as_dict(private=False)
HEADER = {"alg": "ES256", "kid": "one"}


def a_token(payload=b'{"sub": "somebody"}', **header):
    whole = {name: value for name, value in {**HEADER, **header}.items() if value is not None}
    registry = jws.JWSRegistry(strict_check_header=False, algorithms=["ES256"])
    return jws.serialize_compact(whole, payload, KEY, registry=registry)


def read(token, *, keys=(PUBLIC,), algorithms=("ES256",)):
    return signed.read(
        token,
        algorithms=algorithms,
        keys_of=lambda kid: [one for one in keys if one.get("kid") == kid],
    )


def refused(token, **more):
    with pytest.raises(BadTokenError) as error:
        read(token, **more)
    return error.value.because


def test_what_is_signed_is_read():
    assert read(a_token()).claims == {"sub": "somebody"}


@pytest.mark.parametrize(
    "payload",
    [
        b'{"sub": "somebody", "sub": "somebody-else"}',
        b'{"act": {"sub": "a", "sub": "b"}}',
        b'["sub"]',
        b'"sub"',
        b"",
        b"{",
        b"\xff",
        b"[" * 5_000,
    ],
)
def test_claims_that_cannot_be_read_in_one_way_are_not_read(payload):
    assert refused(a_token(payload)) in {"signature", "claims"}


@pytest.mark.parametrize(
    ("header", "because"),
    [
        ({"kid": None}, "kid"),
        ({"kid": ""}, "kid"),
        ({"kid": "two"}, "kid"),
        ({"typ": "JWT", "crit": ["typ"]}, "crit"),
    ],
)
def test_a_header_that_names_no_key_of_theirs_or_asks_for_more_is_refused(header, because):
    assert refused(a_token(**header)) == because


def test_an_algorithm_that_is_not_theirs_is_refused_before_any_key_is_looked_at():
    def looked_at(_kid):
        raise AssertionError

    with pytest.raises(BadTokenError, match="alg"):
        signed.read(a_token(), algorithms={"RS256"}, keys_of=looked_at)


@pytest.mark.parametrize(
    "keys",
    [
        [PUBLIC, PUBLIC],  # two of one name
        [{**PUBLIC, "use": "enc"}],
        [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}],
        [{"kid": "one"}],
        [{**PUBLIC, "x": "!"}],
        [{**ECKey.generate_key("P-256").as_dict(private=False), "kid": "one"}],
    ],
)
def test_keys_that_are_no_such_key_prove_nothing(keys):
    assert refused(a_token(), keys=keys) in {"kid", "key", "signature"}


@pytest.mark.parametrize("token", [None, 1, b"x", "", ".", "..", "a.b", "ä.b.c", "a" * 20_000])
def test_what_is_no_token_is_refused(token):
    assert refused(token) == "no token"
    with pytest.raises(BadTokenError):
        signed.unproved(token, "iss")


@pytest.mark.parametrize("claims", [{}, {"iss": 1}, {"iss": None}, [1]])
def test_a_token_that_does_not_say_whose_it_is_is_nobodys(claims):
    with pytest.raises(BadTokenError):
        signed.unproved(a_token(json.dumps(claims).encode()), "iss")
