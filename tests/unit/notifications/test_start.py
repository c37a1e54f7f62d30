"""A setting that cannot be used ends each process at its start, by its name."""

import os
import subprocess
import sys

import pytest

from services.notifications import start

UNFIT = [
    ({"NOTIFICATIONS_DRAFTS": "yes"}, "NOTIFICATIONS_DRAFTS"),
    ({"NOTIFICATIONS_UNSUBSCRIBE_URL": "https://a.example"}, "NOTIFICATIONS_UNSUBSCRIBE_KEY"),
    (
        {"NOTIFICATIONS_UNSUBSCRIBE_URL": "http://a.example", "NOTIFICATIONS_UNSUBSCRIBE_KEY": "k"},
        "NOTIFICATIONS_UNSUBSCRIBE_URL",
    ),
    ({"NOTIFICATIONS_PHONE": "ask for Kim"}, "NOTIFICATIONS_PHONE"),
]
SERVICE = ["-m", "operations.runner", "notifications"]
ERRANDS = ["-m", "operations.errand_runner", "notifications"]
WEB = ["-c", "from services.notifications.web import create_app; create_app()"]


@pytest.mark.parametrize(("settings", "name"), UNFIT)
def test_what_cannot_be_used_is_named_and_not_shown(settings, name):
    with pytest.raises(SystemExit) as ended:
        start.check(settings)

    assert name in ended.value.code
    assert not set(settings.values()).intersection(ended.value.code.split())


def test_what_is_there_from_the_start_is_fit():
    start.check({})
    start.check(
        {
            "NOTIFICATIONS_UNSUBSCRIBE_URL": "https://a.example",
            "NOTIFICATIONS_UNSUBSCRIBE_KEY": "k",
            "NOTIFICATIONS_DRAFTS": "allow",
        }
    )


@pytest.mark.parametrize(
    ("process", "name"),
    [
        (SERVICE, "NOTIFICATIONS_DRAFTS"),
        (ERRANDS, "NOTIFICATIONS_DRAFTS"),
        (WEB, "NOTIFICATIONS_DRAFTS"),
        (ERRANDS, "COMMONPURSE_ERRAND_WORKERS"),
    ],
)
def test_each_process_ends_with_a_line_that_names_the_setting(process, name):
    ours = {name: value for name, value in os.environ.items() if "NOTIFICATIONS" not in name}

    ended = subprocess.run(
        [sys.executable, *process],
        env={**ours, name: "yes"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert name in ended.stderr.rstrip().splitlines()[-1]
