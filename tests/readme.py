"""The examples of README.md, as they stand there."""

import os
import re
import subprocess

from tests.architecture.house import ROOT

HEADING = "## A broker's purchase in ten lines"
PATIENCE_SECONDS = 60


def shown(language):
    """Return how a broker buys, in this language."""
    section = (ROOT / "README.md").read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    (example,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return example


def run(*command, **environment):
    """Return what a command prints that is given these settings."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_SECONDS,
    ).stdout
