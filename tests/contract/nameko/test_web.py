"""N19: what a web process says of its faults, and how much it takes in."""

import socket
from contextlib import contextmanager

import pytest
import requests
from nameko.web.server import WebServer

from deploy.local.processes import PROCESSES
from services.notifications.delivery.wire import CREDENTIALS_HEADER
from services.notifications.settings import CallbackSettings
from services.notifications.web import application
from services.payments.decisions import wire
from services.payments.web import app_on
from tests.architecture.house import imports, named, python_files
from tests.integration.notifications.test_callbacks import a_receipt
from tests.integration.payments import facts

SECRET = "943 476 5919"
TOKEN = "a-token-for-receipts"
PADDING = "x" * 2**20


class Sessions:
    """A database whose every transaction fails with words that are nobody's business."""

    @contextmanager
    def begin(self):
        raise RuntimeError(SECRET)
        yield


def payments():
    return app_on(Sessions().begin, settings=facts.SETTINGS).test_client()


def notifications():
    settings = CallbackSettings(token=TOKEN)
    return application(sessions=Sessions(), settings=settings).test_client()


def a_card_s_request(**more):
    request = facts.a_request("ic_1") | more
    return facts.of_the_issuer(request, secret=facts.SETTINGS.issuer_authorisations_secret)


def told_by_the_issuer(**more):
    return facts.of_the_issuer({"id": "evt_1"} | more, secret=facts.SETTINGS.issuer_events_secret)


def told_by_the_bank(**more):
    return facts.of_the_bank({"type": "payment"} | more)


def told_by_notify(**more):
    headers = {CREDENTIALS_HEADER: f"Bearer {TOKEN}"}
    return {"json": a_receipt(**more), "headers": headers}


DOORS = [
    (payments, wire.PATH, a_card_s_request, 200, 400),
    (payments, "/webhooks/issuer/events", told_by_the_issuer, 500, 400),
    (payments, "/webhooks/bank/events", told_by_the_bank, 500, 400),
    (notifications, "/callbacks/govuk", told_by_notify, 500, 413),
]
EVERY_DOOR = pytest.mark.parametrize(
    ("web", "path", "message", "fault", "too_large"), DOORS, ids=[door[1] for door in DOORS]
)


@EVERY_DOOR
def test_n19_a_fault_s_text_stays_inside(web, path, message, fault, too_large):
    answer = web().post(path, **message())

    assert answer.status_code == fault
    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text


@EVERY_DOOR
def test_n19_what_is_too_large_is_not_taken_in(web, path, message, fault, too_large):
    answer = web().post(path, **message(padding=PADDING))

    assert answer.status_code == too_large


def test_n19_a_web_process_listens_to_its_own_machine_and_is_none_of_nameko_s():
    for process in PROCESSES:
        if process.is_web:
            command = process.command(port=1)
            assert command[:2] == ("-m", "gunicorn")
            assert "127.0.0.1:1" in command
    found = [
        f"{named(path)}: {module}"
        for path in python_files()
        for module in imports(path)
        if module.startswith("nameko.web")
    ]
    assert found == []


def test_n19_plain_nameko_tells_its_faults_to_everybody_and_takes_in_everything(plain):
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{chosen.getsockname()[1]}"
    plain("Web", WEB_SERVER_ADDRESS=address).await_line("service_started")

    answer = requests.post(f"http://{address}/", data=PADDING, timeout=10)

    assert answer.text == f"Error: RuntimeError: {SECRET} after {len(PADDING)} bytes\n"


def test_n19_plain_nameko_listens_to_the_whole_network():
    server = WebServer()
    server.container = type("Container", (), {"config": {}})

    assert tuple(server.bind_addr) == ("0.0.0.0", 8000)  # noqa: S104 - not ours
