"""Fields of the forms of partners' messages: released forms change by a new version alone."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.reckoning import refuse_unknown_zone, refuse_unreckonable

LONGEST_WORDS = 4_000  # characters
LONGEST_NAME = 200


class Form(Schema):
    """A message's data, or a part of it. An unknown field is refused: it may be meant."""

    class Meta:
        unknown = RAISE


def refuse_unwritable(written: str) -> None:
    """Refuse what no database can store; any script is welcome."""
    try:
        written.encode()
    except UnicodeEncodeError:
        raise ValidationError("It holds half a character.") from None
    if "\0" in written:
        raise ValidationError("It holds a NUL character.")


def refuse_blank(written: str) -> None:
    if not written.strip():
        raise ValidationError("It must not be blank.")


def words(*, at_most: int = LONGEST_WORDS, may_be_missing: bool = False) -> fields.String:
    """Words; where they may be missing, null says so or the field is left out."""
    return fields.String(
        required=not may_be_missing,
        allow_none=may_be_missing,
        validate=[refuse_unwritable, refuse_blank, validate.Length(max=at_most)],
    )


def name(*, may_be_missing: bool = False) -> fields.String:
    return words(at_most=LONGEST_NAME, may_be_missing=may_be_missing)


def choice(*choices: str, may_be_missing: bool = False) -> fields.String:
    return fields.String(
        required=not may_be_missing,
        allow_none=may_be_missing,
        validate=validate.OneOf(choices),
    )


def whole(*, at_least: int, at_most: int) -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=at_least, max=at_most)
    )


def pence() -> fields.Integer:
    """Whole pence; at most what a column and any budget hold."""
    return whole(at_least=1, at_most=100_000_000_00)


def yes_or_no(*, may_be_missing: bool = False) -> fields.Boolean:
    return fields.Boolean(
        required=not may_be_missing, allow_none=may_be_missing, truthy={True}, falsy={False}
    )


def id_of() -> fields.UUID:
    return fields.UUID(required=True)


def day(*, may_be_missing: bool = False) -> fields.Date:
    return fields.Date(
        required=not may_be_missing, allow_none=may_be_missing, validate=refuse_unreckonable
    )


def moment() -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, validate=[refuse_unreckonable, refuse_unknown_zone])


def limit() -> fields.AwareDateTime:
    """Return a field for from when, or until when, something is asked for: however long ago."""
    return fields.AwareDateTime(allow_none=True, validate=refuse_unknown_zone)


def several(one: Any, *, least: int = 0, most: int) -> "fields.List[Any]":
    return fields.List(one, required=True, validate=validate.Length(min=least, max=most))


def part(form: type[Schema], *, may_be_missing: bool = False) -> fields.Nested:
    return fields.Nested(form, required=not may_be_missing, allow_none=may_be_missing)
