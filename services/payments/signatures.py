"""Who signed a webhook, and when: the official libraries check, we check the age both ways."""

import standardwebhooks
from standardwebhooks.webhooks import WebhookVerificationError
from stripe import SignatureVerificationError, WebhookSignature
from werkzeug.datastructures import Headers

from shared import clock

TOLERANCE_SECONDS = 300


class BadSignatureError(Exception):
    """Not signed by whom we expect, or not now."""


def check_issuer(body: bytes, headers: Headers, *, secret: str) -> None:
    """See that the issuer signed this body within the last or next five minutes.

    Raises:
        BadSignatureError: it did not.
    """
    header = headers.get("Stripe-Signature", "")
    try:
        WebhookSignature.verify_header(body, header, secret)
        # Verified: the header has the form t=<seconds>,v1=<signature>.
        signed_at = int(header.split("t=", 1)[1].split(",", 1)[0])
    except (SignatureVerificationError, ValueError, TypeError, IndexError) as error:
        raise BadSignatureError from error
    # The library lets the future pass, and looks at the past only if told to.
    if abs(clock.system_time().timestamp() - signed_at) > TOLERANCE_SECONDS:
        raise BadSignatureError


def check_bank(body: bytes, headers: Headers, *, secret: str) -> str:
    """See that the bank signed this body within five minutes; return the message's id.

    Raises:
        BadSignatureError: it did not.
    """
    try:
        # Checks the age to both sides itself.
        standardwebhooks.Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError, TypeError, OverflowError) as error:
        raise BadSignatureError from error
    return headers["webhook-id"]
