"""The form of the questions about what is left over."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.surplus.commands import FindSurplus, Terms
from services.budget.surplus.rules import USUAL_ALLOWANCE_WEEKS, USUAL_PLAN_WEEKS

LONGEST_WEEKS = 53
LARGEST_PENCE = 10**12


def pence(**options: Any) -> fields.Integer:
    """Return a field for an amount of a budget, nothing included."""
    return fields.Integer(strict=True, validate=validate.Range(min=0, max=LARGEST_PENCE), **options)


class TermsForm(Schema):
    """The fields by which it is said what is to stay in a budget."""

    allowance_weeks = fields.Integer(
        strict=True,
        load_default=USUAL_ALLOWANCE_WEEKS,
        validate=validate.Range(min=0, max=LONGEST_WEEKS),
    )
    plan_weeks = fields.Integer(
        strict=True,
        load_default=USUAL_PLAN_WEEKS,
        validate=validate.Range(min=1, max=LONGEST_WEEKS),
    )
    contingency_pence = pence(load_default=0)
    committed_pence = pence(load_default=None, allow_none=True)

    @staticmethod
    def terms_of(loaded: dict[str, Any]) -> Terms:
        """Take the terms out of what was loaded."""
        return Terms(**{name: loaded.pop(name) for name in Terms.__slots__})


class FindSurplusForm(TermsForm):
    budget_id = fields.UUID(required=True)
    on = fields.Date(required=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> FindSurplus:
        return FindSurplus(terms=self.terms_of(loaded), **loaded)
