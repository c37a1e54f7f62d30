"""The form of the requests about repayments."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.budget.repayment.commands import (
    Asker,
    DecideReconsideration,
    Manner,
    NotifyRepayment,
    PaidBy,
    ProposeRepayment,
    RequestReconsideration,
    TakeStep,
)
from services.budget.repayment.rules import USUAL_NOTICE_WEEKS, Addressee, Ground, Outcome
from services.budget.surplus.schemas import LARGEST_PENCE, LONGEST_WEEKS, TermsForm

LONGEST_REASON = 2_000


def reason() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))


def amount() -> fields.Integer:
    return fields.Integer(
        strict=True, load_default=None, validate=validate.Range(min=1, max=LARGEST_PENCE)
    )


class RepaymentForm(Schema):
    repayment_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    reason = reason()


class ProposeRepaymentForm(TermsForm, RepaymentForm):
    proposed_by = fields.UUID(required=True)
    ground = fields.Enum(Ground, by_value=True, required=True)
    addressee = fields.Enum(Addressee, by_value=True, load_default=Addressee.PERSON)
    amount_pence = amount()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ProposeRepayment:
        return ProposeRepayment(terms=self.terms_of(loaded), **loaded)


class NotifyRepaymentForm(RepaymentForm):
    notice_weeks = fields.Integer(
        strict=True,
        load_default=USUAL_NOTICE_WEEKS,
        validate=validate.Range(min=0, max=LONGEST_WEEKS),
    )
    payable_on = fields.Date(load_default=None)
    paid_by = fields.Enum(PaidBy, by_value=True, load_default=PaidBy.HOST)
    manner = fields.Enum(Manner, by_value=True, load_default=Manner.BANK_TRANSFER)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> NotifyRepayment:
        return NotifyRepayment(**loaded)


class RequestReconsiderationForm(RepaymentForm):
    asked_by = fields.Enum(Asker, by_value=True, required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RequestReconsideration:
        return RequestReconsideration(**loaded)


class DecideReconsiderationForm(RepaymentForm):
    decided_by = fields.UUID(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    amount_pence = amount()

    @validates_schema
    def _see_that_a_reduction_is_told(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["outcome"] is Outcome.REDUCED) != (loaded["amount_pence"] is not None):
            raise ValidationError("Of a reduction, and of nothing else.", "amount_pence")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> DecideReconsideration:
        return DecideReconsideration(**loaded)


class TakeStepForm(RepaymentForm):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> TakeStep:
        return TakeStep(**loaded)


class RepaymentsForm(Schema):
    budget_id = fields.UUID(required=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return loaded["budget_id"]
