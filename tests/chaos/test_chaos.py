"""``make chaos``, in small: it finds nothing wrong where nothing is, and says what it did."""

import re
import subprocess
import sys

import pytest

from deploy.local.paths import CHECKOUT

SEED = "20261123"
LAST_LINE = re.compile(r"faults=(\d+) messages=(\d+) violations=(\d+) seed=(\d+)")


@pytest.mark.prove
def test_half_a_minute_of_chaos_loses_nothing_and_doubles_nothing():
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.chaos",
            "--minutes",
            "0.5",
            "--seed",
            "20261123",
            "--only-faults",
        ],
        cwd=CHECKOUT,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )

    faults, messages, violations, seed = LAST_LINE.fullmatch(ended.stdout.splitlines()[-1]).groups()
    assert (ended.returncode, violations, seed) == (0, "0", SEED), ended.stdout
    assert int(faults) >= 5
    assert int(messages) >= 100
