"""The passwords and keys of one stack: random, made once, in a file that only its owner reads."""

import base64
import json
import os
import secrets
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from deploy.local.processes import EDGE, OURS, SERVICES

BROKER_USERS = (*SERVICES, "edge", EDGE, "partners_calls", "partners_bridge", "monitor")


def make() -> dict[str, str]:
    """Make new keys; each is safe inside a URL, except the bank's, which no URL holds."""
    plain = [
        "postgres",
        "erlang_cookie",
        "mesh/shared_key",
        "partners_seed",  # from which each partner's password follows
        "broker/deploy",
        *(f"broker/{user}" for user in BROKER_USERS),
        *(f"database/{service}" for service in OURS),
        *(f"database/{service}_owner" for service in OURS),
        "issuer/api_key",
        "issuer/authorisations_secret",
        "issuer/events_secret",
        "bank/api_key",
        "notify/callback_token",
        "notify/inbound_token",
        "nhs_notify/api_key",
        "nhs_notify/callback_key",
        "identity/client_secret",
        "unsubscribe",
        "receipts_address",
        "notifications_address",
    ]
    keys = {name: secrets.token_hex(20) for name in plain}
    # The shapes that Standard Webhooks and GOV.UK Notify give to theirs:
    keys["bank/webhook_secret"] = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["notify/api_key"] = f"commonpurse-{uuid.uuid4()}-{uuid.uuid4()}"
    keys["actor/private"], keys["actor/public"] = _signing_pair("edge")
    for pair in ("nhs_notify", "identity", "broker_tokens"):
        keys[f"{pair}/private_key"], keys[f"{pair}/public_key"] = _key_pair()
    keys["sealing"] = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["receipts"] = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["identifiers"] = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["notifications_content"] = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["partners_content"] = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["payees"] = f"first:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    keys["identifier_index"] = base64.b64encode(secrets.token_bytes(32)).decode()
    return keys


def _key_pair() -> tuple[str, str]:
    """Make an RSA key that signs and the one that checks: PEM, each in base64 to be one line."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()


def _signing_pair(name: str) -> tuple[str, str]:
    """Make an Ed25519 key that signs who acts and the one that checks: ``name:base64`` each."""
    key = ed25519.Ed25519PrivateKey.generate()
    private, public = key.private_bytes_raw(), key.public_key().public_bytes_raw()
    return (
        f"{name}:{base64.b64encode(private).decode()}",
        f"{name}:{base64.b64encode(public).decode()}",
    )


def load_or_make(path: Path) -> dict[str, str]:
    """Load the keys of this stack's data; make new ones only where there are none yet."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    keys = make() | known
    if keys != known:
        write_private(path, json.dumps(keys, indent=2))
    return keys


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else may read, not even for a moment, whole or not at all."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    unfinished.replace(path)
