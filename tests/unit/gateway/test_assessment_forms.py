"""What a route sends is what the operation behind it takes: both sides are imported here."""

import re
from collections.abc import Iterator

import pytest
from marshmallow import Schema, fields

from services.gateway import policy
from services.gateway.api import SUBJECTS
from services.gateway.routes import Route, read
from services.gateway.visitors import Visitor
from services.gateway.voices import THEIR_FUNDER, THEIR_ORGANISATION, Voice
from tests.architecture.house import ROOT
from tests.unit.gateway import forms

ROUTES = [
    route
    for subject in SUBJECTS
    for route in subject.routes
    if route.operation.startswith("assessment.")
]
EVERY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.operation)


def wrong(route: Route) -> list[str]:
    said = {name: one for name, one in route.takes().fields.items() if name not in route.voices}
    body = Schema.from_dict(dict(said))
    return list(forms.differences(body(), forms.form_of(route.operation), forms.given(route)))


@EVERY_ROUTE
def test_a_route_sends_what_its_operation_takes(route):
    assert wrong(route) == []


class _Goal(Schema):
    goal_id = fields.UUID(required=True)
    words = fields.String(required=True)


class _Plan(Schema):
    plan_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    note = fields.String(required=True, allow_none=True)
    goals = fields.List(fields.Nested(_Goal), required=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": None}, "version is never given"),
        ({"version": fields.Integer()}, "version may be left out"),
        ({"version": fields.String(required=True)}, "version is text, not whole number"),
        ({"version": fields.Integer(load_default=None, allow_none=True)}, "version may be null"),
        ({"colour": fields.String()}, "colour is not known"),
        (
            {"goals": fields.List(fields.Nested(Schema.from_dict({})), required=True)},
            "goals each . goal_id is never given",
        ),
    ],
)
def test_what_differs_is_found(change, said):
    right = {
        "version": fields.Integer(required=True),
        "note": fields.String(load_default=None, allow_none=True),
        "goals": fields.List(fields.Nested(_Goal), required=True),
    }
    ours = Schema.from_dict({name: one for name, one in (right | change).items() if one})

    assert said in list(forms.differences(ours(), _Plan(), {"plan_id": "id"}))


def voices() -> Iterator[tuple[Route, str, Voice]]:
    for route in ROUTES:
        for name, voice in route.voices.items():
            yield route, name, voice


@pytest.mark.parametrize(("route", "name", "voice"), list(voices()), ids=str)
def test_who_may_do_a_thing_has_a_voice_in_it_and_says_what_is_understood(route, name, voice):
    known = forms.choices(forms.taken(forms.form_of(route.operation))[name])
    may = policy.load().rules[route.operation]

    assert set(voice.roles) >= set(may)
    for role in may:
        said = voice.of(a_visitor(role))
        assert said
        assert known is None or set(said) <= known


def a_visitor(role: str, organisation: str = "nhs-trust") -> Visitor:
    return Visitor(
        client="a client",
        actor_id="4be0643f-1d98-573b-97cd-ca98a65347dd",
        roles=(role,),
        organisation=organisation,
        purpose="direct_care",
    )


def test_nobody_speaks_for_a_funder_for_whom_they_do_not_work():
    voice = Voice({"practitioner": (THEIR_FUNDER,), "broker": (THEIR_ORGANISATION, None)})

    assert voice.of(a_visitor("practitioner", "council")) == ("council",)
    assert voice.of(a_visitor("practitioner", "nhs-trust")) == ("nhs",)
    assert voice.of(a_visitor("practitioner", "voluntary-broker")) == ()
    assert voice.of(a_visitor("broker", "voluntary-broker")) == ("voluntary-broker", None)
    assert voice.of(a_visitor("auditor", "council")) == ()


@EVERY_ROUTE
def test_what_says_who_acts_is_never_taken_from_a_body(route):
    """Whoever the service holds to be the one who acts is filled in; see ``access.Named``."""
    service, _, name = route.operation.partition(".")
    access = forms.service_class(service).access
    named = {
        field
        for field in forms.taken(forms.form_of(route.operation))
        if f"{name}.{field}" in access.names_actor or field in access.names_actor
    }

    assert named <= {*route.fills, *route.voices}


def test_each_voice_stands_in_the_page_about_voices():
    page = (ROOT / "docs" / "architecture" / "voices.md").read_text(encoding="utf-8")
    written = set(re.findall(r"`(\w+\.\w+)`", page))
    spoken = {f"{route.operation.partition('.')[2]}.{name}" for route, name, _ in voices()}

    assert spoken == {one for one in written if not one.endswith(".py")}


def test_who_has_two_roles_is_shown_what_both_are():
    route = read("/x", "assessment.case", Schema, "x", hides={"broker": ("a",), "advocate": ("b",)})

    assert route.hidden_from(("broker", "care_coordinator")) == {"a"}
    assert route.hidden_from(("broker", "advocate")) == {"a", "b"}
    assert route.hidden_from(("care_coordinator",)) == set()
