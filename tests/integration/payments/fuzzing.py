"""Bodies and headers as nobody should send them, the same from one seed."""

import copy
import json
import random
import time
from dataclasses import dataclass
from uuid import UUID

from stripe import WebhookSignature

from tests.integration.payments import facts

VALUES = (
    None,
    True,
    "",
    "\x00",
    "\ud800",
    "🦊" * 300,
    "gbp",
    "eur",
    "pending",
    "webhook_approved",
    0,
    -1,
    1,
    35_00,
    10**13,
    -(10**30),
    0.5,
    [],
    {},
    [[[[]]]],
    {"id": "x"},
    ["number", "4242424242424242"],
)
RAW = (
    b"",
    b"[]",
    b"null",
    b"{",
    b'"text"',
    b"\xff\xfe{}",
    b'{"id": NaN}',
    b'{"id": 1e999}',
    b"[" * 30_000,
    b'{"a":' * 20_000,
    b'{"id": "evt_1", "id": "evt_2", "type": "x"}',
    b"x" * 70_000,
    b'{"padding": "' + b"x" * (2 * 1024 * 1024) + b'"}',
)
SIGNED, FORGED = "signed", "forged"
LONG_AGO_SECONDS = 900
CONTENT_TYPES = ("application/json", "text/plain", "application/x-www-form-urlencoded", "é", "")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One request, and whether the issuer really signed it just now."""

    body: bytes
    headers: dict
    is_signed: bool
    is_whole: bool  # as the issuer would send it
    event_id: str


class Fuzzer:
    """Makes requests to one of the two webhooks of the issuer."""

    def __init__(self, *, seed, card, secret, other_secret):
        self._random = random.Random(seed)
        self._card = card
        self._secret = secret
        self._other_secret = other_secret

    def request(self, make):
        """Return a request whose document ``make`` builds, more or less spoilt."""
        event_id = f"evt_{UUID(int=self._random.getrandbits(128)).hex}"
        document = make(self._random, self._card, event_id)
        is_whole = self._random.random() < 0.25
        body = json.dumps(document).encode() if is_whole else self._spoilt(document)
        if self._random.random() < 0.6:
            headers, is_signed = {"Stripe-Signature": self._signature(body)}, True
        else:
            headers, is_signed = self._forged(body), False
        headers |= self._strange_headers()
        return Sent(
            body=body, headers=headers, is_signed=is_signed, is_whole=is_whole, event_id=event_id
        )

    # Bodies

    def _spoilt(self, document):
        way = self._random.random()
        if way < 0.1:
            return self._random.choice(RAW)
        if way < 0.15:
            return self._random.randbytes(self._random.randrange(400))
        document = copy.deepcopy(document)
        for _ in range(self._random.randrange(1, 4)):
            self._change(document)
        body = json.dumps(document).encode()
        if way < 0.35:
            body = self._with_other_bytes(body)
        return body

    def _change(self, document):
        """Change, remove or add something somewhere in a document."""
        places = list(_places(document))
        container, key = self._random.choice(places)
        way = self._random.random()
        if way < 0.6:
            container[key] = copy.deepcopy(self._random.choice(VALUES))
        elif way < 0.85:
            del container[key]
        elif isinstance(container, dict):
            container[self._random.choice(("number", "cvc", "é", "", "x" * 300))] = (
                self._random.choice(VALUES)
            )

    def _with_other_bytes(self, body):
        place = self._random.randrange(len(body))
        way = self._random.randrange(3)
        if way == 0:
            return body[:place]
        if way == 1:
            return body[:place] + self._random.randbytes(3) + body[place + 3 :]
        return body[:place] + body[place:][::-1]

    # Headers

    def _signature(self, body, *, secret=None, age_seconds=0):
        """Sign as Stripe does; what is no text is signed as if it were something else."""
        text = body.decode("utf-8", "replace")
        signed_at = int(time.time()) - age_seconds
        return WebhookSignature.generate_signature_header(text, secret or self._secret, signed_at)

    def _forged(self, body):
        old = self._signature(body, age_seconds=LONG_AGO_SECONDS)
        now = int(time.time())
        signature = self._signature(body).partition("v1=")[2]
        header = self._random.choice(
            (
                None,
                "",
                "nonsense",
                "t=,v1=",
                old,
                self._signature(body, age_seconds=-LONG_AGO_SECONDS),
                f"xt={now},{old}",
                f"{old},t={now}",
                f"t={now},{old.partition(',')[2]}",
                self._signature(body, secret="whsec_of_somebody"),
                self._signature(body, secret=self._other_secret),
                self._signature(body + b" "),
                f"t={now},v0={signature}",
                f"t={now},v1={signature[:-1]}",
                f"t={now},v1={'0' * 64}",
                f"t={now}.0,v1={signature}",
                f"t=-{now},v1={signature}",
                f"t={'9' * 400},v1={signature}",
                "t=\xe9,v1=\xe9",
                "v1," * 2_000,
            )
        )
        return {} if header is None else {"Stripe-Signature": header}

    def _strange_headers(self):
        if self._random.random() < 0.8:
            return {}
        return {
            "Content-Type": self._random.choice(CONTENT_TYPES),
            "Content-Encoding": self._random.choice(("gzip", "identity")),
            "X-Forwarded-For": "é" * self._random.randrange(50),
        }


def _places(value):
    """List every place in a document at which something stands."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        yield value, key
        if isinstance(inner, dict | list) and inner:
            yield from _places(inner)


def a_question(random_, card, event_id):
    """Ask about a purchase, as the issuer does."""
    return facts.a_request(
        card,
        authorisation=f"iauth_{random_.randrange(40)}",
        amount=random_.choice((0, 1, 5_00, 35_00, 36_00)),
        event_id=event_id,
    )


def an_event(random_, card, event_id):
    """Tell something, as the issuer does."""
    authorisation = f"iauth_{random_.randrange(40)}"
    transaction = facts.a_transaction(
        card,
        amount=random_.choice((-35_00, -1, 10_00)),
        authorisation=authorisation,
        transaction=f"ipi_{UUID(int=random_.getrandbits(128)).hex}",
    )
    event_type, about = random_.choice(
        (
            ("issuing_transaction.created", transaction),
            (
                "issuing_authorization.updated",
                facts.an_authorisation(
                    card,
                    authorisation=authorisation,
                    status=random_.choice(("pending", "closed", "reversed", "expired")),
                    transactions=[transaction],
                ),
            ),
            ("issuing_card.updated", {"id": card, "number": "4242424242424242"}),
        )
    )
    return facts.an_event(event_type, about, event_id=event_id)
