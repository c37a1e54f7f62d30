"""Every operation of the services is offered, or is left out for a reason that stands in a file."""

import tomllib
from collections import Counter

from services.gateway import policy
from services.gateway.api import SUBJECTS
from tests.unit.gateway.operations import forms

OFFERED = {
    operation for subject in SUBJECTS for route in subject.routes for operation in route.operations
}
LEFT_OUT = tomllib.loads(policy.FILE.with_name("not_offered.toml").read_text(encoding="utf-8"))
# Assessment's routes are a piece of work of their own.
ELSEWHERE = "assessment."


def test_every_operation_is_offered_or_left_out_for_a_reason():
    left_out = [one for entry in LEFT_OUT["not_offered"] for one in entry["operations"]]
    all_there_are = {name for name in forms() if not name.startswith(ELSEWHERE)}
    offered = {name for name in OFFERED if not name.startswith(ELSEWHERE)}

    assert all(entry["why"] for entry in LEFT_OUT["not_offered"])
    assert offered.isdisjoint(left_out)
    assert all_there_are == offered | set(left_out)


def test_every_route_is_in_the_policy_and_nothing_else_is():
    policy.load().check(OFFERED)


def test_no_two_routes_have_one_address_or_one_name():
    routes = [route for subject in SUBJECTS for route in subject.routes]

    for twice in (
        Counter((route.method, route.path) for route in routes),
        Counter(route.operation for route in routes),
    ):
        assert [one for one, count in twice.items() if count > 1] == []


def test_whoever_writes_for_everybody_is_nobody():
    """A relation of ``everybody`` skips the check of names: it is for reading alone."""
    commands = {
        route.operation
        for subject in SUBJECTS
        for route in subject.routes
        if route.is_command and not route.operation.startswith(ELSEWHERE)
    }
    rules = policy.load().rules

    assert [name for name in commands if "everybody" in str(rules[name])] == []


def test_an_emergency_lets_nobody_write_and_one_command_needs_no_relation():
    rules = policy.load().rules
    routes = [route for subject in SUBJECTS for route in subject.routes if route.is_command]
    by_relation = {
        relation: {
            route.operation
            for route in routes
            if any(relation in enough for enough in rules[route.operation].values())
        }
        for relation in ("break_glass", "anybody")
    }

    assert by_relation == {
        "break_glass": set(),
        "anybody": {"assessment.open_record_in_emergency"},
    }


def test_what_is_held_for_safety_is_shown_to_staff_alone():
    rules = policy.load().rules
    holds = {name for name in rules if "safeguarding" in name}

    assert holds
    for name in holds:
        assert set(rules[name]) == {"care_coordinator", "team_manager"}
