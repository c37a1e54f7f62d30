"""Nobody reads in the database how a person is called and reached, or what they were told."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import StatementError

from services.notifications.delivery.commands import Fail
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_payments import subscribers as payments
from services.notifications.messages.models import Message
from services.notifications.people.models import Person
from services.notifications.people.rules import Channel
from services.notifications.people.subscribers import keep_care_team, keep_contact_details
from services.notifications.preferences.handlers import set_preferences
from services.notifications.preferences.schemas import SetPreferencesForm
from services.notifications.safeguarding.handlers import hold_for_safeguarding
from services.notifications.safeguarding.schemas import HoldForSafeguardingForm
from services.notifications.suppression.handlers import suppress_persons
from services.notifications.suppression.schemas import SuppressForm
from services.notifications.tables import KEYS_SETTING, Table
from shared.contracts.sealing import BrokenSealError
from shared.settings import SettingMissingError
from tests.factories import a_trace
from tests.integration.notifications import facts

MARKS = ("Quillon", "900777", "quillon@", "Marker Street", "Pink Drum", "reads the phone")
MARKS_OF_OTHERS = ("Zephyrine", "brother")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture
def everything(transaction):
    """All rows of all tables as text, sealed or not."""

    def read():
        with transaction() as session:
            return "\n".join(
                row
                for table in session.scalars(text(TABLES)).all()
                for row in session.scalars(text(f"SELECT t::text FROM {table} t"))  # noqa: S608 - ours
            )

    return read


def test_no_table_holds_what_is_personal_in_plain_words(
    hear, do, messages, transaction, everything
):
    hear(
        (
            keep_contact_details,
            facts.contact_details(
                given_name="Quillon",
                family_name="Quillon",
                mobile="07700 900777",
                email="quillon@example.org",
                address_lines=["1 Marker Street", "ZZ99 3WZ"],
            ),
        ),
        (payments.tell_purchase_made, facts.purchase_completed(description="Pink Drum")),
    )
    (message,) = messages()
    do(Fail(delivery_id=message.delivery_id, reason="technical_failure"))
    assert "Pink Drum" in messages()[0].body
    with transaction() as session:
        asked = {"person_id": str(facts.ALEX), "set_by": str(uuid4())}
        hold = {"hold_id": str(uuid4()), "review_by": "2026-12-08"}
        command = HoldForSafeguardingForm().load(
            {**asked, **hold, "reason": "Somebody reads the phone."}
        )
        hold_for_safeguarding(command, session=session, trace=a_trace())
        stop = {"channel": "sms", "is_of_address": True, "reason": "stop"}
        suppress_persons(SuppressForm().load({**asked, **stop}), session=session, trace=a_trace())

        choice = {"channels": ["email"], "reason": "Their brother said so."}
        set_preferences(
            SetPreferencesForm().load({**asked, **choice}), session=session, trace=a_trace()
        )
    hear((keep_care_team, facts.care_team(("broker", "Zephyrine Ng"))))

    found = everything()

    assert str(facts.ALEX) in found
    for mark in MARKS + MARKS_OF_OTHERS:
        assert mark not in found
        assert mark.encode().hex() not in found  # as bytes are shown


def test_what_is_sealed_comes_out_as_it_went_in(known, transaction):
    known(given_name="Zoë 🌻", email=None, address_lines=[])

    with transaction() as session:
        person = session.get_one(Person, facts.ALEX)
        assert (person.given_name, person.email, person.address_lines) == ("Zoë 🌻", None, [])
        assert person.addresses == {Channel.SMS: "07700 900123"}


def test_what_was_put_into_another_column_does_not_open(known, transaction):
    known()
    with transaction() as session:
        session.execute(text("UPDATE people SET email = mobile"))

    with pytest.raises(BrokenSealError), transaction() as session:
        session.get(Person, facts.ALEX)


def test_without_the_keys_nothing_is_read_or_written(known, transaction, monkeypatch):
    known()
    monkeypatch.delenv(KEYS_SETTING)

    with pytest.raises(SettingMissingError), transaction() as session:
        session.get(Person, facts.ALEX)
    with pytest.raises(StatementError, match=KEYS_SETTING):
        known(version=2)


def test_the_facts_of_a_message_come_back_in_their_form(known, hear, transaction):
    known()
    hear((assessment.tell_plan_approved, facts.plan_approved()))

    with transaction() as session:
        message = session.scalars(select(Message)).one()
        assert message.facts["total"] == "£240.00"
        assert len(message.facts["lines"]) == 2


def test_an_empty_column_stays_empty(known, hear, transaction):
    known(email=None)

    with transaction() as session:
        assert session.scalar(select(func.count()).where(Person.email.is_(None))) == 1
        session.execute(update(Person).values(mobile=None))
        assert session.execute(text("SELECT mobile FROM people")).scalar() is None
    assert Table.metadata.tables["people"].c.mobile.nullable
