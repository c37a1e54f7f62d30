"""Becomes one process of a stack: ``python -m deploy.local.launch <stack> <process> <words ...>``.

honcho gives the same environment to everything it starts. This stands in between: the process
gets its own settings and secrets and nobody else's, its own log file, and a record.
"""

import os
import sys
from pathlib import Path

from deploy.local import recorded
from deploy.local.paths import CHECKOUT, StackPaths
from deploy.local.processes import BY_NAME
from deploy.local.supervisor import program_environment


def environment_of(paths: StackPaths, process: str) -> dict[str, str]:
    """Read the process's own file, and add the little that every program needs."""
    lines = paths.environment(process).read_text().splitlines()
    return {**program_environment(paths), **dict(line.split("=", 1) for line in lines)}


def main(stack: str, process: str, *words: str) -> None:
    """Become ``python <words>``; returns only by an error."""
    paths = StackPaths.of(Path(stack).name, var=Path(stack).parent)
    recorded.write_own(paths.record(process))
    log = os.open(paths.log(process), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    environment = environment_of(paths, process)
    python = str(CHECKOUT / BY_NAME[process].venv / "bin" / "python")
    os.execve(python, [python, *words], environment)  # noqa: S606  # nosec B606  # no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
