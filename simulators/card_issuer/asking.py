"""Asking the programme about a purchase while the shop waits."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import requests

from simulators.card_issuer import broken_events
from simulators.card_issuer.broken_events import encoded
from simulators.card_issuer.mint import Mint
from simulators.card_issuer.objects import new_event
from simulators.card_issuer.programme import APPROVE, Programme
from simulators.card_issuer.settings import Settings
from simulators.card_issuer.signing import Signer
from simulators.card_issuer.store import Wire
from simulators.faults import Faults, Rule
from simulators.log import Log
from simulators.resets import post_and_reset

REQUEST_TYPE = "issuing_authorization.request"
LONGEST_LOGGED = 200  # letters of an answer


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

    def __init__(
        self, *, settings: Settings, faults: Faults, log: Log, mint: Mint, programme: Programme
    ) -> None:
        self._settings = settings
        self._faults = faults
        self._log = log
        self._mint = mint
        self._programme = programme
        self._signer = Signer(secret=settings.authorisations_secret, faults=faults)

    def ask(self, authorisation: Wire) -> Decision:
        """Ask about ``authorisation.pending_request``; without a good answer the setting decides.

        While the issuer is out, or where a rule says so, the network decides in its place.
        """
        pending_request = authorisation["pending_request"]
        card = authorisation["card"]["id"]
        if self._programme.is_out():
            return self._stand_in(pending_request, self._programme.stand_in == APPROVE)
        if rule := self._faults.take("stand_in", type=REQUEST_TYPE, card=card):
            return self._stand_in(pending_request, rule.variant == APPROVE)
        event = new_event(self._mint, REQUEST_TYPE, authorisation)
        started_at = time.monotonic()
        late: Rule | None = None
        try:
            answer = self._answer_to(event, card=card)
            late = self._faults.take("late_answer", type=REQUEST_TYPE, card=card)
            if late or time.monotonic() - started_at > self._settings.answer_limit_seconds:
                raise requests.Timeout  # noqa: TRY301 - it came, and it counts as too late
            decision = decision_from(answer, pending_request=pending_request)
        except requests.Timeout:
            decision = self._unanswered(
                pending_request, "webhook_timeout", "No answer in time.", rule=late
            )
        except OSError as error:  # all of requests' own errors are
            decision = self._unanswered(pending_request, "webhook_error", type(error).__name__)
        except InvalidAnswerError as error:
            decision = self._unanswered(pending_request, "webhook_error", str(error))
        self._log.write(
            "authorisation_asked",
            authorisation=authorisation["id"],
            event_id=event["id"],
            approved=decision.approved,
            reason=decision.reason,
            duration_ms=round((time.monotonic() - started_at) * 1000),
        )
        return decision

    def _answer_to(self, event: Wire, *, card: str) -> requests.Response:
        """Post the question, with whatever the rules put beside it or in it."""
        if rule := self._faults.take("malformed_event", type=REQUEST_TYPE, card=card):
            self._post_beside(broken_events.malformed(event, rule.variant))
        if self._faults.take("unknown_card", type=REQUEST_TYPE, card=card):
            another = {**event, "id": self._mint.new_id("evt")}
            self._post_beside(encoded(broken_events.about_unknown_card(another, self._mint)))
        if self._faults.take("planted_number", type=REQUEST_TYPE, card=card):
            event = broken_events.with_planted_number(event)
        body = encoded(event)
        if self._faults.take("lost_answer", type=REQUEST_TYPE, card=card):
            limit = self._settings.answer_limit_seconds
            url = self._settings.authorisations_url
            post_and_reset(url, body, self._headers(self._signer.sign(body)), timeout=limit)
            self._log.write("answer_lost", event_id=event["id"])
        if forgery := self._faults.take("bad_signature", type=REQUEST_TYPE, card=card):
            return self._post(body, self._signer.forge(forgery.variant, body))
        return self._post(body, self._signer.sign(body))

    def _post_beside(self, body: bytes) -> None:
        """Post something of which the answer is only written down."""
        answer = self._post(body, self._signer.sign(body))
        self._log.write(
            "asked_beside",
            outcome=str(answer.status_code),
            answer=answer.text[:LONGEST_LOGGED],
        )

    def _stand_in(self, pending_request: Wire, is_approved: bool) -> Decision:
        self._log.write("stood_in", approved=is_approved)
        return Decision(
            approved=is_approved, amount=pending_request["amount"], reason="network_fallback"
        )

    def _unanswered(
        self, pending_request: Wire, reason: str, message: str, *, rule: Rule | None = None
    ) -> Decision:
        return Decision(
            approved=self._programme.answer_without_an_answer(rule),
            amount=pending_request["amount"],
            reason=reason,
            reason_message=message,
        )

    @staticmethod
    def _headers(signature: Mapping[str, str]) -> dict[str, str]:
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Connection": "close",
            **signature,
        }

    def _post(self, body: bytes, signature: Mapping[str, str]) -> requests.Response:
        with requests.Session() as session:  # a kept connection may die as we ask, and we ask once
            session.trust_env = False
            return session.post(
                self._settings.authorisations_url,
                data=body,
                headers=self._headers(signature),
                timeout=self._settings.answer_limit_seconds,
                allow_redirects=False,
            )
