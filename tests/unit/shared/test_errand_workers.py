"""How many calls an errands process makes at once is a setting, read once at the start."""

import os
import subprocess
import sys

import pytest

PROGRAM = "from shared.messaging.errands import WORKERS; print(WORKERS)"


def started_with(**settings):
    environment = {**os.environ, **settings}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("setting", "workers"), [("", "6"), ("8", "8")])
def test_there_are_as_many_workers_as_the_setting_says(setting, workers):
    assert started_with(COMMONPURSE_ERRAND_WORKERS=setting).stdout.strip() == workers


def test_a_process_does_not_start_with_a_setting_that_is_no_number():
    ended = started_with(COMMONPURSE_ERRAND_WORKERS="many")

    assert ended.returncode != 0
    assert "COMMONPURSE_ERRAND_WORKERS" in ended.stderr
