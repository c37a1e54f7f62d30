"""The simulator of identity providers, served for a test, and the keys of its relying party."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager

from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from simulators.identity.app import create_app
from tests.simulators.listener import running

CLIENT_ID = "common-purse"
CLIENT_SECRET = "a-secret-for-councils"
KEY_ID = "commonpurse-1"
PRIVATE_KEY = RSAKey.generate_key(2048, {"kid": KEY_ID})
CALLBACK = "http://relying-party.example/callback"
SIGNED_OUT = "http://relying-party.example/signed-out"
AUDIENCE = "https://api.commonpurse.example"


@contextmanager
def identity_server(**changed: str) -> Iterator[str]:
    """Run one, with some settings changed."""
    public = PRIVATE_KEY.as_pem(private=False)
    before = dict(os.environ)
    os.environ.update(
        {
            "IDENTITY_CLIENT_ID": CLIENT_ID,
            "IDENTITY_CLIENT_SECRET": CLIENT_SECRET,
            "IDENTITY_CLIENT_KEY_ID": KEY_ID,
            "IDENTITY_CLIENT_PUBLIC_KEY": base64.b64encode(public).decode(),
            "IDENTITY_REDIRECT_URIS": f"{CALLBACK} http://another.example/callback",
            "IDENTITY_LOGOUT_URIS": SIGNED_OUT,
            "IDENTITY_AUDIENCE": AUDIENCE,
            **changed,
        }
    )
    try:
        app = create_app()
    finally:
        os.environ.clear()
        os.environ.update(before)
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        yield url
