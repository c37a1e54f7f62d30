"""What the bank tells its customer: signed as Standard Webhooks 1.0 says."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from simulators.bank.orders import now
from simulators.bank.settings import Settings
from simulators.delivery import Delivery

TOLD = ("payment_order_id", "reference", "status", "amount_pence", "failure_reason")


def webhook_headers(body: bytes, *, message_id: str, secret: str) -> Mapping[str, str]:
    sent_at = int(time.time())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), str(sent_at).encode(), body))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{signature}",
    }


def settled_webhook(order: Mapping[str, Any], *, settings: Settings) -> Delivery:
    """Tell that an order was settled: ``payment_order.paid`` or ``payment_order.failed``."""
    message_id = f"msg_{secrets.token_hex(12)}"
    event_type = f"payment_order.{order['status']}"
    body = {
        "type": event_type,
        "timestamp": now(),
        "data": {name: order[name] for name in TOLD},
    }
    return Delivery(
        url=settings.webhook_url,
        event_id=message_id,
        event_type=event_type,
        body=json.dumps(body, separators=(",", ":")).encode(),
        sign=partial(webhook_headers, message_id=message_id, secret=settings.webhook_secret),
    )
