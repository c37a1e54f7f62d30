"""Reasons and names that an earlier release wrote in plain words are sealed, and come back."""

from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import select, text

from operations.migrations import configuration
from services.notifications.choices.models import Choice
from services.notifications.people.models import NamedContact
from tests.integration.notifications import facts

BEFORE = "0013"
OLD_CHOICES = """
    INSERT INTO choices (person_id, version, channels, declined_topics, copied, is_safe_to_text,
        chosen_at, set_by, reason)
    SELECT :alex, version, '["sms"]', '[]', '[]', false, now(), :alex, 'Reason ' || version
    FROM generate_series(1, 2) AS version
"""
OLD_CONTACTS = """
    INSERT INTO named_contacts (person_id, version, name, role)
    VALUES (:alex, 1, 'Kim Ng', 'broker'), (:nobody, 1, NULL, NULL)
"""
READ = """
    SELECT reason FROM choices UNION ALL SELECT name FROM named_contacts ORDER BY 1 NULLS LAST
"""
IDS = {"alex": facts.ALEX, "nobody": uuid4()}


@pytest.fixture
def upgraded(servers, owners, transaction):
    """Have choices and contacts of the earlier release, and go over to this one."""
    url = servers.migration_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    config = configuration("notifications", database_url=url)
    command.downgrade(config, BEFORE)
    try:
        with owners("notifications").begin() as connection:
            connection.execute(text(OLD_CHOICES), IDS)
            connection.execute(text(OLD_CONTACTS), IDS)
    finally:
        command.upgrade(config, "head")
    return config


@pytest.mark.usefixtures("upgraded")
def test_each_is_read_as_it_was_written(transaction):
    with transaction() as session:
        choices = session.scalars(select(Choice).order_by(Choice.version)).all()
        assert [one.reason for one in choices] == ["Reason 1", "Reason 2"]
        contacts = session.scalars(select(NamedContact)).all()
        assert {(one.name, one.role) for one in contacts} == {("Kim Ng", "broker"), (None, None)}
        raw = session.execute(text("SELECT reason FROM choices")).scalars().all()
        assert not any(b"Reason" in bytes(one) for one in raw)


def test_what_is_taken_back_is_as_it_was(upgraded, owners):
    command.downgrade(upgraded, BEFORE)
    try:
        with owners("notifications").begin() as connection:
            rows = connection.execute(text(READ)).scalars().all()
    finally:
        command.upgrade(upgraded, "head")

    assert rows == ["Kim Ng", "Reason 1", "Reason 2", None]
