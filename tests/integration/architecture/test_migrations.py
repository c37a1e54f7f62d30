"""The tables that the revisions make are the tables that the models describe."""

import os
import subprocess
import sys

import pytest

from shared.messaging import topology
from tests.architecture.house import ROOT


@pytest.mark.parametrize("service", topology.SERVICES)
def test_revisions_and_models_make_the_same_tables(servers, service):
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "shared.migrations", "check", service],
        cwd=ROOT,
        env={"PATH": os.defpath, **servers.migration_environment(service)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert said.returncode == 0, said.stderr
