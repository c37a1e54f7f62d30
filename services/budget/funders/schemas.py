"""The form of the requests about organisations and pools."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.budget.funders.commands import NameFunderContact, OpenPool, RegisterFunder
from services.budget.funders.rules import FunderKind

ORGANISATIONS = (FunderKind.NHS, FunderKind.COUNCIL)
MOST_PARTNERS = 20
ORGANISATION = r"[a-z][a-z0-9-]{1,39}\Z"  # as partners' files and those who sign in name it


class RegisterFunderForm(Schema):
    funder_id = fields.UUID(required=True)
    kind = fields.Enum(
        FunderKind, by_value=True, required=True, validate=validate.OneOf(ORGANISATIONS)
    )
    code = fields.String(required=True, validate=validate.Regexp(r"[A-Z0-9]{3,9}\Z"))
    name = fields.String(required=True, validate=validate.Length(min=1, max=140))
    organisation = fields.String(required=True, validate=validate.Regexp(ORGANISATION))

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RegisterFunder:
        return RegisterFunder(**loaded)


class NameFunderContactForm(Schema):
    funder_id = fields.UUID(required=True)
    name = fields.String(
        required=True,
        allow_none=True,
        validate=[validate.Length(max=140), validate.Regexp(r"[^\0\r\n]*[^\s\0][^\0\r\n]*\Z")],
    )
    email = fields.Email(required=True, allow_none=True, validate=validate.Length(max=200))

    @validates_schema
    def _both_or_neither(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["name"] is None) != (loaded["email"] is None):
            raise ValidationError("Needed where there is a name, else null.", "email")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> NameFunderContact:
        return NameFunderContact(**loaded)


class OpenPoolForm(Schema):
    pool_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(min=1, max=140))
    agreement_reference = fields.String(required=True, validate=validate.Length(min=1, max=140))
    host_id = fields.UUID(required=True)
    partner_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=2, max=MOST_PARTNERS)
    )
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> OpenPool:
        return OpenPool(**loaded)
