"""The form of the question what a budget is likely to come to."""

from marshmallow import Schema, fields


class ForecastForm(Schema):
    budget_id = fields.UUID(required=True)
    on = fields.Date(required=True)
