"""Forms that every subject uses."""

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from services.gateway.pages import DEFAULT, MOST

LARGEST_PENCE = 100_000_000


class Form(Schema):
    """What goes in: a field that is not known is an error."""

    class Meta:
        unknown = RAISE


class ProblemSchema(Schema):
    """What went wrong, after RFC 9457."""

    type = fields.String(metadata={"description": "about:blank: the code says which"})
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "for a person to read"})
    code = fields.String(metadata={"description": "for a program"})
    next_step = fields.String(metadata={"description": "what to do now"})
    details = fields.Dict(metadata={"description": "figures, opaque ids and names of fields"})
    request_id = fields.String()


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


def pence(**more: Any) -> fields.Integer:
    """Return a field for an amount in whole pence."""
    at_least = more.pop("at_least", 1)
    return fields.Integer(
        strict=True, validate=validate.Range(min=at_least, max=LARGEST_PENCE), **more
    )


def words(*, longest: int, least: int = 1, **more: Any) -> fields.String:
    """Return a field for what somebody wrote."""
    return fields.String(validate=validate.Length(min=least, max=longest), **more)
