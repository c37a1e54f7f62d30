"""Who signed a webhook, and when: the official libraries check, we check the age both ways."""

import standardwebhooks
from standardwebhooks.webhooks import WebhookVerificationError
from stripe import SignatureVerificationError, WebhookSignature
from werkzeug.datastructures import Headers

from shared import clock

TOLERANCE_SECONDS = 300


class BadSignatureError(Exception):
    """Not signed by whom we expect, or not now."""


def check_stripe(body: bytes, headers: Headers, *, secret: str) -> None:
    """See that Stripe signed this body within the last or next five minutes.

    Raises:
        BadSignatureError: it did not.
    """
    header = headers.get("Stripe-Signature", "")
    try:
        WebhookSignature.verify_header(body, header, secret)
        signed_at = _signed_at(header)
    except (SignatureVerificationError, ValueError, TypeError, IndexError) as error:
        raise BadSignatureError from error
    # The library lets the future pass, and looks at the past only if told to.
    if abs(clock.system_time().timestamp() - signed_at) > TOLERANCE_SECONDS:
        raise BadSignatureError


def _signed_at(header: str) -> int:
    """Return the time that was signed: the first item named ``t``, as the library reads it.

    To look for ``t=`` anywhere would take ``xt=<now>,t=<then>`` for signed now.
    """
    items = [item.split("=") for item in header.split(",")]
    return int(next(value[0] for name, *value in items if name == "t"))


def check_standard(body: bytes, headers: Headers, *, secret: str) -> str:
    """See that a body was signed as Standard Webhooks say, now; return the message's id.

    Raises:
        BadSignatureError: it was not, or not within five minutes.
    """
    try:
        # Checks the age to both sides itself.
        standardwebhooks.Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError, TypeError, OverflowError) as error:
        raise BadSignatureError from error
    return headers["webhook-id"]
