"""``issuing_authorization.request`` as Stripe sends it, and the answer it wants.

Tolerant of fields we do not use, strict about those we do.
"""

import re
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.payments.decisions.commands import DecideAuthorisation
from services.payments.decisions.rules import Verdict
from shared.contracts import documents

PATH = "/webhooks/issuer/authorizations"
LARGEST_AMOUNT = 10**12
LONGEST_ID = 255
_CATEGORY_CODE = re.compile("[0-9]{4}")
_COUNTRY = re.compile("[A-Z]{2}")


def issuer_id() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_ID))


class Tolerant(Schema):
    class Meta:
        unknown = EXCLUDE


class Merchant(Tolerant):
    category_code = fields.String(required=True)
    country = fields.String(load_default=None, allow_none=True)


class Card(Tolerant):
    id = issuer_id()


class PendingRequest(Tolerant):
    amount = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_AMOUNT)
    )
    currency = fields.String(required=True, validate=validate.Equal("gbp"))
    is_amount_controllable = fields.Boolean(load_default=False, allow_none=True)


class Authorization(Tolerant):
    id = issuer_id()
    card = fields.Nested(Card, required=True)
    merchant_data = fields.Nested(Merchant, required=True)
    pending_request = fields.Nested(PendingRequest, required=True)
    request_history = fields.List(fields.Raw(), required=True)


class About(Tolerant):
    object = fields.Nested(Authorization, required=True)


class AuthorizationRequest(Tolerant):
    id = issuer_id()
    type = fields.String(required=True, validate=validate.Equal("issuing_authorization.request"))
    data = fields.Nested(About, required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> DecideAuthorisation:
        authorization = loaded["data"]["object"]
        merchant, pending = authorization["merchant_data"], authorization["pending_request"]
        return DecideAuthorisation(
            event_id=loaded["id"],
            authorisation_id=authorization["id"],
            issuer_card_id=authorization["card"]["id"],
            merchant_category_code=known_category(merchant["category_code"]),
            merchant_country=_known(_COUNTRY, merchant["country"]),
            is_amount_controllable=bool(pending["is_amount_controllable"]),
            amount_pence=pending["amount"],
            place=len(authorization["request_history"]),
        )


def known_category(told: str) -> str:
    """Return a merchant category code, or nothing where it is no such code."""
    return _known(_CATEGORY_CODE, told)


def _known(form: re.Pattern[str], told: str | None) -> str:
    """Return a code as it was told, or nothing where it is no such code."""
    return told if told is not None and form.fullmatch(told) else ""


def answer(*, is_approved: bool, code: str, amount_pence: int | None = None) -> bytes:
    """Return the bytes to answer with; an amount only where it is less than was asked for."""
    amount = {} if amount_pence is None else {"amount": amount_pence}
    return documents.write({"approved": is_approved, **amount, "metadata": {"reason": code}})


def answer_of(verdict: Verdict) -> bytes:
    return answer(
        is_approved=verdict.is_approved,
        code=verdict.code,
        amount_pence=verdict.approved_pence if verdict.is_in_part else None,
    )


FAULT = answer(is_approved=False, code="fault")
