"""The simulator of NHS Notify, served for a test, and the key of somebody who may call it."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from werkzeug.serving import make_server

from simulators.nhs_notify.app import create_app
from tests.simulators.listener import running

PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = PRIVATE_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PRIVATE_KEY_SETTING = base64.b64encode(PEM).decode()
API_KEY = "an-applications-key"
KEY_ID = "test-1"
APPLICATION_ID = "an-application"
CALLBACK_KEY = "a-key-for-callbacks"


@contextmanager
def nhs_notify_server(callback_url: str = "", **changed: str) -> Iterator[str]:
    """Run one, with some settings changed."""
    public = PRIVATE_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    before = dict(os.environ)
    os.environ.update(
        {
            "NHS_NOTIFY_API_KEY": API_KEY,
            "NHS_NOTIFY_KEY_ID": KEY_ID,
            "NHS_NOTIFY_PUBLIC_KEY": base64.b64encode(public).decode(),
            "NHS_NOTIFY_APPLICATION_ID": APPLICATION_ID,
            "NHS_NOTIFY_CALLBACK_URL": callback_url,
            "NHS_NOTIFY_CALLBACK_KEY": CALLBACK_KEY,
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
