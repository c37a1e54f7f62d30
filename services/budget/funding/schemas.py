"""The form of the requests about money coming in."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.funding.commands import (
    CommitContribution,
    ReceiveContribution,
    ReleaseContribution,
)


def reference() -> fields.String:
    """Return a field for a reference under which a bank or a contract knows of the money."""
    return fields.String(required=True, validate=validate.Length(min=1, max=140))


class ContributionForm(Schema):
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))


class CommitContributionForm(ContributionForm):
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

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReleaseContribution:
        return ReleaseContribution(**loaded)
