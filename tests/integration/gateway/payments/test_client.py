"""What README.md shows is run as it stands there, against a gateway that is served."""

import json
import sys
import threading
from functools import partial

import pytest
from werkzeug.serving import make_server

from tests import readme
from tests.integration.gateway.visiting import done
from tests.readme import shown


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
    return partial(
        readme.run,
        GATEWAY=served,
        TOKEN="a-token",
        KEY="lessons-of-november",
        BUDGET_ID=case.budget_id,
        ITEM_ID=case.item_id,
    )


def test_both_examples_of_the_readme_buy_once_by_one_key(case, run):
    by_curl = json.loads(run("bash", "-c", shown("sh")))
    by_client = run(sys.executable, "-c", shown("python"))

    assert by_client.split() == [by_curl["purchase_id"], "requested"]
    listed = done(case.broker.get(f"/budgets/{case.budget_id}/purchases"), 200)["items"]
    assert [one["purchase_id"] for one in listed] == [by_curl["purchase_id"]]
