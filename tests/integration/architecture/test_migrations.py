"""The tables that the revisions make are the tables that the models describe."""

import os
import subprocess
import sys

import pytest
from alembic import command

from deploy.local.processes import OURS
from operations.migrations import configuration
from tests.architecture.house import ROOT


def check(servers, service):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "shared.migrations", "check", service],
        cwd=ROOT,
        env={"PATH": os.defpath, **servers.migration_environment(service)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("service", OURS)
def test_revisions_and_models_make_the_same_tables(servers, service):
    said = check(servers, service)

    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("service", OURS)
def test_the_newest_revision_can_be_taken_back_and_made_again(servers, service):
    url = servers.migration_environment(service)["COMMONPURSE_DATABASE_URL"]
    config = configuration(service, database_url=url)

    command.downgrade(config, "-1")
    command.upgrade(config, "head")

    assert check(servers, service).returncode == 0
