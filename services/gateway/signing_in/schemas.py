"""How an app exchanges its code for a token."""

from marshmallow import Schema, fields

from services.gateway.schemas import Form, words

LONGEST_CODE = 200  # characters


class ExchangeForm(Form):
    """What an app brings: its code, and the proof that it asked for it."""

    code = words(longest=LONGEST_CODE, required=True)
    code_verifier = words(longest=128, required=True)
    redirect_uri = words(longest=500, required=True)


class TokenSchema(Schema):
    """A bearer token."""

    access_token = fields.String()
    token_type = fields.String(metadata={"description": "Bearer"})
