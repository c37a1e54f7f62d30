"""What README.md shows is run as it stands there, against a gateway that is served."""

import json
import os
import re
import subprocess
import sys
import threading

import pytest
from werkzeug.serving import make_server

from tests.architecture.house import ROOT
from tests.integration.gateway.visiting import done

HEADING = "## A broker's purchase in ten lines"
PATIENCE_SECONDS = 60


def shown(language):
    """Return the example of the README in this language."""
    section = (ROOT / "README.md").read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    (example,) = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return example


@pytest.fixture
def served(case):
    """Serve the gateway to the broker of the case, and return its address."""
    case.door.let_in(case.broker)
    server = make_server("127.0.0.1", 0, case.door.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(case, served):
    environment = {
        **os.environ,
        "GATEWAY": served,
        "TOKEN": "a-token",
        "KEY": "lessons-of-november",
        "BUDGET_ID": case.budget_id,
        "ITEM_ID": case.item_id,
    }

    def run_one(*command):
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE_SECONDS,
        ).stdout

    return run_one


def test_both_examples_of_the_readme_buy_once_by_one_key(case, run):
    by_curl = json.loads(run("bash", "-c", shown("sh")))
    by_client = run(sys.executable, "-c", shown("python"))

    assert by_client.split() == [by_curl["purchase_id"], "requested"]
    listed = done(case.broker.get(f"/budgets/{case.budget_id}/purchases"), 200)["items"]
    assert [one["purchase_id"] for one in listed] == [by_curl["purchase_id"]]
