"""The form of the requests about money coming in."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.funding.commands import (
    CommitContribution,
    ReceiveContribution,
    ReleaseContribution,
)
from services.budget.funding.rules import MoneySource, Terms

LONGEST_COST_CENTRE = 40


def reference() -> fields.String:
    """Return a field for a reference under which a bank or a contract knows of the money."""
    return fields.String(required=True, validate=validate.Length(min=1, max=140))


class ReleaseTermsForm(Schema):
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    cost_centre = fields.String(
        required=True, validate=validate.Length(min=1, max=LONGEST_COST_CENTRE)
    )

    @post_load
    def _as_terms(self, loaded: dict[str, Any], **_kwargs: Any) -> Terms:
        return Terms(**{"source": MoneySource.RELEASED_BLOCK, **loaded})


class TermsForm(ReleaseTermsForm):
    source = fields.Enum(MoneySource, by_value=True, required=True)


class ContributionForm(Schema):
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))


class CommitContributionForm(ContributionForm):
    terms = fields.Nested(TermsForm, load_default=None)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> CommitContribution:
        return CommitContribution(**loaded)


class ReceiveContributionForm(ContributionForm):
    bank_reference = reference()

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReceiveContribution:
        return ReceiveContribution(**loaded)


class ReleaseContributionForm(ContributionForm):
    contract_reference = reference()
    terms = fields.Nested(ReleaseTermsForm, load_default=None)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReleaseContribution:
        return ReleaseContribution(**loaded)
