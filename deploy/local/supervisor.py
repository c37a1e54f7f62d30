"""honcho and what it starts: the Procfile, the environment files, and who fell over first."""

import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping

from deploy.local import keys, recorded
from deploy.local.environments import Environments
from deploy.local.errors import not_ready
from deploy.local.paths import CHECKOUT, StackPaths
from deploy.local.processes import PROCESSES
from deploy.local.waiting import wait_until

NAME = "honcho"
PATIENCE_SECONDS = 60
STOPPED = re.compile(r"\b([a-z-]+)\.1 stopped \(rc=")


def procfile(paths: StackPaths, *, ports: Mapping[str, int]) -> str:
    """One line for each process."""
    launch = [sys.executable, "-m", "deploy.local.launch", str(paths.stack)]
    lines = {
        process.name: [*launch, process.name, *process.command(port=ports.get(process.name))]
        for process in PROCESSES
    }
    return "".join(f"{name}: exec {shlex.join(words)}\n" for name, words in lines.items())


def write_environment(paths: StackPaths, name: str, variables: Mapping[str, str]) -> None:
    """Write what one process gets, for its owner's eyes only."""
    lines = (f"{variable}={value}\n" for variable, value in variables.items())
    keys.write_private(paths.environment(name), "".join(lines))


def start(
    paths: StackPaths, *, environments: Environments, settings: Mapping[str, Mapping[str, str]]
) -> None:
    """Start honcho over all processes; it goes on when we end.

    ``settings`` says by process what it gets beside what it usually has, or in place of that.
    """
    paths.log(NAME).unlink(missing_ok=True)  # it must not tell of who ended in a former run
    paths.procfile.write_text(procfile(paths, ports=environments.ports))
    for process in PROCESSES:
        usual = environments.of_process(process.name) | environments.of_health(process.name)
        write_environment(paths, process.name, {**usual, **settings.get(process.name, {})})
    # No environment file: honcho would otherwise read an .env that lies in the checkout.
    options = ["--no-colour", "-e", os.devnull, "-d", str(CHECKOUT), "-f", str(paths.procfile)]
    recorded.begin(
        [sys.executable, "-m", "honcho", *options, "start"],
        record=paths.record(NAME),
        log=paths.log(NAME),
        environment=program_environment(paths),
        working_directory=CHECKOUT,
    )


def program_environment(paths: StackPaths) -> dict[str, str]:
    """Give a Python program the little that all of ours need, and nothing of the caller's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", recorded.STACK_MARK: str(paths.stack)}


def wait_for(process: str, is_ready: Callable[[], bool], *, paths: StackPaths) -> None:
    """Wait until a process is ready.

    Raises:
        StackError: one of them ended, whereupon honcho ends them all, or the patience did.
    """

    def is_decided() -> bool:
        return has_ended() or is_ready()

    def has_ended() -> bool:
        return not recorded.is_running(paths.record(NAME))

    in_time = wait_until(is_decided, patience_seconds=PATIENCE_SECONDS)
    if has_ended():
        culprit = first_to_end(paths) or NAME
        raise not_ready(culprit, log=paths.log(culprit))
    if not in_time:
        raise not_ready(process, log=paths.log(process))


def first_to_end(paths: StackPaths) -> str | None:
    """Find the process that ended first and took the others with it."""
    log = paths.log(NAME)
    stopped = STOPPED.search(log.read_text()) if log.exists() else None
    return None if stopped is None else stopped[1]
