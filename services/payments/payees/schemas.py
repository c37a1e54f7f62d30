"""The forms of payees."""

import re
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, post_load, validate

from services.payments.payees.commands import (
    AddPayee,
    AgreePayee,
    ChangePayeeDetails,
    ConfirmLink,
    ConfirmPayee,
    LinkPayee,
)
from services.payments.payees.rules import Funder, Relationship
from services.payments.words import words_field

LONGEST_NAME = 200  # as a plan names payees
LONGEST_REASON = 2_000
SORT_CODE = validate.Regexp(r"[0-9]{6}\Z", error="Six digits.")
ACCOUNT_NUMBER = validate.Regexp(r"(?!0{8})[0-9]{8}\Z", error="Eight digits, and not all nought.")


class Digits(fields.String):
    """Digits as people write them, with spaces and hyphens."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return re.sub(r"[ -]", "", super()._deserialize(value, attr, data, **kwargs) or "")


class _AccountForm(Schema):
    payee_id = fields.UUID(required=True)
    sort_code = Digits(required=True, validate=SORT_CODE)
    account_number = Digits(required=True, validate=ACCOUNT_NUMBER)


class AddPayeeForm(_AccountForm):
    name = words_field(longest=LONGEST_NAME)
    person_id = fields.UUID(load_default=None, allow_none=True)
    relationship = fields.Enum(Relationship, by_value=True, required=True)
    is_same_household = fields.Boolean(load_default=False)
    added_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AddPayee:
        return AddPayee(**loaded)


class ChangePayeeDetailsForm(_AccountForm):
    changed_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ChangePayeeDetails:
        return ChangePayeeDetails(**loaded)


class AgreePayeeForm(Schema):
    agreement_id = fields.UUID(required=True)
    payee_id = fields.UUID(required=True)
    funder = fields.Enum(Funder, by_value=True, required=True)
    agreed_by = fields.UUID(required=True)
    reason = words_field(longest=LONGEST_REASON)
    from_on = fields.Date(required=True)
    until_on = fields.Date(load_default=None, allow_none=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AgreePayee:
        return AgreePayee(**loaded)


class LinkPayeeForm(Schema):
    item_id = fields.UUID(required=True)
    payee_id = fields.UUID(required=True)
    linked_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> LinkPayee:
        return LinkPayee(**loaded)


class ConfirmLinkForm(Schema):
    item_id = fields.UUID(required=True)
    payee_id = fields.UUID(required=True)
    confirmed_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ConfirmLink:
        return ConfirmLink(**loaded)


class ConfirmPayeeForm(Schema):
    payee_id = fields.UUID(required=True)
    details_version = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    confirmed_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ConfirmPayee:
        return ConfirmPayee(**loaded)


class PayeesForm(Schema):
    person_id = fields.UUID(load_default=None, allow_none=True)

    @post_load
    def _as_id(self, loaded: dict[str, Any], **_kwargs: Any) -> UUID | None:
        return loaded["person_id"]
