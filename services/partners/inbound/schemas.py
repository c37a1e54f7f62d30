"""The forms of what is asked about messages of partners."""

from marshmallow import Schema, fields


class MessageForm(Schema):
    """One message, as its sender named it."""

    partner = fields.String(required=True)  # the code of its agreement
    message_id = fields.UUID(required=True)
