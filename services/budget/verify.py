"""Recompute the whole ledger from its rows: ``python -m services.budget.verify``.

Needs only ``COMMONPURSE_DATABASE_URL``, of the database or of a copy of it, and may only read.
Names each rule that is broken and the first rows that break it; the rules bear the numbers of
docs/architecture/ledger.md.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.agreements.rules import CHARGEABLE_BASES
from services.budget.invariants import QUESTIONS
from services.budget.periods.rules import SnapshotLine, snapshot_hash
from services.budget.seal import history, rules
from services.budget.seal.rules import WrittenJournal
from services.budget.tables import at_one_moment
from shared import settings
from shared.database import open_engine

NAMED = 3  # rows for each rule
UNREADABLE = 3

_SEALS = text("SELECT * FROM seals ORDER BY number")
_SEALED = text(
    "SELECT seq, number, digest FROM sealed_journals ORDER BY number, seq"
).execution_options(yield_per=history.AT_ONCE)
_CLOSURES = text("""
    SELECT c.*, p.pool_id, p.starts_on, p.ends_on
    FROM period_closures AS c JOIN periods AS p USING (period_id) ORDER BY p.starts_on, version
""")
_SNAPSHOT = text("""
    SELECT account_id, opening_pence, debits_pence, credits_pence, closing_pence, held_pence
    FROM period_balances WHERE (period_id, version) = (:period_id, :version) ORDER BY account_id
""").execution_options(yield_per=history.AT_ONCE)
_COUNTS = text("SELECT (SELECT count(*) FROM journals), (SELECT count(*) FROM postings)")


def findings(session: Session, *, kept_hashes: Sequence[str] = ()) -> Iterator[str]:
    """Return a line for each row that breaks a rule; of each rule the first few.

    ``kept_hashes`` are hashes of seals that somebody kept elsewhere: each must still be one.
    """
    for rule, question in QUESTIONS.items():
        values = {"chargeable": sorted(CHARGEABLE_BASES)} if ":chargeable" in question else {}
        first = text(f"SELECT * FROM ({question}) AS broken LIMIT {NAMED}")  # noqa: S608  # nosec B608  # our own questions
        yield from (f"{rule}: {row}" for row in session.scalars(first, values).all())
    yield from _broken_closures(session)
    yield from _broken_seals(session)
    known = {seal.hash.hex() for seal in session.execute(_SEALS)}
    for kept in kept_hashes:
        if kept.lower() not in known:
            yield f"I17 no seal has the hash {kept}"


def _broken_closures(session: Session) -> Iterator[str]:
    """Recompute the hash of every snapshot that was taken of a closed period."""
    for closure in session.execute(_CLOSURES).all():
        asked = {"period_id": closure.period_id, "version": closure.version}
        hash_now = snapshot_hash(
            pool_id=closure.pool_id,
            period_id=closure.period_id,
            version=closure.version,
            starts_on=closure.starts_on,
            ends_on=closure.ends_on,
            last_seq=closure.last_seq,
            lines=(SnapshotLine(**row) for row in session.execute(_SNAPSHOT, asked).mappings()),
        )
        if bytes(closure.hash) != hash_now:
            yield f"I12 period {closure.period_id} version {closure.version}: another hash"


def _broken_seals(session: Session) -> Iterator[str]:
    """Recompute every seal from the journals as they stand now, one after the other."""
    written = _Ahead(history.written(session))
    sealed = _Ahead(session.execute(_SEALED))
    previous_hash = rules.BEFORE_THE_FIRST
    for number, seal in enumerate(session.execute(_SEALS).all(), start=1):
        if seal.number != number:
            yield f"I17 seal {number} is missing"
            return
        rows = sealed.until("number", number)
        journals = written.until("seq", seal.last_seq)
        yield from _broken_journals(rows, journals, number=number)
        yield from _broken_seal(seal, rows, journals, previous_hash=previous_hash)
        previous_hash = bytes(seal.hash)


class _Ahead:
    """A stream in order, of which one member is read ahead."""

    def __init__(self, members: Iterable[Any]) -> None:
        self._members = iter(members)
        self._next = next(self._members, None)

    def until(self, name: str, highest: int) -> list[Any]:
        """Take every member whose ``name`` is not above ``highest``."""
        taken = []
        while self._next is not None and getattr(self._next, name) <= highest:
            taken.append(self._next)
            self._next = next(self._members, None)
        return taken


def _broken_journals(
    rows: Sequence[Row[Any]], journals: Sequence[WrittenJournal], *, number: int
) -> Iterator[str]:
    was = {row.seq: bytes(row.digest) for row in rows}
    now = {journal.seq: rules.digest(journal) for journal in journals}
    for what, seqs in (
        ("is gone", was.keys() - now.keys()),
        ("was changed", {seq for seq in was.keys() & now.keys() if was[seq] != now[seq]}),
        (f"was written after seal {number}", now.keys() - was.keys()),
    ):
        yield from (f"I17 journal {seq} {what}" for seq in sorted(seqs)[:NAMED])


def _broken_seal(
    seal: Row[Any],
    rows: Sequence[Row[Any]],
    journals: Sequence[WrittenJournal],
    *,
    previous_hash: bytes,
) -> Iterator[str]:
    heading = rules.heading(
        number=seal.number,
        last_seq=seal.last_seq,
        journals=seal.journals,
        amount_pence=seal.amount_pence,
        sealed_at=seal.sealed_at,
    )
    hash_now = rules.chained(previous_hash, heading, [bytes(row.digest) for row in rows])
    is_as_it_was = {
        "previous hash": bytes(seal.previous_hash) == previous_hash,
        "hash": bytes(seal.hash) == hash_now,
        "last journal": bool(rows) and rows[-1].seq == seal.last_seq,
        "number of journals": seal.journals == len(rows),
        "amount": seal.amount_pence == sum(journal.amount_pence for journal in journals),
    }
    for what, is_so in is_as_it_was.items():
        if not is_so:
            yield f"I17 seal {seal.number}: another {what}"


def summary(session: Session) -> str:
    journals, postings = session.execute(_COUNTS).one()
    seals = session.execute(_SEALS).all()
    head = f"head {bytes(seals[-1].hash).hex()}" if seals else "none yet"
    unsealed = journals - sum(seal.journals for seal in seals)
    return (
        f"{journals:,} journals, {postings:,} postings, {unsealed:,} journals not sealed yet;"
        f" seals: {len(seals):,}, {head}."
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m services.budget.verify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Ends with 0 when every rule holds, 1 when one is broken, 2 on bad usage, 3 unread.",
    )
    parser.add_argument(
        "--head", action="append", default=[], metavar="HASH", help="a seal's hash that you kept"
    )
    asked = parser.parse_args(arguments)
    try:
        url = settings.required(os.environ, "COMMONPURSE_DATABASE_URL")
        engine = open_engine(url, pool_size=1)
        with Session(engine) as session:
            at_one_moment(session)
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            broken = list(findings(session, kept_hashes=asked.head))
            seen = summary(session)
    except (settings.SettingMissingError, DBAPIError) as error:
        sys.stderr.write(f"The ledger could not be read: {error}\n")
        return UNREADABLE
    sys.stdout.write("".join(f"{line}\n" for line in broken))
    sys.stdout.write(f"{'BROKEN' if broken else 'Verified'}: {seen}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
