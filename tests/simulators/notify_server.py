"""The simulator of GOV.UK Notify under gunicorn, as the suite runs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]
SERVICE_ID = "11111111-1111-4111-8111-111111111111"
LIVE_KEY = f"demo-{SERVICE_ID}-22222222-2222-4222-8222-222222222222"
TEST_KEY = f"test-{SERVICE_ID}-33333333-3333-4333-8333-333333333333"
TEAM_KEY = f"team-{SERVICE_ID}-44444444-4444-4444-8444-444444444444"
CALLBACK_TOKEN = "a-token-for-receipts"
INBOUND_TOKEN = "a-token-for-received-texts"


@contextmanager
def notify_server(callback_url: str = "", **changed: str) -> Iterator[str]:
    """Run one, with some settings changed; its callbacks all go to one address."""
    listener = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "gunicorn", "--workers=1", "--threads=16"]
    command += [f"--bind=fd://{listener.fileno()}", "--log-level=warning", "--no-control-socket"]
    environment = {
        **os.environ,
        "NOTIFY_API_KEY": f"{LIVE_KEY},{TEST_KEY},{TEAM_KEY}",
        "NOTIFY_CALLBACK_URL": callback_url,
        "NOTIFY_CALLBACK_TOKEN": CALLBACK_TOKEN,
        "NOTIFY_CALLBACK_RETRY_SECONDS": "0.05",
        "NOTIFY_INBOUND_CALLBACK_URL": callback_url,
        "NOTIFY_INBOUND_CALLBACK_TOKEN": INBOUND_TOKEN,
        "NOTIFY_TEAM": "07700 900456, kim@example.org",
        **changed,
    }
    program = subprocess.Popen(
        [*command, "simulators.notify.app:create_app()"],
        cwd=ROOT,
        env=environment,
        pass_fds=[listener.fileno()],
    )
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        assert requests.get(f"{url}/health/live", timeout=10).ok
        yield url
    finally:
        program.terminate()
        program.wait(timeout=10)
        listener.close()
