"""Stripe's signature over a body, as it should be and in seven ways as it should not."""

import hashlib
import hmac
import time
from collections.abc import Mapping

from simulators.faults import Faults

HEADER = "Stripe-Signature"
LONG_SECONDS = 600  # twice what receivers let pass, into the past and into the future
WRONG_SECRET = "whsec_of_somebody_else"  # noqa: S105 - that is the point of it
VARIANTS = ("other_body", "missing", "old", "future", "wrong_secret", "rotated", "garbled")


class Signer:
    """Signs as of now: the real time, for receivers have no other."""

    def __init__(self, *, secret: str, faults: Faults) -> None:
        self._secret = secret
        self._faults = faults

    def sign(self, body: bytes) -> Mapping[str, str]:
        """Return the header; a rule may put the signing clock ahead or behind."""
        skew = self._faults.take("clock_skew")
        seconds = 0.0
        if skew:
            seconds = skew.seconds if skew.variant == "ahead" else -skew.seconds
        return {HEADER: self._value(body, at=int(time.time() + seconds))}

    def forge(self, variant: str | None, body: bytes) -> Mapping[str, str]:
        """Return a header of one of ``VARIANTS``. ``rotated`` alone is to be accepted."""
        now = int(time.time())
        if variant == "missing":
            return {}
        value = {
            "old": self._value(body, at=now - LONG_SECONDS),
            "future": self._value(body, at=now + LONG_SECONDS),
            "wrong_secret": f"t={now},v1={_digest(body, at=now, secret=WRONG_SECRET)}",
            "rotated": f"t={now},v1={_digest(body, at=now, secret=WRONG_SECRET)}"
            f",v1={_digest(body, at=now, secret=self._secret)}",
            "garbled": "t=now,v1=,v0",
        }.get(variant or "", self._value(b"another body", at=now))
        return {HEADER: value}

    def _value(self, body: bytes, *, at: int) -> str:
        return f"t={at},v1={_digest(body, at=at, secret=self._secret)}"


def _digest(body: bytes, *, at: int, secret: str) -> str:
    """HMAC-SHA256 over ``<unix time>.<body>``, as Stripe's own library makes it."""
    signed = str(at).encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
