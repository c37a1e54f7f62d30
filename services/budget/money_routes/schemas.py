"""The form of the requests about the ways of money."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.money_routes.commands import SetRoute
from services.budget.money_routes.rules import Payee, Route

LONGEST_REASON = 2_000
LARGEST_PENCE = 10**12


def reason() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))


def pence(*, least: int = 1, is_required: bool = True) -> fields.Integer:
    """Return a field for an amount in pence."""
    in_range = validate.Range(min=least, max=LARGEST_PENCE)
    return fields.Integer(strict=True, required=is_required, validate=in_range)


def reference() -> fields.String:
    """Return a field for a reference of a bank, or of what was shown."""
    return fields.String(required=True, validate=validate.Length(min=1, max=140))


class SetRouteForm(Schema):
    item_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    route = fields.Enum(Route, by_value=True, required=True)
    starts_on = fields.Date(required=True)
    reason = reason()
    payee = fields.Enum(Payee, by_value=True, load_default=None)
    account_reference = fields.String(
        load_default=None, validate=validate.Regexp(r"[A-Za-z0-9 ._-]{1,64}\Z")
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SetRoute:
        return SetRoute(**loaded)
