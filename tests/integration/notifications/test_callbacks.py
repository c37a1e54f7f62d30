"""The door for receipts: who may bring one, and what is never lost there."""

import json
import logging
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import sessionmaker

from services.notifications.delivery.models import Receipt
from services.notifications.delivery.wire import CREDENTIALS_HEADER
from services.notifications.settings import CallbackSettings
from services.notifications.web import application, create_app
from shared.database import open_sessions
from shared.settings import SettingMissingError

TOKEN = "a-token-for-receipts"


@pytest.fixture
def door(transaction, engines):
    sessions = open_sessions(engines("notifications"))
    return application(sessions=sessions, settings=CallbackSettings(token=TOKEN)).test_client()


@pytest.fixture
def bring(door):
    def post(body, *, token=TOKEN, door=door):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {CREDENTIALS_HEADER: f"Bearer {token}"} if token is not None else {}
        return door.post("/callbacks/govuk", data=content, headers=headers).status_code

    return post


@pytest.fixture
def kept(transaction):
    def count():
        with transaction() as session:
            return session.scalar(select(func.count()).select_from(Receipt))

    return count


def a_receipt(**changed):
    return {
        "id": str(uuid4()),
        "reference": None,
        "to": "07700 900123",
        "status": "delivered",
        "created_at": "2026-11-24T10:00:00.000000Z",
        "completed_at": "2026-11-24T10:00:01.000000Z",
        "sent_at": "2026-11-24T10:00:00.500000Z",
        "notification_type": "sms",
        "template_id": str(uuid4()),
        "template_version": 1,
        **changed,
    }


def test_a_receipt_ends_its_message(waiting_message, bring, now):
    message = waiting_message()

    assert bring(a_receipt(reference=str(message.delivery_id))) == 204

    assert now(message).state == "delivered"


@pytest.mark.parametrize("token", [None, "", "another-token-altogether", "ünïcode"])
def test_without_the_token_nothing_is_kept(bring, kept, token):
    assert bring(a_receipt(), token=token) == 401

    assert kept() == 0


def test_duplicates_and_receipts_of_others_are_taken(bring, kept):
    one = a_receipt(reference="somebody else's")

    assert [bring(one), bring(one), bring(a_receipt())] == [204, 204, 204]

    assert kept() == 2


def test_a_status_and_fields_that_notify_may_add_are_taken(bring, kept):
    assert bring(a_receipt(status="read-twice", colour="blue")) == 204

    assert kept() == 1


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"not json", 400),
        (b"[]", 400),
        ({}, 422),
        (a_receipt(id="no-uuid"), 422),
        (a_receipt(status="\x00"), 422),
        (a_receipt(completed_at="yesterday"), 422),
        (b'"' + b"x" * 64 * 1024 + b'"', 413),
    ],
)
def test_what_is_no_receipt_is_refused_and_leaves_nothing(bring, kept, body, answer):
    assert bring(body) == answer

    assert kept() == 0


def test_nobodys_address_is_kept(bring, transaction):
    bring(a_receipt())

    with transaction() as session:
        row = session.execute(select(Receipt.__table__)).one()
    assert "900123" not in str(row)


def test_a_receipt_that_could_not_be_kept_is_to_come_again(bring):
    nowhere = create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    away = application(sessions=sessionmaker(nowhere), settings=CallbackSettings(token=TOKEN))

    assert bring(a_receipt(), door=away.test_client()) == 503
    ready = away.test_client().get("/health/ready")
    assert (ready.status_code, ready.json) == (503, {"status": "not ready", "database": False})
    assert away.test_client().get("/health/live").status_code == 200


def test_the_door_says_that_it_is_open(door):
    assert door.get("/health/live").json == {"status": "live"}
    assert door.get("/health/ready").json == {"status": "ready", "database": True}


@pytest.fixture
def environment(servers, monkeypatch):
    """Be the web process of a stack; the logs of the tests go on as before."""
    handlers = logging.root.handlers
    for name, value in servers.process_environment("notifications-web").items():
        monkeypatch.setenv(name, value)
    yield monkeypatch
    logging.root.handlers = handlers
    structlog.reset_defaults()


def test_the_web_process_starts_with_its_settings(environment):
    assert create_app().test_client().get("/health/live").status_code == 200


def test_without_a_token_the_web_process_does_not_start(environment):
    environment.delenv("NOTIFICATIONS_NOTIFY_CALLBACK_TOKEN")

    with pytest.raises(SettingMissingError):
        create_app()
