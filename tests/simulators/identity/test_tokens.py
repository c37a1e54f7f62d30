"""The token endpoint: who may have tokens, and what a code is good for."""

import time
from typing import NamedTuple

import pytest
import requests
from joserfc.jwk import RSAKey

from simulators.identity.tokens import encoded
from tests.simulators import identity_server as server
from tests.simulators.identity.direct import (
    ASSERTION_TYPE,
    a_code,
    an_assertion,
    authorise,
    exchange,
)

STRANGER = RSAKey.generate_key(2048, {"kid": server.KEY_ID})
COUNCIL = "/council/E09999999"


def outcome(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_a_code_is_good_once_and_its_token_not_after_a_second_try(simulator):
    code = a_code(simulator.url)

    given = exchange(simulator.url, code=code)
    bearer = {"Authorization": f"Bearer {given.json()['access_token']}"}
    userinfo = f"{simulator.url}/nhs-login/userinfo"
    assert given.status_code == 200
    assert given.headers["Cache-Control"] == "no-store"
    assert requests.get(userinfo, headers=bearer, timeout=10).status_code == 200

    assert outcome(exchange(simulator.url, code=code)) == (400, "invalid_grant")
    refused = requests.get(userinfo, headers=bearer, timeout=10)
    assert outcome(refused) == (401, "invalid_token")
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize(
    "changed",
    [
        {"code": None},
        {"code": "never-given"},
        {"redirect_uri": None},
        {"redirect_uri": "http://another.example/callback"},
        {"code_verifier": None},
        {"code_verifier": "another-verifier-of-forty-three-characters-or-more"},
        {"code_verifier": "short"},
    ],
)
def test_a_code_comes_with_what_it_was_asked_for_and_is_used_up_otherwise(simulator, changed):
    code = a_code(simulator.url)

    assert outcome(exchange(simulator.url, **{"code": code, **changed})) == (400, "invalid_grant")
    if "code" not in changed:
        assert outcome(exchange(simulator.url, code=code)) == (400, "invalid_grant")


def test_a_code_lasts_a_minute_and_an_access_token_five(simulator):
    late, in_time = a_code(simulator.url), a_code(simulator.url)
    token = exchange(simulator.url, code=in_time).json()["access_token"]

    def look():
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{simulator.url}/nhs-login/userinfo", headers=headers, timeout=10)

    simulator.post("/_sim/clock", {"advance_seconds": 61})
    assert outcome(exchange(simulator.url, code=late)) == (400, "invalid_grant")
    assert look().status_code == 200
    simulator.post("/_sim/clock", {"advance_seconds": 300})
    assert look().status_code == 401


def test_a_code_or_token_of_one_issuer_is_nothing_at_another(simulator):
    code = a_code(simulator.url, "/nhs-login")
    assertion = an_assertion(simulator.url, "/cis2")
    refused = exchange(simulator.url, "/cis2", code=code, assertion=assertion)
    assert outcome(refused) == (400, "invalid_grant")

    token = exchange(simulator.url, code=a_code(simulator.url)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    look = requests.get(f"{simulator.url}/cis2/userinfo", headers=headers, timeout=10)
    assert look.status_code == 401


@pytest.mark.parametrize("authorization", [None, "Bearer", "Bearer x", "Basic eDp5", ""])
def test_userinfo_is_for_who_brings_a_token(simulator, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}

    look = requests.get(f"{simulator.url}/nhs-login/userinfo", headers=headers, timeout=10)

    assert outcome(look) == (401, "invalid_token")


def test_an_assertion_is_good_once(simulator):
    assertion = an_assertion(simulator.url)

    first = exchange(simulator.url, code=a_code(simulator.url), assertion=assertion)
    second = exchange(simulator.url, code=a_code(simulator.url), assertion=assertion)

    assert first.status_code == 200
    assert outcome(second) == (401, "invalid_client")


class From(NamedTuple):
    """So many seconds from when a test runs, which may be long after it was collected."""

    now: int

    def at(self):
        return int(time.time()) + self.now


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.example/token"},
        {"aud": ["https://elsewhere.example/token", "and more"]},
        {"exp": From(now=-1)},
        {"exp": From(now=3_600)},
        {"exp": "soon"},
        {"nbf": From(now=600)},
        {"jti": 7},
        {"jti": ""},
        *({"leave_out": name} for name in ("iss", "sub", "aud", "jti", "exp")),
        {"header": {"kid": "another"}},
        {"key": STRANGER},
        {"algorithm": "RS256"},
        {"algorithm": "PS256"},
    ],
    ids=lambda changed: "-".join(f"{name}={str(is_)[:20]}" for name, is_ in changed.items()),
)
def test_an_assertion_that_is_not_good_is_refused_and_the_code_is_kept(simulator, changed):
    code = a_code(simulator.url)
    claims = {name: is_.at() if isinstance(is_, From) else is_ for name, is_ in changed.items()}

    refused = exchange(simulator.url, code=code, assertion=an_assertion(simulator.url, **claims))

    assert outcome(refused) == (401, "invalid_client")
    assert exchange(simulator.url, code=code).status_code == 200


