"""The form of the question where money is."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.money_held.commands import MoneyRoutes

LONGEST_WEEKS = 53


def how_many(usual: int) -> fields.Integer:
    in_range = validate.Range(min=1, max=LONGEST_WEEKS)
    return fields.Integer(strict=True, load_default=usual, validate=in_range)


class MoneyRoutesForm(Schema):
    budget_id = fields.UUID(required=True)
    on = fields.Date(required=True)
    weeks = how_many(4)
    plan_weeks = how_many(52)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> MoneyRoutes:
        return MoneyRoutes(**loaded)
