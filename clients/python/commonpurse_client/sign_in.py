"""Signing in for tools: the browser of this machine, and a port of it to come back to (RFC 8252).

The gateway's provider never sees the tool, and the tool never sees a password.
"""

import base64
import hashlib
import hmac
import secrets
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from .api import Api
from .problems import NotSignedInError

DEADLINE_SECONDS = 60.0
SIGN_IN_SECONDS = 300.0
SLOWEST_REQUEST_SECONDS = 5.0
HOST = "127.0.0.1"  # and no name, which may lead elsewhere
PATH = "/back"

Show: TypeAlias = Callable[[str], Any]


def in_browser(address: str) -> None:
    """Open an address in the browser of this machine."""
    webbrowser.open(address)


def signed_in(api: Api, base_url: str, provider: str, *, show: Show, seconds: float) -> str:
    """Return the token of whoever signs in.

    Raises:
        NotSignedInError: nobody came back within the time.
        ProblemError: the gateway does not take the code.
    """
    tried = _Try()
    with _Listener(tried) as listener:
        redirect_uri = f"http://{HOST}:{listener.server_port}{PATH}"
        said = {
            "redirect_uri": redirect_uri,
            "code_challenge": tried.challenge,
            "code_challenge_method": "S256",
            "state": tried.state,
        }
        show(f"{base_url.rstrip('/')}/sign-in/{quote(provider, safe='')}?{urlencode(said)}")
        code = listener.wait(seconds)
    token = api.exchange_code(code=code, code_verifier=tried.verifier, redirect_uri=redirect_uri)
    return token["access_token"]


@dataclass(slots=True, kw_only=True)
class _Try:
    """One try to sign in: its secrets, and the code that came back."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)
    code: str | None = field(default=None, repr=False)

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def take(self, address: str) -> bool:
        """Take the code of an address; one without our state is somebody else's."""
        parts = urlsplit(address)
        said = parse_qs(parts.query)
        state, code = said.get("state", [""]), said.get("code", [""])
        is_ours = hmac.compare_digest(state[0].encode(), self.state.encode())
        if parts.path != PATH or not is_ours or not code[0]:
            return False
        self.code = code[0]
        return True


class _Listener(HTTPServer):
    """Waits on a free port of this machine alone."""

    def __init__(self, tried: _Try) -> None:
        super().__init__((HOST, 0), _Back)
        self.tried = tried

    def wait(self, seconds: float) -> str:
        """Answer until somebody brings the code."""
        give_up_at = time.monotonic() + seconds
        while self.tried.code is None:
            self.timeout = give_up_at - time.monotonic()
            if self.timeout <= 0:
                raise NotSignedInError(f"Nobody signed in within {seconds:.0f} s.")
            self.handle_request()
        return self.tried.code


class _Back(BaseHTTPRequestHandler):
    """Where the browser comes back."""

    server: _Listener
    timeout = SLOWEST_REQUEST_SECONDS

    def do_GET(self) -> None:
        is_ours = self.server.tried.take(self.path)
        text = "You are signed in. You can close this page." if is_ours else "Nothing is here."
        self.send_response(HTTPStatus.OK if is_ours else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Write nothing: the address holds the code."""
