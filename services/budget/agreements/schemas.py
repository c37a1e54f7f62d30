"""The form of the requests about shares and the person's part."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.agreements.commands import RecordAgreement, ReportFinancialAssessment

LARGEST_WEEKLY_PENCE = 1_000_000
LONGEST_WEEKS = 53


class SharesForm(Schema):
    nhs = fields.Integer(strict=True, required=True)
    council = fields.Integer(strict=True, required=True)


class RecordAgreementForm(Schema):
    agreement_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    shares_basis_points = fields.Nested(SharesForm, required=True)

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

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReportFinancialAssessment:
        return ReportFinancialAssessment(**loaded)