DEEP = encoded(b"[" * 100_000).decode()


@pytest.mark.parametrize(
    "assertion",
    [
        *("", "x", "a.b.c", "e30.W10.x", "bnVsbA.e30.x", "\u00e9.\u00e9.\u00e9"),
        *("e30.eyJpc3MiOiBbXX0.x", "e30.eyJpc3MiOiB7fX0.x", f"e30.{DEEP}.x"),
    ],
    ids=lambda assertion: assertion[:20],
)
def test_what_is_no_assertion_is_refused(simulator, assertion):
    answer = exchange(simulator.url, code="x", assertion=assertion)

    assert outcome(answer) == (401, "invalid_client")


def test_a_client_with_one_key_need_not_name_it(simulator):
    assertion = an_assertion(simulator.url, header={})

    assert exchange(simulator.url, code=a_code(simulator.url), assertion=assertion).ok


def basic(code: str, *, url: str, auth: object, path: str = COUNCIL, **more: str):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": server.CALLBACK,
        "code_verifier": "a-verifier-of-at-least-forty-three-characters",
        **more,
    }
    return requests.post(f"{url}{path}/token", data=form, auth=auth, timeout=10)


def test_a_council_takes_a_secret_or_an_assertion(simulator):
    def code():
        return a_code(simulator.url, COUNCIL, login_hint="auditor")

    good = (server.CLIENT_ID, server.CLIENT_SECRET)
    assertion = an_assertion(simulator.url, COUNCIL, algorithm="RS256")
    assert basic(code(), url=simulator.url, auth=good).status_code == 200
    assert exchange(simulator.url, COUNCIL, code=code(), assertion=assertion).status_code == 200


@pytest.mark.parametrize(
    ("auth", "more", "status"),
    [
        ((server.CLIENT_ID, "wrong"), {}, 401),
        ((server.CLIENT_ID, ""), {}, 401),
        (("nobody", server.CLIENT_SECRET), {}, 401),
        ((server.CLIENT_ID, server.CLIENT_SECRET), {"client_id": "another"}, 401),
        (None, {"client_id": server.CLIENT_ID, "client_secret": server.CLIENT_SECRET}, 401),
        (None, {"client_id": server.CLIENT_ID}, 401),
        ((server.CLIENT_ID, server.CLIENT_SECRET), {"client_assertion": "x"}, 400),
    ],
)
def test_a_council_refuses_a_client_that_does_not_show_who_it_is(simulator, auth, more, status):
    answer = basic("x", url=simulator.url, auth=auth, **more)

    assert answer.status_code == status
    assert "access_token" not in answer.json()


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic w6k", "Basic \xe9", "Bearer eDp5"])
def test_a_header_that_cannot_be_read_is_refused(simulator, header):
    answer = requests.post(
        f"{simulator.url}{COUNCIL}/token",
        data={"grant_type": "authorization_code", "code": "x"},
        headers={"Authorization": header},
        timeout=10,
    )

    assert outcome(answer) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == "Basic"


def test_the_nhs_takes_no_secret(simulator):
    good = (server.CLIENT_ID, server.CLIENT_SECRET)

    for path in ("/nhs-login", "/cis2"):
        assert outcome(basic("x", url=simulator.url, auth=good, path=path)) == (
            401,
            "invalid_client",
        )


@pytest.mark.parametrize("grant", [None, "password", "client_credentials", "refresh_token"])
def test_people_sign_in_by_code_only(simulator, grant):
    answer = exchange(simulator.url, code="x", grant_type=grant)

    assert outcome(answer) == (400, "unsupported_grant_type")


def test_nothing_is_said_twice_at_the_token_endpoint(simulator):
    form = [("grant_type", "authorization_code"), ("code", "a"), ("code", "b")]
    form += [("client_assertion_type", ASSERTION_TYPE)]

    answer = requests.post(f"{simulator.url}/nhs-login/token", data=form, timeout=10)

    assert outcome(answer) == (400, "invalid_request")


def test_a_code_of_another_client_is_refused(simulator):
    added = {"client_id": "another", "issuer": "/nhs-login", "redirect_uris": [server.CALLBACK]}
    assert simulator.post("/_sim/clients", added).status_code == 201
    code = a_code(simulator.url, client_id="another")

    assert outcome(exchange(simulator.url, code=code)) == (400, "invalid_grant")
    assert authorise(simulator.url, "/cis2", client_id="another").status_code == 400
