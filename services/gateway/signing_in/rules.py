"""One sign-in: how long it may take, and where it may lead."""

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from urllib.parse import urlsplit

from shared.errors import InvalidRequestError

LONGEST_SIGN_IN = timedelta(minutes=10)
CODE_LASTS = timedelta(seconds=60)
LONGEST_ADDRESS = 500  # characters
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_OWN_PATH = re.compile(r"/(?:[A-Za-z0-9._~?&=%-][A-Za-z0-9._~?&=%/-]*)?")
_STATE = re.compile(r"[\x21-\x7e]{0,255}")
_LOOPBACK = {"127.0.0.1", "[::1]"}


def own_secret(browser: str, state: str, what: str) -> str:
    """Return the nonce or the PKCE verifier of a sign-in: it follows from the browser's cookie.

    So neither is kept here, and nobody but this browser can finish the sign-in.
    """
    made = hmac.new(browser.encode(), f"{what}/{state}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def check_own_path(path: str) -> None:
    """See that a browser stays with us after signing in.

    Raises:
        InvalidRequestError: the address leads elsewhere.
    """
    if len(path) > LONGEST_ADDRESS or not _OWN_PATH.fullmatch(path):
        raise InvalidRequestError("A browser goes back to a path of ours.", field="return_to")


def check_app(redirect_uri: str, challenge: str, method: str, state: str) -> None:
    """See that an app on the person's own machine waits for the code (RFC 8252, RFC 7636).

    Raises:
        InvalidRequestError: it waits elsewhere, or without PKCE.
    """
    if not _is_loopback(redirect_uri):
        raise InvalidRequestError(
            "An app waits at http://127.0.0.1:<port>/ or http://[::1]:<port>/.",
            field="redirect_uri",
        )
    if method != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise InvalidRequestError("PKCE with S256 is needed.", field="code_challenge")
    if not _STATE.fullmatch(state):
        raise InvalidRequestError("At most 255 visible ASCII characters.", field="state")


def fits(verifier: str, challenge: str) -> bool:
    """Whether somebody has what a challenge was made of."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(made, challenge.encode())


def _is_loopback(address: str) -> bool:
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc or "\\" in address)
    is_ours = parts.netloc.rpartition(":")[0] in _LOOPBACK
    return parts.scheme == "http" and is_ours and port is not None and is_plain
