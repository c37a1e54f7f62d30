"""Forms that every subject uses."""

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from services.gateway.pages import DEFAULT, MOST

LARGEST_PENCE = 100_000_000  # of one person's money
LARGEST_IN_ALL = 1_000_000_000_000  # of what funders owe and pay
LONGEST_REASON = 500


class Form(Schema):
    """What goes in: a field that is not known is an error."""

    class Meta:
        unknown = RAISE


class ReasonForm(Form):
    """Why it is done."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))


class ProblemSchema(Schema):
    """What went wrong, after RFC 9457."""

    type = fields.String(
        required=True, metadata={"description": "about:blank: the code says which"}
    )
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "for a person to read"})
    code = fields.String(required=True, metadata={"description": "for a program"})
    next_step = fields.String(required=True, metadata={"description": "what to do now"})
    details = fields.Dict(
        required=True, metadata={"description": "figures, opaque ids and names of fields"}
    )
    request_id = fields.String(required=True)
    error = fields.String(
        metadata={"description": "of POST /v1/token alone: the code as RFC 6749 names it"}
    )


class PageForm(Form):
    """Which page of a list."""

    cursor = fields.String(metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=DEFAULT, validate=validate.Range(min=1, max=MOST))

    @classmethod
    @cache
    def of(cls, form: type[Schema]) -> type[Schema]:
        """Return a form with the page beside its own fields."""
        return type(f"Page{form.__name__}", (cls, form), {})


class ListSchema(Schema):
    """One page of a list."""

    next_cursor = fields.String(
        allow_none=True, metadata={"description": "of the next page; null: this is the last"}
    )

    @classmethod
    @cache
    def of(cls, item: type[Schema]) -> type[Schema]:
        """Return the form of a page of such items."""
        items = {"items": fields.List(fields.Nested(item))}
        return type(f"{item.__name__.removesuffix('Schema')}ListSchema", (cls,), items)


class MergedListSchema(ListSchema):
    """One page of a list that several services fill."""

    not_answered = fields.List(
        fields.String(),
        metadata={"description": "services that are away: what they know is missing here"},
    )


def pence(*, at_least: int = 1, at_most: int = LARGEST_PENCE, **more: Any) -> fields.Integer:
    """Return a field for an amount in whole pence."""
    return fields.Integer(strict=True, validate=validate.Range(min=at_least, max=at_most), **more)


def number(*, least: int, most: int, **more: Any) -> fields.Integer:
    """Return a field for a whole number in a body."""
    return fields.Integer(strict=True, validate=validate.Range(min=least, max=most), **more)


def one_of(*words: str, **more: Any) -> fields.String:
    """Return a field for one of these words."""
    return fields.String(validate=validate.OneOf(words), **more)


def like(pattern: str, **more: Any) -> fields.String:
    """Return a field for a word that looks like this."""
    return fields.String(validate=validate.Regexp(pattern), **more)


def an_instant(**more: Any) -> fields.String:
    """Return a field of an answer for an instant, as the services write it."""
    return fields.String(metadata={"format": "date-time"}, **more)


def a_day(**more: Any) -> fields.String:
    """Return a field of an answer for a day, as the services write it."""
    return fields.String(metadata={"format": "date"}, **more)


def words(*, longest: int, least: int = 1, **more: Any) -> fields.String:
    """Return a field for what somebody wrote."""
    return fields.String(validate=validate.Length(min=least, max=longest), **more)
