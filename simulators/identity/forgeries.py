"""Bad tokens: each variant is one thing that whoever takes a token has to notice."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulators.identity.issuers import Issuer
from simulators.identity.keys import KeyRing
from simulators.identity.tokens import Draft, encoded, joined, signature, signing_input

ELSEWHERE = "https://elsewhere.invalid"
DAY_SECONDS = 86_400
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a forger has at hand."""

    now: int  # epoch seconds
    stranger: KeyRing  # of nobody
    strangers_jwks: str  # where it is published; whoever reads it is written down
    other_url: str  # of another issuer, honest
    other: Issuer


def without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


CLAIMS: Mapping[str, Callable[[Claims, Scene], Claims]] = {
    "wrong_issuer": lambda claims, _: {**claims, "iss": ELSEWHERE},
    "no_issuer": lambda claims, _: without(claims, "iss"),
    "wrong_audience": lambda claims, _: {**claims, "aud": "somebody-else"},
    "no_audience": lambda claims, _: without(claims, "aud"),
    "expired": lambda claims, scene: {
        **claims,
        "iat": scene.now - DAY_SECONDS,
        "nbf": scene.now - DAY_SECONDS,
        "exp": scene.now - DAY_SECONDS // 2,
    },
    "no_expiry": lambda claims, _: without(claims, "exp"),
    "not_yet_valid": lambda claims, scene: {**claims, "nbf": scene.now + DAY_SECONDS // 2},
    "issued_in_future": lambda claims, scene: {
        **claims,
        "iat": scene.now + DAY_SECONDS,
        "exp": scene.now + 2 * DAY_SECONDS,
    },
    "no_issue_time": lambda claims, _: without(claims, "iat"),
    "no_subject": lambda claims, _: without(claims, "sub"),
    "empty_subject": lambda claims, _: {**claims, "sub": ""},
}
# Of what an ID token says and other tokens do not.
SIGN_IN_CLAIMS: Mapping[str, Callable[[Claims, Scene], Claims]] = {
    "no_nonce": lambda claims, _: without(claims, "nonce"),
    "other_nonce": lambda claims, _: {**claims, "nonce": "of-another-sign-in"},
    "other_at_hash": lambda claims, _: {**claims, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "other_authorised_party": lambda claims, _: {**claims, "azp": "somebody-else"},
    "many_audiences": lambda claims, _: {
        **without(claims, "azp"),
        "aud": [claims["aud"], "somebody-else"],
    },
    "old_sign_in": lambda claims, scene: {**claims, "auth_time": scene.now - DAY_SECONDS},
    "no_sign_in_time": lambda claims, _: without(claims, "auth_time"),
}


def _by_stranger(draft: Draft, scene: Scene, **header: Any) -> str:
    """Sign with a key that the issuer does not have, under the issuer's own ``kid``."""
    kept = draft.with_header(**header)
    return replace(kept, key=scene.stranger.in_use(), header=kept.whole_header()).signed()


def _alg_none(draft: Draft, scene: Scene) -> str:
    header = draft.with_header(alg="none", kid=None).whole_header()
    return joined(signing_input(header, json.dumps(draft.claims).encode()), b"")


def _public_key_as_secret(draft: Draft, scene: Scene) -> str:
    """Sign by HMAC, with what everybody can read as the secret."""
    said = signing_input(
        draft.with_header(alg="HS256").whole_header(), json.dumps(draft.claims).encode()
    )
    secret = draft.key.as_pem(private=False)
    return joined(said, hmac.new(secret, said, hashlib.sha256).digest())


def _key_inside(draft: Draft, scene: Scene) -> str:
    public = scene.stranger.in_use().as_dict(private=False)
    return _by_stranger(draft, scene, jwk=public, kid=public["kid"])


def _keys_elsewhere(draft: Draft, scene: Scene, parameter: str) -> str:
    kid = scene.stranger.in_use().kid
    return _by_stranger(draft, scene, kid=kid, **{parameter: scene.strangers_jwks})


def _of_another_issuer(draft: Draft, scene: Scene) -> str:
    """Make the token that an honest issuer would give, for the same client and person."""
    claims = {**draft.claims, "iss": scene.other_url}
    key, algorithm = scene.other.keys.in_use(), scene.other.algorithm
    return replace(draft, claims=claims, key=key, algorithm=algorithm).signed()


def _by_another_issuer(draft: Draft, scene: Scene) -> str:
    """Sign by an honest issuer what only this one may say."""
    key, algorithm = scene.other.keys.in_use(), scene.other.algorithm
    return replace(draft, key=key, algorithm=algorithm).signed()


def _changed_afterwards(draft: Draft, scene: Scene) -> str:
    header, _, proof = draft.signed().split(".")
    claims = {**draft.claims, "sub": "somebody-else"}
    return ".".join((header, encoded(json.dumps(claims).encode()).decode(), proof))


def _no_signature(draft: Draft, scene: Scene) -> str:
    return draft.signed().rpartition(".")[0] + "."


def _said_twice(draft: Draft, scene: Scene) -> str:
    """Say twice who signed in: readers differ in which of the two they take."""
    whole = json.dumps(draft.claims)
    payload = f'{whole[:-1]}, "sub": "somebody-else"}}'.encode()
    return _with_payload(draft, payload)


def _with_payload(draft: Draft, payload: bytes) -> str:
    said = signing_input(draft.whole_header(), payload)
    return joined(said, signature(said, key=draft.key, algorithm=draft.algorithm))


def _other_algorithm(draft: Draft, scene: Scene) -> str:
    """Sign with the right key, in a way in which this issuer never does."""
    if draft.algorithm == "ES256":
        return _by_stranger(draft, scene, alg="ES384")  # P-256 has no other: it cannot be right
    other = "RS384"
    return replace(draft.with_header(alg=other), algorithm=other).signed()


SIGNATURES: Mapping[str, Callable[[Draft, Scene], str]] = {
    "alg_none": _alg_none,
    "public_key_as_secret": _public_key_as_secret,
    "wrong_key": _by_stranger,
    "unknown_key_id": lambda draft, scene: _by_stranger(
        draft, scene, kid=scene.stranger.in_use().kid
    ),
    "no_key_id": lambda draft, _: draft.with_header(kid=None).signed(),
    "keys_elsewhere": lambda draft, scene: _keys_elsewhere(draft, scene, "jku"),
    "certificate_elsewhere": lambda draft, scene: _keys_elsewhere(draft, scene, "x5u"),
    "key_inside": _key_inside,
    "unknown_critical_header": lambda draft, _: draft.with_header(
        crit=["urn:example:must"], **{"urn:example:must": True}
    ).signed(),
    "other_algorithm": _other_algorithm,
    "of_another_issuer": _of_another_issuer,
    "by_another_issuer": _by_another_issuer,
    "changed_afterwards": _changed_afterwards,
    "no_signature": _no_signature,
    "said_twice": _said_twice,
    "not_claims": lambda draft, _: _with_payload(draft, b'["no", "claims"]'),
    "not_a_token": lambda _, __: "not.a.token",
}
EVERY_TOKEN = (*CLAIMS, *SIGNATURES)
ID_TOKEN = (*CLAIMS, *SIGN_IN_CLAIMS, *SIGNATURES)


def forge(variant: str, draft: Draft, scene: Scene) -> str:
    """Make a token that is bad in one way."""
    change = CLAIMS.get(variant) or SIGN_IN_CLAIMS.get(variant)
    if change is not None:
        return replace(draft, claims=change(draft.claims, scene)).signed()
    return SIGNATURES[variant](draft, scene)
