"""The form of the requests about sharing what was spent too much or too little."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.agreements.schemas import LARGEST_CAP_PENCE, SignatureForm
from services.budget.funders.schemas import MOST_PARTNERS
from services.budget.risk_share.commands import RiskPart, RunRiskShare, SetRiskRule
from services.budget.risk_share.rules import WHOLE_BASIS_POINTS, RiskRuleKind


def financial_year() -> fields.Integer:
    """Return a field for a financial year, by the year in which it begins."""
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=2000, max=2099))


class RiskPartForm(Schema):
    funder_id = fields.UUID(required=True)
    basis_points = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=0, max=WHOLE_BASIS_POINTS)
    )
    most_pence = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(min=0, max=LARGEST_CAP_PENCE)
    )

    @post_load
    def _as_part(self, loaded: dict[str, Any], **_kwargs: Any) -> RiskPart:
        return RiskPart(**loaded)


class SetRiskRuleForm(Schema):
    rule_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    kind = fields.Enum(RiskRuleKind, by_value=True, required=True)
    from_year = financial_year()
    parts = fields.List(
        fields.Nested(RiskPartForm), load_default=list, validate=validate.Length(max=MOST_PARTNERS)
    )
    signatures = fields.List(
        fields.Nested(SignatureForm), required=True, validate=validate.Length(max=MOST_PARTNERS)
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SetRiskRule:
        return SetRiskRule(**loaded)


class RunRiskShareForm(Schema):
    run_id = fields.UUID(required=True)
    pool_id = fields.UUID(required=True)
    financial_year = financial_year()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RunRiskShare:
        return RunRiskShare(**loaded)


class RiskShareOutlookForm(Schema):
    pool_id = fields.UUID(required=True)
    financial_year = financial_year()
