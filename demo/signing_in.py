"""Signing in without hands: the browser's part, played at the identity simulator.

Everybody signs in as they would in earnest: the gateway sends the browser to their provider, which
sends it back; a code goes to a port of this machine, and the client has it exchanged for a token.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import requests

from clients.edge import CallFailedError
from clients.python.commonpurse_client import Client, NotSignedInError
from clients.python.commonpurse_client.repeating import Clock
from demo.staff import Colleague, Holder

ANSWER_SECONDS = 30.0


class SignInFailedError(CallFailedError):
    """Somebody of the demo could not sign in. Names the user, and what answered instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """Where people sign in, and where those are made known whom no provider knows yet."""

    gateway_url: str
    identity_url: str

    def sign_in(self, who: Colleague | Holder, *, http: requests.Session, clock: Clock) -> Client:
        """Return a client that acts as somebody.

        Raises:
            SignInFailedError: they were not let in.
            OSError: nobody answers; ProblemError: the gateway does not take the code.
        """
        if isinstance(who, Holder):
            self._make_known(who)
        try:
            return Client.from_sign_in(
                self.gateway_url,
                who.way_in,
                show=partial(_go_there_and_back, user=who.user),
                seconds=ANSWER_SECONDS,
                http=http,
                clock=clock,
            )
        except NotSignedInError as error:
            raise SignInFailedError(f"{who.user}: {error}") from error

    def _make_known(self, holder: Holder) -> None:
        """Give a person an account at NHS login; said twice, it is there once."""
        claims: Mapping[str, str] = {
            "identity_proofing_level": "P9",
            "nhs_number": holder.nhs_number,
            "family_name": holder.family_name,
            "birthdate": holder.birth_date,
            "email": f"{holder.user}@example.org",
        }
        account = {"user": holder.user, "issuer": f"/{holder.way_in}", "role": "budget_holder"}
        requests.post(
            f"{self.identity_url}/_sim/users",
            json={**account, "claims": claims},
            timeout=ANSWER_SECONDS,
        ).raise_for_status()


def _go_there_and_back(address: str, *, user: str) -> None:
    """Go where the client shows: to the provider, back to the gateway, and to the client's port.

    Raises:
        SignInFailedError: one of them shows a page instead of sending the browser on.
    """
    provider, cookies = _sent_on(address, user=user)
    chosen = urlencode({"login_hint": user, "prompt": "none"})
    back, _ = _sent_on(f"{provider}&{chosen}", user=user)
    # As browsers do on this machine itself: a cookie for TLS alone is sent there, too.
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    port, _ = _sent_on(back, user=user, headers={"Cookie": kept})
    # The client listens once we have returned.
    told = {"timeout": ANSWER_SECONDS}
    threading.Thread(target=requests.get, args=(port,), kwargs=told, daemon=True).start()


def _sent_on(
    address: str, *, user: str, headers: Mapping[str, str] | None = None
) -> tuple[str, Mapping[str, str]]:
    """Return where a browser is sent on to, and which cookies it gets."""
    answer = requests.get(address, headers=headers, allow_redirects=False, timeout=ANSWER_SECONDS)
    if not answer.is_redirect:
        is_json = answer.headers.get("Content-Type", "").startswith("application/")
        code = answer.json().get("code", "") if is_json else ""
        raise SignInFailedError(f"{user} is not let in: {answer.status_code} {code}".rstrip())
    return answer.headers["Location"], answer.cookies.get_dict()
