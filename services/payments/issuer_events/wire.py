"""Stripe's events about authorizations and transactions.

Tolerant of fields we do not use, strict about those we do.
"""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from services.payments.authorisations.commands import RecordPresentment, RecordSnapshot
from services.payments.authorisations.rules import AuthorisationStatus, Snapshot

PATH = "/webhooks/issuer/events"
LARGEST_AMOUNT = 10**12
LONGEST_ID = 255
AUTHORIZATION_TYPES = ("issuing_authorization.created", "issuing_authorization.updated")
TRANSACTION_TYPES = ("issuing_transaction.created", "issuing_transaction.updated")
USED_TYPES = AUTHORIZATION_TYPES + TRANSACTION_TYPES


def issuer_id(*, may_be_missing: bool = False) -> fields.String:
    return fields.String(
        required=True,
        allow_none=may_be_missing,
        validate=validate.Length(min=1, max=LONGEST_ID),
    )


def amount(*, least: int) -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=least, max=LARGEST_AMOUNT)
    )


def currency() -> fields.String:
    return fields.String(required=True, validate=validate.Equal("gbp"))


class Tolerant(Schema):
    class Meta:
        unknown = EXCLUDE


class Envelope(Tolerant):
    """What every event has."""

    id = issuer_id()
    type = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_ID))


class Transaction(Tolerant):
    """A capture, below 0, or a refund, above."""

    id = issuer_id()
    card = issuer_id()
    authorization = issuer_id(may_be_missing=True)
    amount = amount(least=-LARGEST_AMOUNT)
    currency = currency()

    @pre_load
    def _by_ids(self, document: Any, **_kwargs: Any) -> Any:
        """Take the id of an object that was sent whole."""
        if not isinstance(document, dict):
            return document
        whole = {
            name: document[name].get("id")
            for name in ("card", "authorization")
            if isinstance(document.get(name), dict)
        }
        return {**document, **whole}

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordPresentment:
        return RecordPresentment(
            presentment_id=loaded["id"],
            issuer_card_id=loaded["card"],
            authorisation_id=loaded["authorization"],
            is_refund=loaded["amount"] > 0,
            amount_pence=abs(loaded["amount"]),
        )


class Card(Tolerant):
    id = issuer_id()


class HistoryEntry(Tolerant):
    approved = fields.Boolean(required=True)
    reason = fields.String(load_default=None, allow_none=True)


class Authorization(Tolerant):
    id = issuer_id()
    card = fields.Nested(Card, required=True)
    amount = amount(least=0)
    currency = currency()
    approved = fields.Boolean(required=True)
    status = fields.String(required=True)
    request_history = fields.List(fields.Nested(HistoryEntry), required=True)
    transactions = fields.List(fields.Nested(Transaction), required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordSnapshot:
        history, transactions = loaded["request_history"], loaded["transactions"]
        ours = [one for one in history if one["reason"] == "webhook_approved"]
        return RecordSnapshot(
            authorisation_id=loaded["id"],
            issuer_card_id=loaded["card"]["id"],
            snapshot=Snapshot(
                is_approved=loaded["approved"],
                status=_status(loaded["status"]),
                amount_pence=loaded["amount"],
                request_count=len(history),
                confirmed_count=len(ours),
                transaction_count=len(transactions),
            ),
            presentments=transactions,
        )


def _status(wire: str) -> AuthorisationStatus:
    """Read a status; one that is new to us holds its money until we know better."""
    known = {status.value: status for status in AuthorisationStatus}
    return known.get(wire, AuthorisationStatus.PENDING)
