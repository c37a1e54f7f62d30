"""The whole suite as processes, played once by the demo on a file of its own."""

import io
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from rich.console import Console

from demo import progress, quiet
from demo.calling import Caller
from demo.crew import Crew
from deploy.local.stack import Stack

CHECKOUT = Path(__file__).parents[2]
STACK = "test-e2e"
PATIENCE_SECONDS = 720
STRANGE_NAME = {
    "given_name": "Zoë <b>🌻</b> 李'; DROP TABLE people;--",
    "family_name": "O'Brien & Søn {{7*7}}",
}


@dataclass(frozen=True, kw_only=True)
class Played:
    """A run of the demo whose servers still run."""

    cases: list
    exit_code: int
    output: str
    folder: Path
    caller: Caller
    environment: dict

    @property
    def summary(self):
        return json.loads((self.folder / "summary.json").read_text("utf-8"))

    def known(self, case_ref):
        return json.loads((self.folder / "cases.json").read_text("utf-8"))[case_ref]


def run(*arguments):
    """Run a program of the demo without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.fixture(scope="package")  # no longer: sixteen processes would run beside other tests
def played(tmp_path_factory):
    """Play the small file and a case whose name looks like a program and like a picture."""
    cases = cases_of("small.jsonl")
    cases.append(with_strange_name(cases))
    path = tmp_path_factory.mktemp("cases") / "ten.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), "utf-8")
    with playing(path, cases, stack_name=STACK) as run_of_the_demo:
        yield run_of_the_demo


def cases_of(file):
    lines = (CHECKOUT / "demo" / "cases" / file).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@contextmanager
def playing(path, cases, *, stack_name):
    """Play a file, and leave its servers running for the length of a block."""
    stack = Stack.named(stack_name)
    try:
        ended = run("demo", "--cases", str(path), "--stack", stack_name, "--keep")
        environment = stack.environment()
        caller = Caller(environment, stop=threading.Event())
        yield Played(
            cases=cases,
            exit_code=ended.returncode,
            output=ended.stdout + ended.stderr,
            folder=stack.paths.stack,
            caller=caller,
            environment=environment,
        )
        caller.close()
    finally:
        stack.stop(politely=False)


def play_on(stack, cases):
    """Play cases on a stack that runs, and wait until nothing is under way; what is held is not."""
    shown = progress.shown_on(Console(file=io.StringIO()), progress.expected(cases))
    environment = stack.environment()
    crew = Crew(cases, run_id=uuid4(), shown=shown)
    with shown, crew:
        outcomes = list(crew.play(environment, at_once=len(cases)))
    caller = Caller(environment, stop=threading.Event())
    found = quiet.wait_for_quiet(
        caller, management_url=environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    )
    caller.close()
    assert found.left() == []
    assert [outcome.reason for outcome in outcomes] == [None] * len(cases)
    return outcomes


def with_strange_name(cases):
    """Return one more case: bought by bank transfer alone, so that no card event happens."""
    case = json.loads(json.dumps(next(one for one in cases if one["case_ref"] == "MP-0043")))
    case["case_ref"] = "STRANGE"
    case["person"].update(
        STRANGE_NAME,
        nhs_number="9990000018",
        council_client_id="LAS1000001",
        email="strange@example.org",
        preferred_channel="email",
    )
    case["support_plan"]["items"] = [
        item for item in case["support_plan"]["items"] if item["rail"] == "bacs"
    ]
    case["afterwards"] = ["refund_first_card_item", "card_declined_wrong_merchant"]
    return case
