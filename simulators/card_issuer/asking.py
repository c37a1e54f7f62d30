"""Asking the programme about a purchase while the shop waits."""

import time
from dataclasses import dataclass, field
from http import HTTPStatus

import requests

from simulators.card_issuer.events import encoded, stripe_signature
from simulators.card_issuer.objects import new_event
from simulators.card_issuer.settings import Settings
from simulators.card_issuer.store import Wire
from simulators.faults import Faults
from simulators.log import Log

REQUEST_TYPE = "issuing_authorization.request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a purchase, and why, in Stripe's words."""

    approved: bool
    amount: int  # of the request: what was approved, or refused
    reason: str
    reason_message: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class InvalidAnswerError(ValueError):
    """The answer is not one that Stripe accepts. The text says why."""


def decision_from(answer: requests.Response, *, pending_request: Wire) -> Decision:
    """Read the programme's answer.

    Raises:
        InvalidAnswerError: wrong status, type, version header or body.
    """
    if answer.status_code != HTTPStatus.OK:
        raise InvalidAnswerError(f"The answer's status was {answer.status_code}, not 200.")
    if answer.headers.get("Content-Type", "").split(";")[0].strip() != "application/json":
        raise InvalidAnswerError("The answer's Content-Type was not application/json.")
    if not answer.headers.get("Stripe-Version"):
        raise InvalidAnswerError("The answer had no Stripe-Version header.")
    try:
        body = answer.json()
    except ValueError as error:
        raise InvalidAnswerError("The answer was not JSON.") from error
    if not isinstance(body, dict) or not isinstance(body.get("approved"), bool):
        raise InvalidAnswerError("The answer had no approved that is true or false.")
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise InvalidAnswerError("The answer's metadata was not an object of strings.")
    return Decision(
        approved=body["approved"],
        amount=approved_amount(body, pending_request=pending_request),
        reason="webhook_approved" if body["approved"] else "webhook_declined",
        metadata=metadata,
    )


def approved_amount(body: Wire, *, pending_request: Wire) -> int:
    """Read the amount: the one asked for, or a smaller one where the shop can take that."""
    asked: int = pending_request["amount"]
    amount = body.get("amount")
    if amount is None or amount == asked or not body["approved"]:
        return asked
    if not pending_request["is_amount_controllable"]:
        raise InvalidAnswerError("The answer had an amount, and the amount is not controllable.")
    if type(amount) is not int or not 0 < amount < asked:
        raise InvalidAnswerError("The answer's amount was not between 0 and what was asked.")
    return amount


class Asker:
    """Sends ``issuing_authorization.request`` and waits for the answer, for a while."""

    def __init__(self, *, settings: Settings, faults: Faults, log: Log) -> None:
        self._settings = settings
        self._faults = faults
        self._log = log

    def ask(self, authorisation: Wire) -> Decision:
        """Ask about ``authorisation.pending_request``. No good answer in time: not approved."""
        pending_request = authorisation["pending_request"]
        event = new_event(REQUEST_TYPE, authorisation)
        started_at = time.monotonic()
        try:
            answer = self._post(encoded(event))
            if self._faults.take("late_answer", type=REQUEST_TYPE):
                raise requests.Timeout  # noqa: TRY301 - it came, and we say that it came too late
            if time.monotonic() - started_at > self._settings.answer_limit_seconds:
                raise requests.Timeout  # noqa: TRY301 - each part came in time, the whole did not
            decision = decision_from(answer, pending_request=pending_request)
        except requests.Timeout:
            decision = self._not_approved(pending_request, "webhook_timeout", "No answer in time.")
        except requests.RequestException as error:
            decision = self._not_approved(pending_request, "webhook_error", type(error).__name__)
        except InvalidAnswerError as error:
            decision = self._not_approved(pending_request, "webhook_error", str(error))
        self._log.write(
            "authorisation_asked",
            authorisation=authorisation["id"],
            event_id=event["id"],
            approved=decision.approved,
            reason=decision.reason,
            duration_ms=round((time.monotonic() - started_at) * 1000),
        )
        return decision

    @staticmethod
    def _not_approved(pending_request: Wire, reason: str, message: str) -> Decision:
        return Decision(
            approved=False, amount=pending_request["amount"], reason=reason, reason_message=message
        )

    def _post(self, body: bytes) -> requests.Response:
        is_forged = self._faults.take("bad_signature", type=REQUEST_TYPE) is not None
        signed = b"another body" if is_forged else body
        with requests.Session() as session:  # a kept connection may die as we ask, and we ask once
            session.trust_env = False
            return session.post(
                self._settings.authorisations_url,
                data=body,
                headers={
                    "Content-Type": "application/json; charset=utf-8",
                    "Connection": "close",
                    **stripe_signature(signed, secret=self._settings.authorisations_secret),
                },
                timeout=self._settings.answer_limit_seconds,
                allow_redirects=False,
            )
