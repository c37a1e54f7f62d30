"""Whoever changes what was written down of who looked is found out, in each service."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select, text

from access import audit
from access.tables import AuditEntry, AuditSeal
from operations import access_logs
from shared.contracts import manifest
from tests.factories import TUESDAY_AT_TEN, a_trace

EVERY_SERVICE = pytest.mark.parametrize("service", manifest.SERVICES)
CHANGES = {
    "another reader": "UPDATE audit_entries SET actor_id = 'nobody' WHERE seq = 3",
    "another time": "UPDATE audit_entries SET at = at + interval '1 second' WHERE seq = 3",
    "another person": "UPDATE audit_entries SET person_id = gen_random_uuid() WHERE seq = 3",
    "fewer fields": "UPDATE audit_entries SET fields = '{}' WHERE seq = 3",
    "one less": "DELETE FROM audit_entries WHERE seq = 3",
    "one more": """
        INSERT INTO audit_entries (seq, written_in, at, actor_id, roles, organisation, acting_for,
            purpose, operation, act, fields, outcome, request_id)
        OVERRIDING SYSTEM VALUE SELECT 1000, written_in, at, actor_id, roles, organisation,
            acting_for, purpose, operation, act, fields, outcome, request_id
        FROM audit_entries WHERE seq = 3""",
}


def look(transaction, *, after=0):
    """Write down that somebody looked, each time in a transaction of its own."""
    entry = {
        "at": TUESDAY_AT_TEN + timedelta(minutes=after),
        "actor_id": str(uuid4()),
        "roles": ["practitioner"],
        "organisation": "nhs-trust",
        "acting_for": "",
        "purpose": "direct_care",
        "person_id": uuid4(),
        "operation": "case",
        "act": "read",
        "fields": ["given_name", "needs"],
        "outcome": "done",
        "request_id": "r-1",
    }
    with transaction() as session:
        session.execute(insert(AuditEntry), entry)


def seal(transaction):
    with transaction() as session:
        audit.seal_entries(TUESDAY_AT_TEN, session=session, trace=a_trace())


@pytest.fixture
def written(emptied, service):
    """Return the transactions of a service with three links over two entries each."""
    transaction = emptied(service)
    for link in range(3):
        for one in range(2):
            look(transaction, after=10 * link + one)
        seal(transaction)
    return transaction


@pytest.fixture
def verify(service, engines, monkeypatch, capsys):
    """Run the tool as the service's own role, and return how it ends and what it says."""
    url = engines(service).url.render_as_string(hide_password=False)
    monkeypatch.setenv("COMMONPURSE_DATABASE_URL", url)

    def run(*words):
        ended = access_logs.main(words)
        return ended, capsys.readouterr().out

    return run


@EVERY_SERVICE
def test_what_stands_as_it_was_written_is_verified(written, verify):
    look(written)

    ended, said = verify()

    assert ended == 0
    assert said.startswith("Verified: 7 entries, 1 not chained yet; link 3, head ")


@pytest.mark.parametrize("service", ["payments"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_row_is_found(service, written, verify, owners, change):
    with written() as session:  # the numbers go on from test to test
        third = session.scalar(select(func.min(AuditEntry.seq))) + 2
    with owners(service).begin() as connection:
        connection.execute(text(CHANGES[change].replace("seq = 3", f"seq = {third}")))

    ended, said = verify()

    assert ended == 1
    assert said.startswith("link 2 is the first that the entries do not bear out\nBROKEN: ")


@EVERY_SERVICE
def test_a_changed_row_is_found_in_each_service(service, written, verify, owners):
    with owners(service).begin() as connection:
        connection.execute(text("UPDATE audit_entries SET outcome = 'not_found'"))

    assert verify()[0] == 1


@pytest.mark.parametrize("service", ["payments"])
def test_links_that_were_taken_away_with_their_entries_are_missed_by_who_kept_a_hash(
    service, written, verify, owners
):
    with written() as session:
        head = session.scalars(select(AuditSeal.hash).order_by(AuditSeal.number.desc())).first()
        since = session.scalar(select(AuditSeal.until_xact).where(AuditSeal.number == 2))
    assert verify("--head", head.hex())[0] == 0

    with owners(service).begin() as connection:
        taken = text("DELETE FROM audit_entries WHERE written_in >= :since")
        connection.execute(taken, {"since": since})
        connection.execute(text("DELETE FROM audit_seals WHERE number = 3"))

    assert verify()[0] == 0
    ended, said = verify("--head", head.hex())
    assert ended == 1
    assert said.startswith(f"no link has the hash {head.hex()}\n")


def test_what_cannot_be_read_is_no_verified_log(monkeypatch):
    monkeypatch.delenv("COMMONPURSE_DATABASE_URL", raising=False)

    assert access_logs.main([]) == access_logs.UNREADABLE
