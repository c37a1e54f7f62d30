"""Fields that take what they say, and every form of a body made of such."""

from datetime import UTC, date, datetime

import pytest
from marshmallow import Schema, ValidationError, fields

from services.gateway.api import SUBJECTS
from services.gateway.strict import Day, Flag, Instant


class Form(Schema):
    flag = Flag()
    day = Day()
    instant = Instant()


def load(**told):
    (value,) = Form().load(told).values()
    return value


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ({"flag": True}, True),
        ({"flag": False}, False),
        ({"day": "1880-01-01"}, date(1880, 1, 1)),
        ({"day": "2199-12-31"}, date(2199, 12, 31)),
        ({"instant": "2026-11-24T10:00:00Z"}, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ({"instant": "2026-11-25T02:29:00+16:29"}, datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ({"instant": "2026-11-23T10:01:00-23:59"}, datetime(2026, 11, 24, 10, tzinfo=UTC)),
    ],
)
def test_what_is_meant_is_taken(told, value):
    assert load(**told) == value


def test_an_instant_is_passed_on_in_a_zone_that_everybody_knows():
    assert load(instant="2026-11-25T02:29:00+16:29").isoformat() == "2026-11-24T10:00:00+00:00"


@pytest.mark.parametrize(
    "told",
    [
        *({"flag": one} for one in ("true", "yes", "", 0, 1, 1.0, None, [], {})),
        *({"day": one} for one in ("0001-01-01", "1879-12-31", "2200-01-01", "9999-12-31", 7, "")),
        *({"instant": one} for one in ("0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00")),
        {"instant": "2026-11-24T10:00:00"},
        {"instant": "2026-11-24T10:00:00+24:00"},
        {"instant": 0},
    ],
    ids=str,
)
def test_what_is_only_like_it_is_not(told):
    with pytest.raises(ValidationError) as error:
        load(**told)

    assert set(error.value.messages) == set(told)


def test_every_body_is_made_of_such_fields():
    lenient = {
        f"{route.operation}: {path}"
        for subject in SUBJECTS
        for route in subject.routes
        for path, one in fields_of(route.takes())
        if is_lenient(one, in_body=route.method != "GET")
    }

    assert lenient == set()


def fields_of(form, prefix=""):
    for name, one in form.fields.items():
        inner = one.inner if isinstance(one, fields.List) else one
        yield prefix + name, inner
        if isinstance(inner, fields.Nested):
            yield from fields_of(inner.schema, f"{prefix}{name}.")


def is_lenient(one, *, in_body):
    if isinstance(one, fields.Boolean):
        return in_body and not isinstance(one, Flag)
    if isinstance(one, fields.Integer):
        return in_body and not one.strict
    if isinstance(one, fields.Date):
        return not isinstance(one, Day)
    return isinstance(one, fields.DateTime) and not isinstance(one, Instant)
