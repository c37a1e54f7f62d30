"""What the processes wrote while the demo played: every hop of a story, and nobody's name."""

import json

import pytest

from deploy.local.stack import Stack
from tests.chaos.invariants import identifying
from tests.e2e.conftest import STACK

pytestmark = pytest.mark.prove
STORY = ("causation_id", "actor", "traceparent")
OURS = ("assessment", "budget", "payments", "notifications", "partners")


def lines_of(process):
    path = Stack.named(STACK).paths.logs / f"{process}.log"
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_one_story_can_be_followed_through_every_service(played):
    (story,) = {
        line["correlation_id"]
        for line in lines_of("payments")
        if line.get("entrypoint") == "payments.record_invoice"
    } or {None}
    processes = [*OURS, "payments-errands", "notifications-errands"]

    for process in processes:
        told = [line for line in lines_of(process) if line.get("correlation_id") == story]
        assert told, process
        assert all(line[name] for line in told for name in STORY), process
        assert {line["traceparent"].split("-")[1] for line in told} == {story.replace("-", "")}


def test_no_log_names_anybody(played):
    logs = Stack.named(STACK).paths.logs
    written = "\n".join(path.read_text("utf-8", "replace") for path in logs.glob("*.log"))

    for case in played.cases:
        assert [word for word in identifying(case["person"]) if word in written] == []
