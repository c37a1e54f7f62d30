"""Signing in at a stack's gateway without a browser: each program gets its token as an app does.

The provider is the simulator of identity; nobody chooses on its page, ``login_hint`` says who.
"""

from collections.abc import Mapping
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import requests

from clients.python.commonpurse_client import Client
from clients.python.commonpurse_client.sign_in import signed_in

PATIENCE_SECONDS = 30


def token_of(environment: Mapping[str, str], provider: str, user: str) -> str:
    """Return the token of a user of the simulator who has signed in.

    Args:
        environment: of the edge of a stack.
        provider: as the gateway names it: ``aldermoor``, ``nhs-login``.
        user: as the simulator names them.

    Raises:
        NotSignedInError: they did not come back.
    """

    def show(address: str) -> None:
        Thread(target=_follow, args=(address, user), daemon=True).start()

    url = environment["DEMO_GATEWAY_URL"]
    with Client(url) as app:
        return signed_in(app, url, provider, show=show, seconds=PATIENCE_SECONDS)


def token_of_holder(environment: Mapping[str, str], user: str, *, person: Mapping[str, Any]) -> str:
    """Return the token of a person, to whom the simulated NHS login gives an account for that."""
    claims = {
        "identity_proofing_level": "P9",
        "nhs_number": person["nhs_number"],
        "family_name": person["family_name"],
        "given_name": person["given_name"],
        "birthdate": str(person["birth_date"]),
        "email": f"{user}@example.org",
    }
    said = {"user": user, "issuer": "/nhs-login", "role": "budget_holder", "claims": claims}
    url = f"{environment['DEMO_IDENTITY_URL']}/_sim/users"
    requests.post(url, json=said, timeout=PATIENCE_SECONDS).raise_for_status()
    return token_of(environment, "nhs-login", user)


def _follow(address: str, user: str) -> None:
    """Go where the answers send a browser, and say at the provider who somebody is."""
    to_provider = _answer(address)
    # Set by hand: the cookie is for TLS alone, and a stack on this machine has none.
    cookies = "; ".join(f"{one.name}={one.value}" for one in to_provider.cookies)
    chosen = urlencode({"login_hint": user, "prompt": "none"})
    back = _answer(f"{to_provider.headers['Location']}&{chosen}")
    to_app = _answer(back.headers["Location"], Cookie=cookies)
    _answer(to_app.headers["Location"])


def _answer(address: str, **headers: str) -> requests.Response:
    answer = requests.get(address, headers=headers, allow_redirects=False, timeout=PATIENCE_SECONDS)
    answer.raise_for_status()
    return answer
