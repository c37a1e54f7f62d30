"""One click ends e-mails to an address; to look at the page does not."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from services.notifications.delivery.rules import NotCalled
from services.notifications.settings import CallbackSettings
from services.notifications.suppression.models import Suppression
from services.notifications.unsubscribe import addresses
from services.notifications.web import application
from shared import clock
from shared.database import open_sessions

SETTINGS = CallbackSettings(token="a-token-for-receipts")


@pytest.fixture(autouse=True)
def set_up(monkeypatch):
    monkeypatch.setenv(addresses.WEB_ADDRESS, "https://commonpurse.example")
    monkeypatch.setenv(addresses.KEY, "a key")


@pytest.fixture
def door(transaction, engines):
    sessions = open_sessions(engines("notifications"))
    return application(sessions=sessions, settings=SETTINGS).test_client()


@pytest.fixture
def suppressions(transaction):
    def all_of_them():
        with transaction() as session:
            return list(session.scalars(select(Suppression)))

    return all_of_them


@pytest.fixture
def path(waiting_message, claim):
    """The path of the address in an e-mail to Alex."""
    outgoing = claim(waiting_message("email"))
    return outgoing.unsubscribe_url.removeprefix("https://commonpurse.example")


def test_only_e_mails_have_an_address(waiting_message, claim, monkeypatch):
    assert claim(waiting_message("sms")).unsubscribe_url is None
    monkeypatch.delenv(addresses.WEB_ADDRESS)
    assert claim(waiting_message("email")).unsubscribe_url is None


def test_to_look_changes_nothing(door, path, suppressions):
    page = door.get(path)

    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "script" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert suppressions() == []


def test_one_click_ends_e_mails_and_what_waits_is_not_sent_by_one(
    door, path, suppressions, waiting_message, claim
):
    one_click = {"List-Unsubscribe": "One-Click"}
    message, later = waiting_message("email"), clock.next_tuesday_at_ten() + timedelta(days=7)

    assert [door.post(path, data=one_click).status_code for _ in range(2)] == [200, 200]

    [suppression] = suppressions()
    assert (suppression.channel, suppression.reason) == ("email", "unsubscribed")
    assert isinstance(claim(message, at=later), NotCalled)


@pytest.mark.parametrize("how", ["get", "post"])
def test_an_address_that_is_not_ours_does_nothing(door, path, suppressions, how):
    for wrong in (path[:-1], "/unsubscribe/x", "/unsubscribe/" + "0" * 64 + "." + "0" * 64):
        assert getattr(door, how)(wrong).status_code == 404

    assert suppressions() == []


def test_what_could_not_be_kept_is_said(path):
    nowhere = sessionmaker(create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none"))
    away = application(sessions=nowhere, settings=SETTINGS)

    answer = away.test_client().post(path)

    assert answer.status_code == 503
    assert "Please try again later" in answer.text
