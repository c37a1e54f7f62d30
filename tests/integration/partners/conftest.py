"""What the tests of partners do again and again."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.partners.inbound import handlers
from services.partners.inbound.models import ReceivedMessage
from services.partners.incoming import INCOMING
from services.partners.outbound.models import OutgoingMessage
from services.partners.register import Register
from shared.messaging.tables import Errand, OutboxMessage
from tests.factories import TUESDAY_AT_TEN, a_trace

FILES = Path("deploy/partners")
ADMISSION = {"admitted_on": "2026-11-24"}


@pytest.fixture(scope="session")
def register():
    return Register.read(FILES)


@pytest.fixture
def trust(register):
    return register.agreements["aldermoor-trust"]


@pytest.fixture
def council(register):
    return register.agreements["aldermoor-council"]


@pytest.fixture
def receive(transaction):
    """Take in what a partner sends, as its lane does."""

    def take_in(body, partner, *, at=TUESDAY_AT_TEN):
        written = body if isinstance(body, bytes) else json.dumps(body).encode()
        with transaction() as session:
            handlers.receive(
                written,
                agreement=partner,
                system=partner.systems[0],
                types=INCOMING,
                session=session,
                trace=a_trace(at=at),
            )

    return take_in


@pytest.fixture
def replies(transaction):
    """Return what waits to be sent to a partner, the oldest first."""

    def waiting(partner):
        with transaction() as session:
            rows = OutgoingMessage.next_to(
                partner.code, partner.systems[0].name, most=100, session=session
            )
            return [json.loads(row.body) for row in rows]

    return waiting


@pytest.fixture
def errands(transaction):
    def waiting():
        with transaction() as session:
            return [one.arguments for one in session.scalars(select(Errand))]

    return waiting


@pytest.fixture
def received(transaction):
    def rows():
        with transaction() as session:
            return list(session.scalars(select(ReceivedMessage)))

    return rows


@pytest.fixture
def told(transaction):
    """Return what the suite was told."""

    def events():
        with transaction() as session:
            return [one.event_type for one in session.scalars(select(OutboxMessage))]

    return events


def a_message(partner, message_type="admission.notify.v1", data=None, **changed):
    """Return a message of a partner as it travels; without data, an admission."""
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": partner.source(partner.systems[0]),
        "type": f"uk.commonpurse.{message_type}",
        "time": TUESDAY_AT_TEN.isoformat(),
        "data": ADMISSION | {"person_id": str(uuid4())} if data is None else data,
        **changed,
    }
