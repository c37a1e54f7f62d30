"""The form of the requests about shares and the person's part."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from services.budget.agreements.commands import (
    RecordAgreement,
    ReportFinancialAssessment,
    Share,
    Signature,
)

LARGEST_WEEKLY_PENCE = 1_000_000
LONGEST_WEEKS = 53
LARGEST_DENOMINATOR = 1_000_000
LARGEST_CAP_PENCE = 10**12
MOST_FUNDERS = 10
PURPOSES = ("joint", "nhs", "council")


class ShareForm(Schema):
    funder_id = fields.UUID(required=True)
    numerator = fields.Integer(strict=True, required=True)
    legal_basis = fields.String(load_default=None, validate=validate.Length(min=1, max=60))
    priority = fields.Integer(strict=True, load_default=1, validate=validate.Range(min=1, max=9))
    cap_pence = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(min=0, max=LARGEST_CAP_PENCE)
    )

    @post_load
    def _as_share(self, loaded: dict[str, Any], **_kwargs: Any) -> Share:
        return Share(**loaded)


class SignatureForm(Schema):
    funder_id = fields.UUID(required=True)
    role = fields.String(required=True, validate=validate.Length(min=1, max=60))
    signed_on = fields.Date(required=True)

    @post_load
    def _as_signature(self, loaded: dict[str, Any], **_kwargs: Any) -> Signature:
        return Signature(**loaded)


def each_once(signatures: list[Signature]) -> None:
    """Refuse signatures of which two are of one partner."""
    if len({signature.funder_id for signature in signatures}) != len(signatures):
        raise ValidationError("A partner signs once.")


class RecordAgreementForm(Schema):
    agreement_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    purpose = fields.String(required=True, validate=validate.OneOf(PURPOSES))
    starts_on = fields.Date(required=True)
    denominator = fields.Integer(
        strict=True, load_default=10_000, validate=validate.Range(min=1, max=LARGEST_DENOMINATOR)
    )
    shares = fields.List(
        fields.Nested(ShareForm), required=True, validate=validate.Length(min=1, max=MOST_FUNDERS)
    )
    is_disputed = fields.Boolean(load_default=False)
    signatures = fields.List(
        fields.Nested(SignatureForm),
        load_default=list,
        validate=[validate.Length(max=MOST_FUNDERS), each_once],
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordAgreement:
        return RecordAgreement(**loaded)


class ReportFinancialAssessmentForm(Schema):
    budget_id = fields.UUID(required=True)
    weekly_contribution_pence = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=LARGEST_WEEKLY_PENCE)
    )
    weeks = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=1, max=LONGEST_WEEKS)
    )
    free_weeks = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0, max=LONGEST_WEEKS)
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReportFinancialAssessment:
        return ReportFinancialAssessment(**loaded)
