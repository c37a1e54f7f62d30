"""Signing in at the gateway as an app does, with a provider at which nobody has to click."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

CALLBACK = "http://127.0.0.1:9/"  # nobody listens: the code is read from the address
SECONDS = 30
# Where each signs in, as whom, and in which role: those whom the demo plays, and strangers to them.
COLLEAGUES = (
    ("cis2", "care-coordinator", "care_coordinator"),
    ("cis2", "other-care-coordinator", "care_coordinator"),
    ("cis2", "practitioner", "practitioner"),
    ("cis2", "multidisciplinary-team", "multidisciplinary_team"),
    ("cis2", "complaints-officer", "complaints_officer"),
    ("cis2", "information-officer", "information_officer"),
    ("cis2", "finance-officer-nhs", "finance_officer"),
    ("aldermoor", "broker", "broker"),
    ("aldermoor", "other-broker", "broker"),
    ("aldermoor", "team-manager", "team_manager"),
    ("aldermoor", "risk-enablement-panel", "risk_enablement_panel"),
    ("aldermoor", "appeals-officer", "appeals_officer"),
    ("aldermoor", "finance-officer-council", "finance_officer"),
    ("aldermoor", "auditor", "auditor"),
    ("aldermoor", "administrator", "administrator"),
    ("thornby", "other-team-manager", "team_manager"),
)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody with a token; or with none that counts."""

    name: str
    role: str
    token: str | None
    way: str = ""


NOBODY = Visitor(name="nobody", role="", token=None)
LIAR = Visitor(name="liar", role="", token="not-a-token-that-anybody-gave")


def sign_in(gateway: str, way: str, user: str, role: str) -> Visitor:
    """Return a user of the simulated providers with a token of their own."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    said = {
        "redirect_uri": CALLBACK,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "state": secrets.token_urlsafe(16),
    }
    sent = _see_other(f"{gateway}/sign-in/{way}?{urlencode(said)}")
    # A browser would send it over https alone; the gateway of a laptop has no certificate.
    cookie = {"Cookie": sent.headers["Set-Cookie"].partition(";")[0]}
    chosen = urlencode({"login_hint": user, "prompt": "none"})
    back = _see_other(f"{sent.headers['Location']}&{chosen}")
    home = _see_other(back.headers["Location"], headers=cookie)
    (code,) = parse_qs(urlsplit(home.headers["Location"]).query)["code"]
    brought = {"code": code, "code_verifier": verifier, "redirect_uri": CALLBACK}
    answer = requests.post(f"{gateway}/v1/sessions", json=brought, timeout=SECONDS)
    assert answer.status_code == 201, (user, answer.text)
    return Visitor(name=user, role=role, way=way, token=answer.json()["access_token"])


def _see_other(address: str, **more: dict[str, str]) -> requests.Response:
    answer = requests.get(address, allow_redirects=False, timeout=SECONDS, **more)
    assert answer.status_code == 303, (address.partition("?")[0], answer.text)
    return answer
