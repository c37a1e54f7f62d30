"""When the gateway's own database is locked, that passes, and whoever asks is told so."""

import pytest
from sqlalchemy import text

from shared.database import open_engine, open_sessions
from tests.integration.gateway.signing_in.signing import Gateway


@pytest.fixture
def impatient(emptied, servers, simulator, assessment):
    """A gateway whose database waits for no lock."""
    emptied("gateway")
    url = servers.process_environment("gateway")["COMMONPURSE_DATABASE_URL"]
    engine = open_engine(url, pool_size=1, options="-c lock_timeout=50")
    yield Gateway(simulator.url, open_sessions(engine), assessment, {})
    engine.dispose()


def test_a_locked_table_is_no_fault(impatient, owners):
    with owners("gateway").begin() as connection:
        connection.execute(text("LOCK TABLE buckets"))

        answer = impatient.browser().begin("nhs-login")

    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert "buckets" not in answer.text
    assert impatient.browser().begin("nhs-login").status_code == 303
