"""The form of the requests about the end of a financial year."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.year_end.commands import MakeYearEnd
from services.budget.year_end.rules import Leftover, YearEndRule

MOST_PARTNERS = 20
LARGEST_NUMERATOR = 1_000_000
FIRST_YEAR, LAST_YEAR = 1948, 9_990


class YearEndRuleForm(Schema):
    funder_id = fields.UUID(required=True)
    leftover = fields.Enum(Leftover, by_value=True, required=True)
    numerator = fields.Integer(
        strict=True, load_default=None, validate=validate.Range(min=1, max=LARGEST_NUMERATOR)
    )

    @post_load
    def _as_rule(self, loaded: dict[str, Any], **_kwargs: Any) -> YearEndRule:
        return YearEndRule(**loaded)


class YearEndForm(Schema):
    pool_id = fields.UUID(required=True)
    financial_year = fields.Integer(
        strict=True, required=True, validate=validate.Range(min=FIRST_YEAR, max=LAST_YEAR)
    )
    rules = fields.List(
        fields.Nested(YearEndRuleForm), required=True, validate=validate.Length(max=MOST_PARTNERS)
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> MakeYearEnd:
        return MakeYearEnd(**loaded)
