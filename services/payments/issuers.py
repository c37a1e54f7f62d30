"""Who issues the cards: one small interface, and the two forms in which an issuer speaks to us.

What an issuer asks and tells becomes the same commands, whoever it is; nothing behind this page
knows whose form it was. What we ask of an issuer is in ``issuer_client.py``.
"""

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from services.payments import signatures
from services.payments.decisions import lithic_wire as lithic_decision_wire
from services.payments.decisions import wire as stripe_decision_wire
from services.payments.decisions.commands import DecideAuthorisation
from services.payments.decisions.rules import Verdict
from services.payments.issuer_client import API_VERSION
from services.payments.issuer_events import handlers as issuer_events
from services.payments.issuer_events import lithic_wire
from services.payments.issuer_events.rules import IssuerName
from services.payments.settings import PaymentsSettings
from shared.contracts import documents
from shared.trace import Trace

Document = Mapping[str, object]


class Issuer(Protocol):
    """What an issuer's webhooks are to us."""

    fault: bytes  # the answer when we cannot decide: no
    answer_headers: Mapping[str, str]

    def asked(self, body: bytes, headers: Headers) -> DecideAuthorisation:
        """Return what is asked about a card.

        Raises:
            BadSignatureError, UnreadableDocumentError, ValidationError: it is not accepted.
        """

    def answer(self, verdict: Verdict) -> bytes:
        """Return the bytes that tell the issuer a verdict."""

    def told(self, body: bytes, headers: Headers, *, session: Session, trace: Trace) -> bool:
        """Keep an event. False: we have it already.

        Raises:
            BadSignatureError, UnreadableDocumentError, ValidationError: it is not accepted.
        """


class StripeIssuing:
    """Stripe Issuing: ``Stripe-Signature``, and ids in the body."""

    fault = stripe_decision_wire.FAULT
    answer_headers: Mapping[str, str] = {"Stripe-Version": API_VERSION}

    def __init__(self, settings: PaymentsSettings) -> None:
        self._settings = settings
        self._form = stripe_decision_wire.AuthorizationRequest()

    def asked(self, body: bytes, headers: Headers) -> DecideAuthorisation:
        secret = self._settings.issuer_authorisations_secret
        signatures.check_stripe(body, headers, secret=secret)
        command: DecideAuthorisation = self._form.load(_document(body))
        return command

    def answer(self, verdict: Verdict) -> bytes:
        return stripe_decision_wire.answer_of(verdict)

    def told(self, body: bytes, headers: Headers, *, session: Session, trace: Trace) -> bool:
        signatures.check_stripe(body, headers, secret=self._settings.issuer_events_secret)
        return issuer_events.keep(_document(body), session=session, trace=trace)


class Lithic:
    """Lithic: Standard Webhooks, the message's id in a header."""

    fault = lithic_decision_wire.FAULT
    answer_headers: Mapping[str, str] = {}

    def __init__(self, settings: PaymentsSettings) -> None:
        self._settings = settings

    def asked(self, body: bytes, headers: Headers) -> DecideAuthorisation:
        secret = self._settings.issuer_authorisations_secret
        message_id = signatures.check_standard(body, headers, secret=secret)
        return lithic_decision_wire.request(message_id, _document(body))

    def answer(self, verdict: Verdict) -> bytes:
        return lithic_decision_wire.answer_of(verdict)

    def told(self, body: bytes, headers: Headers, *, session: Session, trace: Trace) -> bool:
        secret = self._settings.issuer_events_secret
        message_id = signatures.check_standard(body, headers, secret=secret)
        document = _document(body)
        return issuer_events.keep_as(
            message_id,
            lithic_wire.type_of(document),
            document,
            issuer=IssuerName.LITHIC,
            session=session,
            trace=trace,
        )


def issuer_of(settings: PaymentsSettings) -> Issuer:
    """Return the issuer that the settings name."""
    return Lithic(settings) if settings.issuer is IssuerName.LITHIC else StripeIssuing(settings)


def _document(body: bytes) -> dict[str, object]:
    return documents.read(body, content_type="application/json")
