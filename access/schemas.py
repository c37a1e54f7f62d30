"""The form of the question who looked."""

from marshmallow import Schema, fields, validate

MOST = 200


class AccessLogForm(Schema):
    """Who looked at a person's record or changed it: a page of it, the newest first."""

    person_id = fields.UUID(required=True)
    before = fields.Integer(strict=True, load_default=None, allow_none=True)
    most = fields.Integer(strict=True, load_default=MOST, validate=validate.Range(min=1, max=MOST))
