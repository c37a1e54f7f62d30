"""Lithic's Auth Stream Access: the question about a card, and the answer it wants.

Tolerant of fields we do not use, strict about those we do. The types are those of the package
``lithic`` 0.133 and of Lithic's schema of the answer.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from services.payments.decisions.commands import DecideAuthorisation
from services.payments.decisions.rules import EXCLUDED, Verdict
from services.payments.decisions.wire import (
    LARGEST_AMOUNT,
    Tolerant,
    issuer_id,
    known_category,
)
from shared.contracts import documents

# A word that Lithic does not know declines just as well; these tell the shop more.
RESULTS: Mapping[str, str] = {
    "card_closed": "CARD_PAUSED",
    "card_frozen": "CARD_PAUSED",
    "card_replaced": "CARD_PAUSED",
    **dict.fromkeys(EXCLUDED.values(), "UNAUTHORIZED_MERCHANT"),
    "wrong_merchant_category": "UNAUTHORIZED_MERCHANT",
    "amount_above_hold": "INSUFFICIENT_FUNDS",
}
DECLINED = "DECLINED"


class Money(Tolerant):
    amount = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_AMOUNT)
    )
    currency = fields.String(required=True, validate=validate.Equal("GBP"))


class Amounts(Tolerant):
    cardholder = fields.Nested(Money, required=True)
    hold = fields.Nested(Money, load_default=None, allow_none=True)  # with what a tip may add


class Card(Tolerant):
    token = issuer_id()


class Merchant(Tolerant):
    mcc = fields.String(required=True)


class ApprovalRequest(Tolerant):
    token = issuer_id()
    card = fields.Nested(Card, required=True)
    merchant = fields.Nested(Merchant, required=True)
    amounts = fields.Nested(Amounts, required=True)
    status = fields.String(
        required=True, validate=validate.OneOf(("AUTHORIZATION", "FINANCIAL_AUTHORIZATION"))
    )


def request(event_id: str, document: Mapping[str, Any]) -> DecideAuthorisation:
    """Return what is asked.

    Lithic does not say how many requests came before. Its countries have three letters, which no
    card policy names, and a part of an amount is not approved by it: neither is read.

    Raises:
        ValidationError: it is in a form that we do not know.
    """
    loaded = ApprovalRequest().load(document)
    asked = loaded["amounts"]["hold"] or loaded["amounts"]["cardholder"]
    return DecideAuthorisation(
        event_id=event_id,
        authorisation_id=loaded["token"],
        issuer_card_id=loaded["card"]["token"],
        merchant_category_code=known_category(loaded["merchant"]["mcc"]),
        merchant_country="",
        is_amount_controllable=False,
        amount_pence=asked["amount"],
        place=None,
    )


def answer_of(verdict: Verdict) -> bytes:
    result = "APPROVED" if verdict.is_approved else RESULTS.get(verdict.code, DECLINED)
    return documents.write({"result": result})


FAULT = documents.write({"result": DECLINED})
