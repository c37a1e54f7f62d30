import importlib.util
import json
import os
import shlex
import subprocess
import sys

import pytest
from honcho.environ import parse_procfile

from deploy.local import supervisor
from deploy.local.paths import CHECKOUT, StackPaths
from deploy.local.processes import PROCESSES, SERVICES

PORTS = {process.name: 20_000 + number for number, process in enumerate(PROCESSES)}


@pytest.fixture
def paths(tmp_path) -> StackPaths:
    paths = StackPaths.of("stack", var=tmp_path / "a folder")
    paths.make_directories()
    return paths


def test_the_procfile_names_every_process_once_and_honcho_can_read_it(paths):
    parsed = parse_procfile(supervisor.procfile(paths, ports=PORTS)).processes

    assert list(parsed) == [process.name for process in PROCESSES]
    for name, line in parsed.items():
        words = shlex.split(line)
        assert words[:2] == ["exec", sys.executable]
        assert words[4:6] == [str(paths.stack), name]


def test_every_service_has_a_runner_and_a_relay():
    names = {process.name for process in PROCESSES}

    assert names >= set(SERVICES) | {f"{service}-relay" for service in SERVICES}


def test_only_web_pages_are_bound_by_their_command_and_only_to_the_loopback_address():
    for process in PROCESSES:
        command = process.command(port=8000)
        assert ("127.0.0.1:8000" in command) == process.is_web
        assert (process.module == "gunicorn") == process.is_web


@pytest.mark.parametrize("module", sorted({process.module for process in PROCESSES}))
def test_every_module_that_is_started_exists(module):
    assert importlib.util.find_spec(module) is not None


def test_a_process_gets_its_own_environment_log_and_record_and_nothing_of_the_callers(paths):
    supervisor.write_environment(paths, "budget", {"OWN_URL": "postgresql://a:b@c/d?e=f&g=h"})
    show = "import json, os, sys; print(json.dumps(dict(os.environ))); sys.stderr.write('err')"
    caller = {"PATH": os.defpath, "LANG": "C.UTF-8", "SECRET_OF_THE_CALLER": "x"}

    launch = [sys.executable, "-m", "deploy.local.launch", str(paths.stack), "budget"]
    subprocess.run([*launch, "-c", show], env=caller, cwd=CHECKOUT, check=True)

    first, rest = paths.log("budget").read_text().split("\n")
    seen = json.loads(first)
    assert seen["OWN_URL"] == "postgresql://a:b@c/d?e=f&g=h"
    assert "SECRET_OF_THE_CALLER" not in seen
    assert rest == "err"
    assert paths.record("budget").exists()
    assert paths.environment("budget").stat().st_mode & 0o777 == 0o600


def test_the_process_that_fell_over_first_is_named(paths):
    paths.log(supervisor.NAME).write_text(
        "10:00:00 system | budget-relay.1 started (pid=12)\n"
        "10:00:01 system | budget-relay.1 stopped (rc=1)\n"
        "10:00:01 system | sending SIGTERM to bank.1 (pid 13)\n"
        "10:00:01 system | bank.1 stopped (rc=-15)\n"
    )

    assert supervisor.first_to_end(paths) == "budget-relay"
