"""Fields that take a value only in the form in which JSON writes it; nothing is converted."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

LONGEST_TEXT = 2000  # characters
LARGEST_AMOUNT_PENCE = 1_000_000_00
Checks = list[Callable[[Any], Any]]
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps neither


class WholeNumber(fields.Integer):
    """A whole number: not 5.0, not "5" and not true."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any
    ) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        return value


class Truth(fields.Boolean):
    """True or false: not 1, and not "yes"."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


def number(*, least: int = 0, most: int) -> fields.Field[Any]:
    return WholeNumber(required=True, validate=validate.Range(min=least, max=most))


def truth() -> fields.Field[Any]:
    return Truth(required=True)


def text(
    *, least: int = 1, most: int = LONGEST_TEXT, is_optional: bool = False
) -> fields.Field[Any]:
    """Take text in any script, with apostrophes, emoji or what looks like a program in it."""
    checks: Checks = [validate.Length(min=least, max=most), _check_storable]
    if least > 0:
        checks.append(_check_not_blank)
    return fields.String(required=True, allow_none=is_optional, validate=checks)


def matching(
    pattern: str, *, said: str, is_optional: bool = False, most: int = 100
) -> fields.Field[Any]:
    """Take text of one form; ``said`` tells which, and never repeats what was there."""
    checks: Checks = [validate.Length(max=most), validate.Regexp(rf"(?:{pattern})\Z", error=said)]
    return fields.String(required=True, allow_none=is_optional, validate=checks)


def one_of(*choices: str) -> fields.Field[Any]:
    return fields.String(required=True, validate=validate.OneOf(choices))


def day() -> fields.Field[Any]:
    """Take a date as ``2026-05-04``."""
    return fields.String(required=True, validate=_check_day)


def email(*, is_optional: bool) -> fields.Field[Any]:
    return fields.Email(required=True, allow_none=is_optional, validate=validate.Length(max=200))


def part(schema: Any, *, is_optional: bool = False) -> fields.Field[Any]:
    return fields.Nested(schema, required=True, allow_none=is_optional)


def parts(schema: Any, *, least: int = 1, most: int = 100) -> fields.Field[Any]:
    size = validate.Length(min=least, max=most)
    return fields.List(fields.Nested(schema), required=True, validate=size)


def no_repeats(values: Sequence[str], *, at: str) -> None:
    """Refuse a list in which one value stands twice."""
    if len(set(values)) < len(values):
        raise ValidationError("The same one stands there twice.", at)


def _check_storable(value: str) -> None:
    if NOT_STORABLE.search(value):
        raise ValidationError("Holds a character that is no text.")


def _check_not_blank(value: str) -> None:
    if value and not value.strip():
        raise ValidationError("Must not be blank.")


def _check_day(value: str) -> None:
    try:
        is_day = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    if not is_day:
        raise ValidationError("Not a valid date (2026-05-04).")
