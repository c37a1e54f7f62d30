"""Stripe's events about authorizations, transactions and disputes.

Tolerant of fields we do not use, strict about those we do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validate

from services.payments.authorisations.commands import RecordSnapshot
from services.payments.authorisations.rules import AuthorisationStatus, Outcome, Snapshot
from services.payments.card_numbers import REMOVED
from services.payments.disputes.commands import RecordDispute
from services.payments.disputes.rules import IssuerStatus
from services.payments.presentments.commands import RecordPresentment

PATH = "/webhooks/issuer/events"
LARGEST_AMOUNT = 10**12
LONGEST_ID = 255
FETCHED = "issuing_authorization.fetched"  # ours: an object that we asked for, kept like an event
AUTHORIZATION_TYPES = (
    "issuing_authorization.created",
    "issuing_authorization.updated",
    FETCHED,
)
TRANSACTION_TYPES = ("issuing_transaction.created", "issuing_transaction.updated")
REINSTATED = "issuing_dispute.funds_reinstated"
RESCINDED = "issuing_dispute.funds_rescinded"
DISPUTE_TYPES = (
    "issuing_dispute.created",
    "issuing_dispute.updated",
    "issuing_dispute.submitted",
    "issuing_dispute.closed",
    REINSTATED,
    RESCINDED,
)
USED_TYPES = AUTHORIZATION_TYPES + TRANSACTION_TYPES + DISPUTE_TYPES
# Whether an authorization's amount falls when a capture leaves it open. Stripe's pages do not say;
# whoever finds out changes this alone.
AMOUNT_IS_WHAT_IS_LEFT = False
Said = RecordSnapshot | RecordPresentment | RecordDispute


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


class MerchantData(Tolerant):
    network_id = fields.String(load_default=None, allow_none=True)


def shop_of(network_id: str | None) -> str | None:
    """Return the network's id of a shop; one that was removed for a card number is none."""
    return None if network_id == REMOVED else network_id


def by_ids(document: Any, *names: str) -> Any:
    """Return a document with the ids of objects that were sent whole."""
    if not isinstance(document, dict):
        return document
    whole = {
        name: document[name].get("id") for name in names if isinstance(document.get(name), dict)
    }
    return {**document, **whole}


class Transaction(Tolerant):
    """A capture, below 0, or a refund, above."""

    id = issuer_id()
    card = issuer_id()
    authorization = issuer_id(may_be_missing=True)
    amount = amount(least=-LARGEST_AMOUNT)
    currency = currency()
    type = fields.String(load_default=None, allow_none=True)
    merchant_currency = fields.String(load_default=None, allow_none=True)
    merchant_data = fields.Nested(MerchantData, load_default=None, allow_none=True)

    @pre_load
    def _by_ids(self, document: Any, **_kwargs: Any) -> Any:
        """Take the id of an object that was sent whole."""
        return by_ids(document, "card", "authorization")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordPresentment:
        return RecordPresentment(
            presentment_id=loaded["id"],
            issuer_card_id=loaded["card"],
            authorisation_id=loaded["authorization"],
            is_refund=loaded["amount"] > 0,
            amount_pence=abs(loaded["amount"]),
            is_reversal=loaded["type"] == "refund" and loaded["amount"] < 0,
            is_foreign=loaded["merchant_currency"] not in {None, loaded["currency"]},
            network_id=shop_of((loaded["merchant_data"] or {}).get("network_id")),
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
        transactions: list[RecordPresentment] = loaded["transactions"]
        captured_pence = sum(one.amount_pence for one in transactions if not one.is_refund)
        return RecordSnapshot(
            authorisation_id=loaded["id"],
            issuer_card_id=loaded["card"]["id"],
            snapshot=Snapshot(
                is_approved=loaded["approved"],
                status=_status(loaded["status"]),
                amount_pence=loaded["amount"] + captured_pence * AMOUNT_IS_WHAT_IS_LEFT,
                requests=tuple(map(_outcome, loaded["request_history"])),
                transaction_count=len(transactions),
            ),
            presentments=transactions,
        )


class BalanceTransaction(Tolerant):
    amount = amount(least=-LARGEST_AMOUNT)


class Dispute(Tolerant):
    """What became of money that we asked back."""

    id = issuer_id()
    transaction = issuer_id()
    amount = amount(least=0)
    currency = currency()
    status = fields.String(required=True)
    loss_reason = fields.String(load_default=None, allow_none=True)
    balance_transactions = fields.List(
        fields.Nested(BalanceTransaction), load_default=None, allow_none=True
    )

    @pre_load
    def _by_ids(self, document: Any, **_kwargs: Any) -> Any:
        return by_ids(document, "transaction")


def _outcome(entry: Mapping[str, Any]) -> Outcome:
    if not entry["approved"]:
        return Outcome.NO
    return Outcome.OURS if entry["reason"] == "webhook_approved" else Outcome.UNASKED


def _status(wire: str) -> AuthorisationStatus:
    """Read a status; one that is new to us holds its money until we know better."""
    known = {status.value: status for status in AuthorisationStatus}
    return known.get(wire, AuthorisationStatus.PENDING)


def read(event_type: str, body: Mapping[str, Any]) -> Sequence[Said]:
    """Return what an event says, as commands; nothing: it changes nothing here.

    Raises:
        ValidationError: it is of a type that we use, in a form that we do not know.
    """
    about = body.get("data")
    told: Any = about.get("object") if isinstance(about, dict) else None
    if event_type == FETCHED:
        seen: RecordSnapshot = Authorization().load(told)
        return [replace(seen, fetched_at=datetime.fromtimestamp(body["read_at"], tz=UTC))]
    if event_type in AUTHORIZATION_TYPES:
        return [Authorization().load(told)]
    if event_type in TRANSACTION_TYPES:
        return [Transaction().load(told)]
    if event_type in DISPUTE_TYPES:
        return [_dispute(event_type, Dispute().load(told))]
    return []


def _dispute(event_type: str, loaded: Mapping[str, Any]) -> RecordDispute:
    moved = loaded["balance_transactions"]
    if moved:
        credited_pence, steps = sum(one["amount"] for one in moved), len(moved)
    else:  # not sent whole: the kind of event says it
        credited_pence = loaded["amount"] if event_type == REINSTATED else 0
        steps = {REINSTATED: 1, RESCINDED: 2}.get(event_type, 0)
    return RecordDispute(
        issuer_dispute_id=loaded["id"],
        presentment_id=loaded["transaction"],
        amount_pence=loaded["amount"],
        status=IssuerStatus.of(loaded["status"]),
        credited_pence=max(0, credited_pence),
        steps=steps,
        loss_reason=loaded["loss_reason"],
    )
