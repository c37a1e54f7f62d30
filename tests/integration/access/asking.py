"""Requests as the gateway sends them: what its forms and those of the services take, no more.

What a form takes is found by trying: of a few values of each kind, the first that it accepts.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from marshmallow import Schema, ValidationError, fields

from services.gateway.api import SUBJECTS
from services.gateway.routes import Route
from services.gateway.visitors import Visitor
from tests.integration.access.told import OF_THEM, TOLD, TOLD_BY_ROLE, VARIANTS
from tests.unit.gateway.forms import form_of, given, taken

WORDS = (
    "a word",
    "2026-12",
    "123456",
    "12345678",
    "0" * 64,
    "07700900123",
    "9995247127",
    "somebody@example.org",
    "E06000001",
    "a-word",
)
# The first kind that a field is of, with what may do.
VALUES: Mapping[type[fields.Field], tuple[Any, ...]] = {
    fields.UUID: ("0d7f2c5e-7a55-4b7e-9b39-6a1f0c1e2d3b",),  # of nothing
    fields.Boolean: (False,),
    fields.Integer: (1, 100, 2026, 0),
    fields.AwareDateTime: ("2026-12-20T10:00:00+00:00",),
    fields.Date: ("2026-12-20", "2026-12"),
    fields.Dict: ({},),
    fields.Field: WORDS,
}


class CannotBeAskedError(Exception):
    """There is nothing among our values that a field takes."""


@cache
def routes() -> Mapping[str, Route]:
    """Return by operation the route behind which it stands; of several the last."""
    found: dict[str, Route] = {}
    for subject in SUBJECTS:
        for route in subject.routes:
            for operation in route.operations:
                found[operation] = route
    return found


def requests_of(
    operation: str, ids: Mapping[str, str], *, visitor: Visitor
) -> list[dict[str, Any]]:
    """Return a request that names these records, each in the field that is for it.

    There are several where the operation is about one of several things.

    Args:
        operation: ``payments.purchase``.
        ids: by the names of fields; what is new gets an id of its own, whatever they say.
        visitor: who asks, and in whose voice.
    """
    route, form = routes()[operation], form_of(operation)
    said = {
        **TOLD.get(operation, {}),
        **TOLD_BY_ROLE.get((operation, visitor.roles[0]), {}),
        **_added(route, visitor),
    }
    always = {name for name, field in taken(form).items() if field.required} | set(given(route))
    return [
        {
            name: told[name] if name in told else ids.get(name) or accepted(field)
            for name, field in taken(form).items()
            if name in told or name in ids or name in always
        }
        for variant in VARIANTS.get(operation, ({},))
        for told in [{**said, **_of_them(variant, ids)}]
    ]


def _of_them(told: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """Return what is told with the ids of somebody's records in it."""
    return {
        name: _of_them(one, ids)
        if isinstance(one, Mapping)
        else ids[name]
        if one == OF_THEM
        else one
        for name, one in told.items()
    }


def _added(route: Route, visitor: Visitor) -> dict[str, Any]:
    """Return what the door adds."""
    voiced = {name: next(iter(voice.of(visitor))) for name, voice in route.voices.items()}
    filled = {name: visitor.told(what) for name, what in route.fills.items()}
    new = {route.new: str(uuid4())} if route.new else {}
    return {**voiced, **filled, **new}


def accepted(field: fields.Field) -> Any:
    """Return something that a field takes.

    Raises:
        CannotBeAskedError: nothing that we have.
    """
    for value in _candidates(field):
        try:
            field.deserialize(value)
        except ValidationError:
            continue
        return value
    raise CannotBeAskedError(field.name)


def _candidates(field: fields.Field) -> Iterator[Any]:
    if field.allow_none:
        yield None
    if isinstance(field, fields.Nested):
        one = _part(field.schema)
        yield [one] if field.many else one
    elif isinstance(field, fields.List):
        yield from ([accepted(field.inner) for _ in range(long)] for long in (1, 0, 2))
    elif isinstance(field, fields.Enum):
        yield from (member.value for member in field.enum)
    else:
        yield from (
            _plain(one) for rule in field.validators for one in getattr(rule, "choices", ())
        )
        yield from next(values for kind, values in VALUES.items() if isinstance(field, kind))


def _part(form: Schema) -> dict[str, Any]:
    return {name: accepted(field) for name, field in taken(form).items() if field.required}


def _plain(choice: Any) -> Any:
    return getattr(choice, "value", choice)
