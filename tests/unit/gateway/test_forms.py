"""What the gateway lets in is what the service behind it takes: no more, no less, no other type."""

import re
import tomllib
from pathlib import Path

import pytest
from marshmallow import fields, missing, validate

from services.gateway import policy
from services.gateway.api import SUBJECTS
from services.gateway.door import PAGE
from tests.unit.gateway.operations import forms

FORMS = forms()
ELSEWHERE = "assessment."  # its forms have a test of their own
ROUTES = [
    route
    for subject in SUBJECTS
    for route in subject.routes
    if not route.operation.startswith(ELSEWHERE)
]
IN_ADDRESS = re.compile(r"<(?P<type>\w+):(?P<name>\w+)>")
NOT_OFFERED = tomllib.loads(
    Path(policy.FILE).with_name("not_offered.toml").read_text(encoding="utf-8")
)
FIELDS_NOT_OFFERED = {
    (entry["operation"], entry["field"]) for entry in NOT_OFFERED["field_not_offered"]
}
EACH = [
    pytest.param(route, operation, id=f"{route.method} {route.path} {operation}")
    for route in ROUTES
    for operation in route.operations
]
UNCHECKED_TYPES = (fields.Dict, fields.Raw)


def told(route):
    """Return the fields that a caller sends in a body, or behind the question mark."""
    return {name: one for name, one in route.takes().fields.items() if name not in PAGE}


def given(route):
    """Return the names of what the door adds: from the address, the key, a header, the visitor."""
    in_address = {found["name"] for found in IN_ADDRESS.finditer(route.path)}
    added = {one for one in (route.new, route.if_match) if one is not None}
    return in_address | added | set(route.fills)


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_a_service_knows_every_field_that_is_sent_to_it(route, operation):
    assert given(route) | set(told(route)) <= set(FORMS[operation].fields)


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_nobody_sends_what_the_door_fills_in(route, operation):
    assert not given(route) & set(told(route))


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_a_service_gets_every_field_that_it_must_have(route, operation):
    must = {name for name, one in FORMS[operation].fields.items() if one.required}
    always = {
        name for name, one in told(route).items() if one.required or one.load_default is not missing
    }

    assert must <= given(route) | always


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_what_may_be_sent_to_a_service_is_offered_or_left_out_for_a_reason(route, operation):
    left_out = set(FORMS[operation].fields) - given(route) - set(told(route))

    without_reason = {
        name
        for name in left_out
        if not {(operation, name), (operation.partition(".")[2], name)} & FIELDS_NOT_OFFERED
    }
    assert not without_reason


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_what_is_sent_is_of_the_type_that_the_service_takes(route, operation):
    taken = FORMS[operation].fields
    for name, one in told(route).items():
        assert kind(one) == kind(taken[name], like=one), name
    for found in IN_ADDRESS.finditer(route.path):
        assert (found["type"] == "uuid") == isinstance(taken[found["name"]], fields.UUID)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_whatever_names_who_acts_is_filled_in_and_never_taken_from_a_caller(route):
    names = {
        name
        for name, one in told(route).items()
        if name.endswith("_by") and isinstance(one, fields.UUID)
    }

    assert not names


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_location_is_made_of_what_is_known(route):
    wanted = set(re.findall(r"{(\w+)}", route.location or ""))

    assert wanted <= given(route) | {n for n, one in told(route).items() if one.required}


def kind(one, *, like=None):
    """Return what a field holds, in words that are the same on both sides.

    A service's word that has no list of its own is compared by the words that the gateway's has.
    """
    if isinstance(one, UNCHECKED_TYPES):
        return "anything"
    if isinstance(one, fields.Nested):
        inner = like.schema.fields if isinstance(like, fields.Nested) else {}
        return {name: kind(part, like=inner.get(name)) for name, part in one.schema.fields.items()}
    if isinstance(one, fields.List):
        return [kind(one.inner, like=getattr(like, "inner", None))]
    only = words_of(one) or ({} if like is None else words_of(like))
    return sorted(only) if only else plain_kind(one)


def plain_kind(one):
    if isinstance(one, fields.Date) and one.format is not None:
        return "String"  # a month, say: the gateway hands it on as it is written
    for name in ("UUID", "Date", "AwareDateTime", "Boolean", "Integer", "String"):
        if isinstance(one, getattr(fields, name)):
            return name
    raise AssertionError(type(one))


def words_of(one):
    """Return the only words that a field may hold; none: there is no list of them."""
    lists = [each for each in one.validators if isinstance(each, validate.OneOf)]
    if lists:
        return {getattr(word, "value", word) for word in lists[0].choices}
    return {member.value for member in one.enum} if isinstance(one, fields.Enum) else None
