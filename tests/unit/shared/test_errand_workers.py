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


@pytest.mark.parametrize("setting", ["many", "0", "-1", "1.5", " "])
def test_a_process_ends_at_once_with_a_setting_that_is_no_number_of_workers(setting):
    ended = started_with(COMMONPURSE_ERRAND_WORKERS=setting)

    assert ended.returncode == 1
    assert ended.stderr == "COMMONPURSE_ERRAND_WORKERS must be a whole number, 1 or more.\n"
