"""The forms of what is asked about exclusions."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.payments.exclusions.commands import (
    ApproveExclusion,
    ProposeExclusion,
    TryExclusion,
)
from services.payments.exclusions.rules import Kind, Strength
from services.payments.words import see_that_it_holds_no_card_number, words_field

LONGEST_CATEGORY = 100
LONGEST_REASON = 2_000
MOST_DAYS = 366


class ProposeExclusionForm(Schema):
    exclusion_id = fields.UUID(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    strength = fields.Enum(Strength, by_value=True, required=True)
    funder = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(["nhs", "council"])
    )
    merchant_category_code = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp("^[0-9]{4}\\Z")
    )
    item_category = fields.String(
        load_default=None,
        allow_none=True,
        validate=[
            validate.Regexp(f"^[a-z0-9_]{{1,{LONGEST_CATEGORY}}}\\Z"),
            see_that_it_holds_no_card_number,
        ],
    )
    item_id = fields.UUID(load_default=None, allow_none=True)
    lifts = fields.UUID(load_default=None, allow_none=True)
    applies_from = fields.Date(required=True)
    applies_until = fields.Date(load_default=None, allow_none=True)
    set_by = fields.UUID(required=True)
    source = words_field(longest=LONGEST_REASON)
    why = words_field(longest=LONGEST_REASON)

    @validates_schema
    def _says_what(self, form: dict[str, Any], **_kwargs: Any) -> None:
        names = form.get("merchant_category_code") or form.get("item_category")
        if bool(names) == bool(form.get("lifts")):
            raise ValidationError(
                "Name a kind of shop, a category of items or both; or what this lifts.", "lifts"
            )
        if form.get("kind") is Kind.FUNDER and form.get("funder") is None:
            raise ValidationError("Name the funder whose rule this is.", "funder")
        until = form.get("applies_until")
        if until is not None and form.get("applies_from") and until < form["applies_from"]:
            raise ValidationError("It ends before it begins.", "applies_until")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ProposeExclusion:
        return ProposeExclusion(**loaded)


class TryExclusionForm(Schema):
    trial_id = fields.UUID(required=True)
    exclusion_id = fields.UUID(required=True)
    days = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=MOST_DAYS))
    tried_by = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> TryExclusion:
        return TryExclusion(**loaded)


class ApproveExclusionForm(Schema):
    exclusion_id = fields.UUID(required=True)
    approved_by = fields.UUID(required=True)
    trial_id = fields.UUID(required=True)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ApproveExclusion:
        return ApproveExclusion(**loaded)


class ExclusionsForm(Schema):
    """Nothing is asked but what there is."""
