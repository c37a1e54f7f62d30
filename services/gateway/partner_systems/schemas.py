"""The form of RFC 6749 and RFC 7523 by which a system asks for a token, and the answer."""

from marshmallow import EXCLUDE, Schema, fields, validate

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenForm(Schema):
    """What a system sends, as application/x-www-form-urlencoded."""

    class Meta:
        unknown = EXCLUDE  # as the standard has it

    grant_type = fields.String(required=True, validate=validate.Equal("client_credentials"))
    client_assertion_type = fields.String(required=True, validate=validate.Equal(ASSERTION_TYPE))
    client_assertion = fields.String(required=True)
    client_id = fields.String(metadata={"description": "need not be said; if so, the same"})


class SystemTokenSchema(Schema):
    """A bearer token."""

    access_token = fields.String()
    token_type = fields.String(metadata={"description": "Bearer"})
    expires_in = fields.Integer(metadata={"description": "seconds"})
