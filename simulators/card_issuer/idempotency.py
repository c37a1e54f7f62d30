"""Stripe's ``Idempotency-Key``: the same request twice is carried out once."""

from collections.abc import Callable
from http import HTTPStatus
from threading import Lock

from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.store import Wire


class Idempotency:
    """The answers to every key since the start of the program. Refused requests keep none."""

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}  # by key: what was asked
        self._answers: dict[str, Wire] = {}
        self._lock = Lock()

    def answer(
        self, key: str | None, *, asked: str, carry_out: Callable[[], Wire]
    ) -> tuple[Wire, bool]:
        """Answer a request; the second value says whether the answer is a stored one.

        Raises:
            StripeError: the key was used for something else, or its request is under way.
        """
        if not key:
            return carry_out(), False
        with self._lock:
            stored = self._stored(key, asked=asked)
            if stored is not None:
                return stored, True
            self._asked[key] = asked
        try:
            answer = carry_out()
        except BaseException:
            with self._lock:
                del self._asked[key]
            raise
        with self._lock:
            self._answers[key] = answer
        return answer, False

    def _stored(self, key: str, *, asked: str) -> Wire | None:
        if key not in self._asked:
            return None
        if self._asked[key] != asked:
            raise StripeError(
                "Keys for idempotent requests can only be used with the same endpoint and "
                "parameters they were first used with.",
                type="idempotency_error",
            )
        if key not in self._answers:
            raise StripeError(
                "There is currently another in-progress request using this Idempotency-Key.",
                type="idempotency_error",
                code="idempotency_key_in_use",
                status=HTTPStatus.CONFLICT,
            )
        return self._answers[key]
