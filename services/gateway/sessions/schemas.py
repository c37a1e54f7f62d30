"""What is told of a session, and how a role is chosen."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form


class ChoiceSchema(Schema):
    """A role somebody has."""

    role = fields.String()
    organisation = fields.String()


class MeSchema(Schema):
    """Who is signed in."""

    actor_id = fields.String(metadata={"description": "a person's or a colleague's id"})
    kind = fields.String(metadata={"description": "browser, app or system"})
    role = fields.String(allow_none=True, metadata={"description": "null: none is chosen yet"})
    organisation = fields.String(allow_none=True)
    purpose = fields.String(allow_none=True)
    choices = fields.List(fields.Nested(ChoiceSchema))
    provider = fields.String(metadata={"description": "who said who you are"})
    ends_at = strict.Instant(metadata={"description": "at the latest"})
    csrf_token = fields.String(
        allow_none=True, metadata={"description": "for X-CSRF-Token, where a cookie is sent"}
    )


class ChooseRoleForm(Form):
    """Which of the roles counts from now on."""

    choice = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=0),
        metadata={"description": "the place in choices, from 0"},
    )


class RenewedSchema(Schema):
    """The role, and the token that takes the place of the one before; a cookie is set instead."""

    role = fields.String()
    organisation = fields.String()
    access_token = fields.String(allow_none=True)
