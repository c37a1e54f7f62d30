"""Lithic's ``card_transaction.updated``: one object for an authorisation and all that followed.

Tolerant of fields we do not use, strict about those we do. The types are those of the package
``lithic`` 0.133.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields, post_load, validate

from services.payments.authorisations.commands import RecordSnapshot
from services.payments.authorisations.rules import AuthorisationStatus, Outcome, Snapshot
from services.payments.issuer_events.wire import (
    LARGEST_AMOUNT,
    LONGEST_ID,
    Said,
    Tolerant,
    amount,
    issuer_id,
    shop_of,
)
from services.payments.presentments.commands import RecordPresentment

TRANSACTION_UPDATED = "card_transaction.updated"
USED_TYPES = (TRANSACTION_UPDATED,)
ASKED = frozenset({"AUTHORIZATION", "FINANCIAL_AUTHORIZATION"})
STOOD_IN = "SWITCH_INOPERATIVE_ADVICE"  # the network answered while we could not be reached
# Which of its events move money, and which way: below 0 it comes back.
MOVES: Mapping[str, int] = {
    "CLEARING": 1,
    "CORRECTION_DEBIT": 1,
    "FINANCIAL_AUTHORIZATION": 1,
    "RETURN_REVERSAL": 1,
    "RETURN": -1,
    "CORRECTION_CREDIT": -1,
}
STATUSES: Mapping[str, AuthorisationStatus] = {
    "SETTLED": AuthorisationStatus.CLOSED,
    "DECLINED": AuthorisationStatus.CLOSED,
    "EXPIRED": AuthorisationStatus.EXPIRED,
    "VOIDED": AuthorisationStatus.REVERSED,
}


class Amount(Tolerant):
    amount = amount(least=-LARGEST_AMOUNT)


class Amounts(Tolerant):
    hold = fields.Nested(Amount, required=True)


class Step(Tolerant):
    """One event in the life of a transaction."""

    token = issuer_id()
    type = fields.String(required=True)
    result = fields.String(required=True)
    amount = amount(least=-LARGEST_AMOUNT)


class Merchant(Tolerant):
    acceptor_id = fields.String(load_default=None, allow_none=True)


class CardTransaction(Tolerant):
    token = issuer_id()
    card_token = issuer_id()
    status = fields.String(required=True)
    amounts = fields.Nested(Amounts, required=True)
    merchant = fields.Nested(Merchant, required=True)
    merchant_currency = fields.String(required=True)
    events = fields.List(fields.Nested(Step), required=True)

    @post_load
    def _as_commands(self, loaded: dict[str, Any], **_kwargs: Any) -> Sequence[Said]:
        steps = loaded["events"]
        requests = _requests(steps)
        moved = [_presentment(step, loaded, is_linked=bool(requests)) for step in _moves(steps)]
        if not requests:  # nobody was asked: a forced capture, or a refund of its own
            return moved
        captured_pence = sum(one.amount_pence for one in moved if not one.is_refund)
        snapshot = Snapshot(
            is_approved=any(outcome is not Outcome.NO for outcome in requests),
            status=STATUSES.get(loaded["status"], AuthorisationStatus.PENDING),
            # Lithic tells what is left of the hold; we keep what it was before captures.
            amount_pence=max(0, abs(loaded["amounts"]["hold"]["amount"])) + captured_pence,
            requests=requests,
            transaction_count=len(steps),  # more than captures: it only grows, which is the use
        )
        return [
            RecordSnapshot(
                authorisation_id=loaded["token"],
                issuer_card_id=loaded["card_token"],
                snapshot=snapshot,
                presentments=moved,
            )
        ]


class Envelope(Tolerant):
    event_type = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_ID))


def type_of(document: Mapping[str, Any]) -> str:
    """Return an event's type.

    Raises:
        ValidationError: it has none.
    """
    return str(Envelope().load(document)["event_type"])


def read(event_type: str, body: Mapping[str, Any]) -> Sequence[Said]:
    """Return what an event says, as commands; nothing: it changes nothing here.

    Raises:
        ValidationError: it is of a type that we use, in a form that we do not know.
    """
    if event_type != TRANSACTION_UPDATED:
        return []
    commands: Sequence[Said] = CardTransaction().load(body)
    return commands


def _requests(steps: Sequence[Mapping[str, Any]]) -> tuple[Outcome, ...]:
    """Return how the network answered each request; an advice beside them is none."""
    outcomes: list[Outcome] = []
    for step in steps:
        if step["result"] == STOOD_IN or (step["type"] == "AUTHORIZATION_ADVICE" and not outcomes):
            outcomes.append(Outcome.UNASKED)
        elif step["type"] in ASKED:
            outcomes.append(Outcome.OURS if step["result"] == "APPROVED" else Outcome.NO)
    return tuple(outcomes)


def _moves(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [step for step in steps if step["type"] in MOVES and step["result"] == "APPROVED"]


def _presentment(
    step: Mapping[str, Any], transaction: Mapping[str, Any], *, is_linked: bool
) -> RecordPresentment:
    return RecordPresentment(
        presentment_id=step["token"],
        issuer_card_id=transaction["card_token"],
        authorisation_id=transaction["token"] if is_linked else None,
        is_refund=MOVES[step["type"]] < 0,
        amount_pence=abs(step["amount"]),
        is_reversal=step["type"] == "RETURN_REVERSAL",
        is_foreign=transaction["merchant_currency"] != "GBP",
        network_id=shop_of(transaction["merchant"]["acceptor_id"]),
    )
