"""The pilot's 200 cases, from referral to receipt."""

import json

import pytest

from deploy.local.stack import Stack
from tests.e2e.conftest import CHECKOUT, run
from tests.e2e.expected import expected, from_partners

STACK = "test-pilot"


@pytest.mark.prove
def test_the_pilot_s_200_cases_end_in_the_figures_that_follow_from_the_file():
    lines = (CHECKOUT / "demo" / "cases" / "cases.jsonl").read_text("utf-8").splitlines()

    played = run("demo", "--stack", STACK)

    assert played.returncode == 0, played.stdout + played.stderr
    summary = json.loads((Stack.named(STACK).paths.stack / "summary.json").read_text("utf-8"))
    cases = [json.loads(line) for line in lines]
    figures = expected(cases)
    assert {name: summary[name] for name in figures} == figures
    came = {system: states["accepted"] for system, states in summary["from_partners"].items()}
    by_mesh, by_amqp = came["aldermoor-trust/records-mesh"], came["aldermoor-trust/records"]
    assert {
        "nhs-trust": by_mesh + by_amqp,
        "council": came["aldermoor-council/social-care"],
    } == from_partners(cases)
    assert abs(by_mesh - by_amqp) < (by_mesh + by_amqp) / 10  # half of the cases each
    assert summary["queues"] == {"ready": 0, "unacknowledged": 0, "dead": 0}
    Stack.named(STACK).remove()
