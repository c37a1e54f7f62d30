"""Fields of forms: what somebody says, how much of it, and out of which choices."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate

from services.gateway import strict

LONGEST_NOTE = 4_000  # characters
LONGEST_NAME = 200


def note(*, longest: int = LONGEST_NOTE, **more: Any) -> fields.String:
    """Return a field for words that must be there."""
    return fields.String(required=True, validate=validate.Length(min=1, max=longest), **more)


def note_or_none(*, longest: int = LONGEST_NOTE, **more: Any) -> fields.String:
    """Return a field for words that may be left out."""
    length = validate.Length(min=1, max=longest)
    return fields.String(load_default=None, allow_none=True, validate=length, **more)


def name(**more: Any) -> fields.String:
    return note(longest=LONGEST_NAME, **more)


def name_or_none(**more: Any) -> fields.String:
    return note_or_none(longest=LONGEST_NAME, **more)


def choice(*choices: str, **more: Any) -> fields.String:
    """Return a field for one of some words."""
    return fields.String(**{"required": True, "validate": validate.OneOf(choices), **more})


def said_as(*choices: str, allow_none: bool = False, what: str = "as what it is said") -> Any:
    """Return a field that may be left out: what is said then, and what may be, the role decides."""
    return fields.String(
        validate=validate.OneOf(choices) if choices else None,
        allow_none=allow_none,
        metadata={"description": f"{what}; left out: as what you have come"},
    )


def yes_or_no(**more: Any) -> strict.Flag:
    """Return a field for true or false, and no word that might mean one of them."""
    return strict.Flag(**{"required": True, **more})


def whole(*, at_least: int, at_most: int, **more: Any) -> fields.Integer:
    """Return a field for a whole number."""
    within = validate.Range(min=at_least, max=at_most)
    return fields.Integer(**{"strict": True, "required": True, "validate": within, **more})


def day(**more: Any) -> strict.Day:
    return strict.Day(**{"required": True, **more})


def day_or_none(**more: Any) -> strict.Day:
    return strict.Day(load_default=None, allow_none=True, **more)


def id_of(**more: Any) -> fields.UUID:
    return fields.UUID(**{"required": True, **more})


def id_or_none(**more: Any) -> fields.UUID:
    return fields.UUID(load_default=None, allow_none=True, **more)


def several(one: Any, *, least: int = 0, most: int, **more: Any) -> "fields.List[Any]":
    """Return a field for a list that must be there."""
    length = validate.Length(min=least, max=most)
    return fields.List(one, **{"required": True, "validate": length, **more})


def part(form: type[Schema], **more: Any) -> fields.Nested:
    """Return a field for a part with a form of its own."""
    return fields.Nested(form, **{"required": True, **more})


def part_or_none(form: type[Schema], **more: Any) -> fields.Nested:
    return fields.Nested(form, load_default=None, allow_none=True, **more)


def answer(name: str, texts: Iterable[str] = (), **more: Any) -> type[Schema]:
    """Return the form of a short answer: texts, and whatever else is named."""
    return Schema.from_dict({**{text: fields.String() for text in texts}, **more}, name=name)
