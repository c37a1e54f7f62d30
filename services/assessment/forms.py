"""The form of every request to this service: strict, and its words as they were written."""

from collections.abc import Iterable
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validate

from shared.reckoning import refuse_unknown_zone, refuse_unreckonable

LONGEST_WORDS = 4_000  # characters
LONGEST_NAME = 200


class Form(Schema):
    """A request or a part of one: an unknown field is refused, the rest is made a dataclass."""

    command_class: ClassVar[type]

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Take no day and no instant that nobody can reckon with, whichever form asks for it."""
        if isinstance(field_obj, fields.Date | fields.DateTime):
            field_obj.validators = [*field_obj.validators, refuse_unreckonable]
        if isinstance(field_obj, fields.DateTime):
            field_obj.validators = [*field_obj.validators, refuse_unknown_zone]

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return self.command_class(**loaded)


def refuse_unwritable(written: str) -> None:
    """Refuse what no database can store; any script, apostrophe or emoji is welcome."""
    try:
        written.encode()
    except UnicodeEncodeError:
        raise ValidationError("It holds half a character.") from None
    if "\0" in written:
        raise ValidationError("It holds a NUL character.")


def refuse_blank(written: str) -> None:
    if not written.strip():
        raise ValidationError("It must not be blank.")


def words(*, at_most: int = LONGEST_WORDS) -> fields.String:
    """Words that must be there."""
    return fields.String(
        required=True, validate=[refuse_unwritable, refuse_blank, validate.Length(max=at_most)]
    )


def words_or_none(*, at_most: int = LONGEST_WORDS) -> fields.String:
    """Words, or null; the field itself must be there."""
    return fields.String(
        required=True,
        allow_none=True,
        validate=[refuse_unwritable, refuse_blank, validate.Length(max=at_most)],
    )


def name() -> fields.String:
    return words(at_most=LONGEST_NAME)


def email() -> fields.Email:
    """Return a field for an e-mail address or none, which may be left out."""
    return fields.Email(
        load_default=None, allow_none=True, validate=validate.Length(max=LONGEST_NAME)
    )


def one_of(choices: Iterable[str]) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(tuple(choices)))


def whole(*, at_least: int, at_most: int) -> fields.Integer:
    """Return a field for a whole number; its limits keep it within what a column holds."""
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(min=at_least, max=at_most)
    )


def yes_or_no(*, data_key: str | None = None) -> fields.Boolean:
    """Return a field for true or false and no word that might mean one of them."""
    return fields.Boolean(required=True, truthy={True}, falsy={False}, data_key=data_key)


def yes_or_no_or_none() -> fields.Boolean:
    """Return a field for true, false or null; the field itself must be there."""
    return fields.Boolean(required=True, truthy={True}, falsy={False}, allow_none=True)
