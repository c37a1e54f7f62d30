"""At the door: who has no role for something is sent away before any service hears of it."""

import tomllib
from uuid import uuid4

import pytest
from flask import g

from services.gateway import policy
from services.gateway.api import SUBJECTS
from services.gateway.app import app_on
from services.gateway.door import Door
from services.gateway.problems import ProblemError
from services.gateway.stories import Stories
from services.gateway.visitors import Visitor

POLICY = policy.load()
ROLES = tomllib.loads(policy.FILE.read_text(encoding="utf-8"))["roles"]
HEADERS = {"Idempotency-Key": "a-key-of-ours", "If-Match": '"1"'}
ROUTES = [route for subject in SUBJECTS for route in subject.routes]


class Heard(Exception):  # noqa: N818 - no error: it ends what was begun
    """A service was asked, as somebody."""

    def __init__(self, operation, actor):
        super().__init__(operation)
        self.actor = actor


class Listening:
    """Callers that tell whom a service would have heard."""

    def ask(self, operation, _request, *, actor):
        raise Heard(operation, actor)

    def tell(self, operation, _request, *, actor, command_id, story_id):
        assert command_id
        raise Heard(operation, actor)


@pytest.fixture(scope="module")
def visit():
    """Go through the door as somebody in one role, and return whom a service hears."""
    callers = Listening()
    door, app = Door(callers, POLICY, stories=Stories()), app_on(callers, who_asks=lambda: None)

    def go(route, role):
        with app.test_request_context(headers=HEADERS):
            g.visitor = Visitor(
                client="a-client",
                actor_id=str(uuid4()),
                roles=(role,),
                organisation="council",
                purpose="tests",
            )
            g.request_id = "r-1"
            try:
                (door.do if route.is_command else door.read)(route, {}, {})
            except Heard as heard:
                return heard.actor
        raise AssertionError(route)

    return go


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_role_without_a_rule_reaches_no_service(visit, route):
    for role in set(ROLES) - set(POLICY.rules[route.operations[0]]):
        with pytest.raises(ProblemError) as refused:
            visit(route, role)
        assert (refused.value.status, refused.value.code) == (403, "not_allowed")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_service_hears_the_relations_that_suffice_and_no_others(visit, route):
    for role, enough in POLICY.rules[route.operations[0]].items():
        heard = visit(route, role)
        assert (heard.roles, heard.relations) == ((role,), enough)
