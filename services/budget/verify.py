"""Recompute the whole ledger from its rows: ``python -m services.budget.verify``.

Needs only ``COMMONPURSE_DATABASE_URL``, of the database or of a copy of it, and may only read.
Names each rule that is broken and the first rows that break it; the rules bear the numbers of
docs/architecture/ledger.md.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.agreements.rules import CHARGEABLE_BASES
from services.budget.seal import history, rules
from services.budget.seal.rules import WrittenJournal
from shared import settings
from shared.database import open_engine

NAMED = 3  # rows for each rule
UNREADABLE = 3

# Each question returns one line for each row that breaks the rule, the first ones first.
QUESTIONS: Mapping[str, str] = {
    "I1 a posting moves pence between two accounts of its funder and its budget": """
        SELECT 'journal ' || j.seq || ' line ' || line FROM postings AS p
        JOIN journals AS j USING (journal_id)
        LEFT JOIN accounts AS d ON d.account_id = debit_account_id
        LEFT JOIN accounts AS c ON c.account_id = credit_account_id
        WHERE (d.funder_id, c.funder_id, d.budget_id, c.budget_id)
              IS DISTINCT FROM (p.funder_id, p.funder_id, j.budget_id, j.budget_id)
           OR debit_account_id = credit_account_id OR amount_pence <= 0
        ORDER BY j.seq, line""",
    "I1 a journal has postings": """
        SELECT 'journal ' || seq FROM journals AS j
        WHERE NOT EXISTS (SELECT FROM postings AS p WHERE p.journal_id = j.journal_id)
        ORDER BY seq""",
    "I2 in each funder's book debits and credits are equal": """
        SELECT a.funder_id || ': ' || sum(moved) FROM accounts AS a JOIN (
            SELECT credit_account_id AS account_id, amount_pence AS moved FROM postings
            UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
            USING (account_id)
        GROUP BY a.funder_id HAVING sum(moved) <> 0 ORDER BY a.funder_id""",
    "I3 a balance is the sum of its postings": """
        SELECT 'account ' || a.account_id || ': ' || coalesce(posted_pence::text, 'no balance')
               || ', postings ' || coalesce(moved, 0)
        FROM accounts AS a FULL JOIN balances AS b USING (account_id) LEFT JOIN (
            SELECT account_id, sum(amount) AS moved FROM (
                SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
                UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
            GROUP BY account_id) AS sums USING (account_id)
        WHERE a.kind = 'available' AND posted_pence IS DISTINCT FROM coalesce(moved, 0)
           OR a.kind IS DISTINCT FROM 'available' AND b.account_id IS NOT NULL
        ORDER BY a.account_id""",
    "I4 nothing is overdrawn": """
        SELECT 'account ' || account_id FROM balances
        WHERE posted_pence < held_pence OR held_pence < 0 ORDER BY account_id""",
    "I5 what an account holds is what its purchases hold": """
        SELECT 'account ' || account_id || ': ' || b.held_pence || ', purchases '
               || coalesce(held, 0)
        FROM balances AS b JOIN accounts AS a USING (account_id) LEFT JOIN (
            SELECT budget_id, funder_id, sum(p.held_pence) AS held
            FROM hold_portions AS p JOIN holds USING (purchase_id) GROUP BY 1, 2) AS sums
            USING (budget_id, funder_id)
        WHERE b.held_pence <> coalesce(held, 0) ORDER BY account_id""",
    "I6 a hold is the sum of its portions": """
        SELECT 'purchase ' || purchase_id FROM holds AS h LEFT JOIN hold_portions AS p
            USING (purchase_id)
        GROUP BY purchase_id, h.held_pence, h.posted_pence, h.asked_pence
        HAVING (sum(p.held_pence), sum(p.posted_pence), sum(p.asked_pence))
               IS DISTINCT FROM (h.held_pence::numeric, h.posted_pence::numeric,
                                 h.asked_pence::numeric)
        ORDER BY purchase_id""",
    "I7 what a funder has paid for a purchase is its portion": """
        SELECT 'purchase ' || purchase_id || ' ' || funder_id || ': '
               || coalesce(p.posted_pence::text, 'no portion') || ', postings ' || coalesce(paid, 0)
        FROM (SELECT purchase_id, budget_id, funder_id, p.posted_pence, overspent_pence
              FROM hold_portions AS p JOIN holds USING (purchase_id)) AS p FULL JOIN (
            SELECT source_id AS purchase_id, j.budget_id, o.funder_id,
                   sum(CASE WHEN c.kind = 'paid_out' THEN amount_pence ELSE -amount_pence END)
                       AS paid,
                   sum(CASE WHEN d.kind = 'overspent' THEN amount_pence
                            WHEN c.kind = 'overspent' THEN -amount_pence ELSE 0 END) AS over
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind IN ('capture', 'refund') GROUP BY 1, 2, 3) AS sums
            USING (purchase_id, budget_id, funder_id)
        WHERE (coalesce(p.posted_pence, -1), coalesce(p.overspent_pence, -1))
              <> (coalesce(paid, 0), coalesce(over, 0))
        ORDER BY purchase_id, funder_id""",
    "I7 a purchase moves money from what is available, or overspent, to what is paid out": """
        SELECT 'journal ' || seq || ' line ' || line FROM journals AS j
        JOIN postings USING (journal_id)
        JOIN accounts AS d ON d.account_id = debit_account_id
        JOIN accounts AS c ON c.account_id = credit_account_id
        WHERE j.kind IN ('capture', 'refund')
          AND NOT (d.kind IN ('available', 'overspent') AND c.kind = 'paid_out')
          AND NOT (c.kind IN ('available', 'overspent') AND d.kind = 'paid_out')
        ORDER BY seq, line""",
    "I7 what a funder has used of the joint items is what their purchases use": """
        SELECT 'budget ' || s.budget_id || ' ' || s.funder_id FROM funder_shares AS s LEFT JOIN (
            SELECT h.budget_id, p.funder_id, sum(p.held_pence + p.posted_pence) AS used
            FROM hold_portions AS p JOIN holds AS h USING (purchase_id)
            JOIN budget_items AS i USING (item_id) WHERE i.payer = 'joint' GROUP BY 1, 2) AS sums
            USING (budget_id, funder_id)
        WHERE joint_spent_pence <> coalesce(used, 0) ORDER BY s.budget_id, s.funder_id""",
    "I8 a contribution that came in has one journal, of its amount and into its accounts": """
        SELECT 'contribution ' || contribution_id FROM contributions AS k LEFT JOIN (
            SELECT source_id, j.budget_id, count(DISTINCT journal_id) AS journals,
                   sum(amount_pence) FILTER (WHERE (p.funder_id, d.kind, c.kind)
                       IN (('nhs', 'paid_in', 'available'))) AS nhs,
                   sum(amount_pence) FILTER (WHERE (p.funder_id, d.kind, c.kind)
                       IN (('council', 'paid_in', 'available'))) AS council,
                   sum(amount_pence) FILTER (WHERE (p.funder_id, d.kind, c.kind)
                       IN (('council', 'charged', 'available'))) AS charged,
                   sum(amount_pence) FILTER (WHERE (p.funder_id, d.kind, c.kind)
                       IN (('person', 'contributed', 'own_money'))) AS person,
                   sum(amount_pence) AS moved
            FROM journals AS j JOIN postings AS p USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'contribution' GROUP BY 1, 2) AS booked
            ON source_id = contribution_id AND booked.budget_id = k.budget_id
        WHERE CASE
            WHEN received_at IS NULL THEN journals IS NOT NULL
            WHEN k.funder_id = 'person' THEN (journals, charged, person, moved)
                IS DISTINCT FROM (1::bigint, amount_pence::numeric, amount_pence::numeric,
                                  2 * amount_pence::numeric)
            ELSE (journals, CASE k.funder_id WHEN 'nhs' THEN nhs ELSE council END, moved)
                IS DISTINCT FROM (1::bigint, amount_pence::numeric, amount_pence::numeric)
        END
        ORDER BY contribution_id""",
    "I8 each journal has its cause, in its own budget": """
        SELECT 'journal ' || seq FROM journals AS j
        WHERE NOT EXISTS (SELECT FROM contributions AS k WHERE contribution_id = source_id
                          AND k.budget_id = j.budget_id AND j.kind = 'contribution')
          AND NOT EXISTS (SELECT FROM holds AS h WHERE purchase_id = source_id
                          AND h.budget_id = j.budget_id AND j.kind IN ('capture', 'refund'))
        ORDER BY seq""",
    "I11 the service's own role writes no history but by the functions for it": """
        SELECT tablename || ' ' || privilege FROM pg_tables,
            unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE tablename IN ('accounts', 'balances', 'journals', 'postings', 'seals',
                            'sealed_journals')
          AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'budget')
          AND (has_table_privilege('budget', quote_ident(tablename), privilege)
               OR privilege IN ('INSERT', 'UPDATE')
                  AND has_any_column_privilege('budget', quote_ident(tablename), privilege))
        ORDER BY 1""",
    "I11 nobody took away what keeps history": """
        SELECT wanted FROM unnest(ARRAY[
            'accounts_are_final', 'journals_are_final', 'journals_are_kept', 'postings_are_final',
            'postings_are_kept', 'seals_are_final', 'seals_are_kept', 'sealed_journals_are_final',
            'sealed_journals_are_kept']) AS wanted
        WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = wanted AND tgenabled = 'O')
        ORDER BY 1""",
    "I15 only a person whose care may be charged for is charged": """
        SELECT DISTINCT 'journal ' || seq FROM journals AS j JOIN postings AS p USING (journal_id)
        JOIN accounts AS a ON a.account_id IN (debit_account_id, credit_account_id)
        LEFT JOIN budgets AS b ON b.budget_id = j.budget_id
        WHERE a.kind IN ('charged', 'own_money', 'contributed')
          AND (a.kind = 'charged' AND a.funder_id <> 'council'
               OR legal_basis IS NULL OR legal_basis <> ALL(:chargeable))
        ORDER BY 1""",
}
_SEALS = text("SELECT * FROM seals ORDER BY number")
_SEALED = text(
    "SELECT seq, number, digest FROM sealed_journals ORDER BY number, seq"
).execution_options(yield_per=history.AT_ONCE)
_COUNTS = text("SELECT (SELECT count(*) FROM journals), (SELECT count(*) FROM postings)")


def findings(session: Session, *, kept_hashes: Sequence[str] = ()) -> Iterator[str]:
    """Return a line for each row that breaks a rule; of each rule the first few.

    ``kept_hashes`` are hashes of seals that somebody kept elsewhere: each must still be one.
    """
    for rule, question in QUESTIONS.items():
        values = {"chargeable": sorted(CHARGEABLE_BASES)} if ":chargeable" in question else {}
        first = text(f"SELECT * FROM ({question}) AS broken LIMIT {NAMED}")  # noqa: S608 - ours
        yield from (f"{rule}: {row}" for row in session.scalars(first, values).all())
    yield from _broken_seals(session)
    known = {seal.hash.hex() for seal in session.execute(_SEALS)}
    for kept in kept_hashes:
        if kept.lower() not in known:
            yield f"I17 no seal has the hash {kept}"


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
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
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
