"""The forms of what approvers and brokers say."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.payments.approvals.commands import AmendPurchase, DecideOnPurchase
from services.payments.approvals.rules import Decision
from services.payments.purchases.schemas import LARGEST_PENCE, LONGEST_INSTRUCTION
from services.payments.words import words_field

LONGEST_REASON = 500


class _DecideForm(Schema):
    purchase_id = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)


class ApprovePurchaseForm(_DecideForm):
    approved_by = fields.UUID(required=True, attribute="decided_by")
    reason = words_field(longest=LONGEST_REASON, least=0, required=False, load_default="")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> DecideOnPurchase:
        return DecideOnPurchase(decision=Decision.APPROVED, **loaded)


class ReturnPurchaseForm(_DecideForm):
    returned_by = fields.UUID(required=True, attribute="decided_by")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> DecideOnPurchase:
        return DecideOnPurchase(decision=Decision.RETURNED, **loaded)


class RejectPurchaseForm(_DecideForm):
    rejected_by = fields.UUID(required=True, attribute="decided_by")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> DecideOnPurchase:
        return DecideOnPurchase(decision=Decision.REJECTED, **loaded)


class AmendPurchaseForm(Schema):
    purchase_id = fields.UUID(required=True)
    amended_by = fields.UUID(required=True)
    amount_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )
    instruction = words_field(longest=LONGEST_INSTRUCTION)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AmendPurchase:
        return AmendPurchase(**loaded)
