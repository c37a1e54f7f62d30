"""Tokens by which a partner's system enters its virtual host instead of a password.

RabbitMQ's OAuth 2.0 plugin reads the scopes: what its user may do by password, and no more.
"""

from joserfc import jwt
from joserfc.jwk import RSAKey

from services.partners.agreements.rules import Agreement
from services.partners.hosts import IN, OUT

ALGORITHM = "RS256"
LASTS_SECONDS = 5 * 60


def scopes(agreement: Agreement, *, resource_server: str) -> list[str]:
    """Return what a partner may do on the broker, as the plugin writes it."""
    host = agreement.virtual_host
    writes = [f"{host}/{IN}/{one.message_type}" for one in agreement.sends]
    return [
        *(f"{resource_server}.write:{one}" for one in writes),
        f"{resource_server}.read:{host}/{OUT}",
    ]


def issue(
    agreement: Agreement,
    *,
    key_pem: bytes,
    key_id: str,
    resource_server: str,
    issuer: str,
    at_seconds: float,
) -> str:
    """Return a token for five minutes; a connection that stands goes on after it.

    Args:
        agreement: whose system it is for.
        key_pem: the RSA key that signs, in PEM.
        key_id: by which the broker knows the key.
        resource_server: by which the broker knows that it is meant.
        issuer: our address.
        at_seconds: the real time of day, as ``time.time`` tells it.
    """
    now = int(at_seconds)
    claims = {
        "iss": issuer,
        "sub": agreement.virtual_host,
        "aud": resource_server,
        "iat": now,
        "exp": now + LASTS_SECONDS,
        "scope": " ".join(scopes(agreement, resource_server=resource_server)),
    }
    header = {"alg": ALGORITHM, "kid": key_id}
    return jwt.encode(header, claims, RSAKey.import_key(key_pem), algorithms=[ALGORITHM])
