"""``issuing_authorization.request`` as Stripe sends it, and the answer it wants.

Tolerant of fields we do not use, strict about those we do.
"""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from services.payments.decisions.commands import DecideAuthorisation
from services.payments.decisions.rules import Verdict
from shared.contracts import documents

PATH = "/webhooks/issuer/authorizations"
LARGEST_AMOUNT = 10**12
LONGEST_ID = 255


def issuer_id() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_ID))


class Tolerant(Schema):
    class Meta:
        unknown = EXCLUDE


class Merchant(Tolerant):
    category_code = fields.String(required=True)


class Card(Tolerant):
    id = issuer_id()


class PendingRequest(Tolerant):
    amount = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_AMOUNT)
    )
    currency = fields.String(required=True, validate=validate.Equal("gbp"))


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
        return DecideAuthorisation(
            event_id=loaded["id"],
            authorisation_id=authorization["id"],
            issuer_card_id=authorization["card"]["id"],
            merchant_category_code=authorization["merchant_data"]["category_code"],
            amount_pence=authorization["pending_request"]["amount"],
            place=len(authorization["request_history"]),
        )


def answer(*, is_approved: bool, code: str) -> bytes:
    return documents.write({"approved": is_approved, "metadata": {"reason": code}})


def answer_of(verdict: Verdict) -> bytes:
    return answer(is_approved=verdict.is_approved, code=verdict.code)


FAULT = answer(is_approved=False, code="fault")
