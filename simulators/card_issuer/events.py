"""Telling what happened: events are kept for whoever asks, and sent to the listener."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from functools import partial

from simulators.card_issuer.forms import Form
from simulators.card_issuer.objects import new_event
from simulators.card_issuer.store import PAGING, Store, Wire
from simulators.delivery import Delivery, Sender


def stripe_signature(body: bytes, *, secret: str) -> Mapping[str, str]:
    """Sign a body as of now, as Stripe does: HMAC-SHA256 over ``<unix time>.<body>``."""
    signed_at = int(time.time())
    signed = str(signed_at).encode() + b"." + body
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={signed_at},v1={signature}"}


def encoded(event: Wire) -> bytes:
    return json.dumps(event, separators=(",", ":")).encode()


def changes(before: Wire, after: Wire) -> Wire:
    """Keep from ``before`` what differs in ``after``: Stripe's previous_attributes."""
    return {name: value for name, value in before.items() if after[name] != value}


class Events:
    """Every event since the start of the program."""

    def __init__(self, *, store: Store, sender: Sender, url: str, secret: str) -> None:
        self._store = store
        self._sender = sender
        self._url = url
        self._sign = partial(stripe_signature, secret=secret)

    def find(self, form: Form) -> Wire:
        form.accept_only("type", *PAGING)
        return self._store.page(
            "event",
            url="/v1/events",
            form=form,
            fits=lambda event: form.asks_for(type=event["type"]),
        )

    def tell(self, event_type: str, wire: Wire, *, before: Wire | None = None) -> None:
        """Keep and send an event; ``before`` is the same object before it was changed."""
        previous = None if before is None else changes(before, wire)
        event = new_event(event_type, wire, previous_attributes=previous)
        self._store.save(event)
        self._sender.send(
            Delivery(
                url=self._url,
                event_id=event["id"],
                event_type=event_type,
                body=encoded(event),
                sign=self._sign,
            )
        )
