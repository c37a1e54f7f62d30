"""What an earlier release had on its way goes on, under the reference that the provider knows."""

from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import select, text

from operations.migrations import configuration
from services.notifications.delivery.commands import Fail, KeepReceipt
from services.notifications.delivery.models import Attempt, Receipt
from services.notifications.delivery.rules import Accepted
from services.notifications.delivery.wire import PROVIDER
from services.notifications.people.models import Person
from shared.messaging.tables import Errand
from tests.integration.notifications import facts

BEFORE = "0005"
CALLED, WAITING, FAILED = (UUID(int=number) for number in (1, 2, 3))
PROVIDER_ID = UUID(int=9)
OLD_PERSON = """
    INSERT INTO people (person_id, version, given_name, family_name, language,
        is_interpreter_required, accessible_format, mobile, email, address_lines,
        preferred_channel, is_safe_to_text)
    VALUES (:person_id, 1, 'Alex', 'Sample', 'en', false, NULL, '07700 900123',
        'alex@example.org', '["1 Example Street", "ZZ99 3WZ"]', 'sms', true)
"""
OLD_MESSAGE = """
    INSERT INTO messages (message_id, event_id, person_id, topic, importance, channel, language,
        language_wanted, template_version, body, correlation_id, created_at, state, called_at,
        provider_id, accepted_at, reason)
    VALUES (:id, :id, :person_id, 'refund', 'normal', 'sms', 'en', 'en', 1, 'Alex, hello.', :id,
        now(), :state, CASE WHEN :is_called THEN now() END,
        CASE WHEN :is_called THEN CAST(:provider_id AS uuid) END,
        CASE WHEN :is_called THEN now() END, CASE WHEN :state = 'failed' THEN 'refused' END)
"""
OLD_ERRAND = """
    INSERT INTO errands (errand_id, kind, arguments, correlation_id, causation_id, actor, state,
        attempts)
    VALUES (:id, 'send_message', jsonb_build_object('message_id', CAST(:id AS text)), :id, :id,
        'tests/system', 'waiting', 0)
"""
OLD_RECEIPT = """
    INSERT INTO receipts (receipt_id, provider_id, reference, status, received_at, message_id)
    VALUES (:id, :provider_id, :id, 'sending', now(), :id)
"""


@pytest.fixture
def upgraded(servers, owners, transaction):
    """Have messages of the earlier release, and go over to this one."""
    url = servers.migration_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    config = configuration("notifications", database_url=url)
    command.downgrade(config, BEFORE)
    try:
        with owners("notifications").begin() as connection:
            connection.execute(text(OLD_PERSON), {"person_id": facts.ALEX})
            for id_, state in ((CALLED, "accepted"), (WAITING, "waiting"), (FAILED, "failed")):
                values = {
                    "id": id_,
                    "person_id": facts.ALEX,
                    "state": state,
                    "is_called": id_ == CALLED,
                    "provider_id": str(PROVIDER_ID),
                }
                connection.execute(text(OLD_MESSAGE), values)
            connection.execute(text(OLD_ERRAND), {"id": WAITING})
            receipt = {"id": CALLED, "provider_id": str(PROVIDER_ID)}
            connection.execute(text(OLD_RECEIPT), receipt)
    finally:
        command.upgrade(config, "head")
    return config


@pytest.mark.usefixtures("upgraded")
def test_old_messages_are_each_one_delivery(messages, transaction):
    told = {one.message_id: one for one in messages()}

    assert {id_: (one.state, one.delivery.state) for id_, one in told.items()} == {
        CALLED: ("accepted", "accepted"),
        WAITING: ("waiting", "ready"),
        FAILED: ("failed", "failed"),
    }
    assert {one.delivery_id for one in told.values()} == set(told)
    assert {one.body for one in told.values()} == {"Alex, hello."}
    with transaction() as session:
        assert session.get_one(Person, facts.ALEX).mobile == "07700 900123"
        assert session.scalars(select(Attempt.delivery_id)).all() == [CALLED]
        assert session.scalars(select(Receipt.delivery_id)).all() == [CALLED]
        errand = session.scalars(select(Errand)).one()
        assert (errand.kind, errand.arguments) == ("send_delivery", {"delivery_id": str(WAITING)})


@pytest.mark.usefixtures("upgraded")
def test_old_messages_go_on(messages, claim, do, now):
    told = {one.message_id: one for one in messages()}

    assert claim(told[CALLED]) == Accepted(provider_id=str(PROVIDER_ID))
    assert claim(told[WAITING]).to == ["07700 900123"]
    do(
        KeepReceipt(
            provider=PROVIDER,
            provider_id=str(PROVIDER_ID),
            reference=None,
            status="delivered",
            completed_at=None,
        ),
        # Its facts are not known: no other channel can say it.
        Fail(delivery_id=WAITING, reason="temporary_failure"),
    )

    assert now(told[CALLED]).state == "delivered"
    assert (now(told[WAITING]).state, now(told[WAITING]).reason) == ("failed", "temporary_failure")


def test_what_is_taken_back_is_as_it_was(upgraded, owners):
    command.downgrade(upgraded, BEFORE)
    try:
        with owners("notifications").begin() as connection:
            rows = connection.execute(
                text("SELECT message_id, state, body, provider_id FROM messages ORDER BY 1")
            ).all()
            person = connection.execute(text("SELECT mobile, address_lines FROM people")).one()
    finally:
        command.upgrade(upgraded, "head")

    assert [tuple(row) for row in rows] == [
        (CALLED, "accepted", "Alex, hello.", PROVIDER_ID),
        (WAITING, "waiting", "Alex, hello.", None),
        (FAILED, "failed", "Alex, hello.", None),
    ]
    assert tuple(person) == ("07700 900123", ["1 Example Street", "ZZ99 3WZ"])
