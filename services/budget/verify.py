"""Recompute the whole ledger from its rows: ``python -m services.budget.verify``.

Needs only ``COMMONPURSE_DATABASE_URL``, of the database or of a copy of it, and may only read.
Names each rule that is broken and the first rows that break it; the rules bear the numbers of
docs/architecture/ledger.md.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.agreements.rules import CHARGEABLE_BASES
from services.budget.seal import history, rules
from shared import settings
from shared.database import open_engine

NAMED = 3  # rows for each rule
HIGHEST_SEQ = 2**63 - 1

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
        SELECT 'purchase ' || purchase_id FROM holds AS h JOIN hold_portions AS p
            USING (purchase_id)
        GROUP BY purchase_id, h.held_pence, h.posted_pence, h.asked_pence
        HAVING (sum(p.held_pence), sum(p.posted_pence), sum(p.asked_pence))
               <> (h.held_pence, h.posted_pence, h.asked_pence)
        ORDER BY purchase_id""",
    "I7 what a funder has paid for a purchase is its portion": """
        SELECT 'purchase ' || purchase_id || ' ' || p.funder_id || ': ' || p.posted_pence
               || ', postings ' || coalesce(paid, 0)
        FROM hold_portions AS p LEFT JOIN (
            SELECT source_id AS purchase_id, o.funder_id,
                   sum(CASE WHEN c.kind = 'paid_out' THEN amount_pence ELSE -amount_pence END)
                       AS paid,
                   sum(CASE WHEN d.kind = 'overspent' THEN amount_pence
                            WHEN c.kind = 'overspent' THEN -amount_pence ELSE 0 END) AS over
            FROM journals JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE journals.kind IN ('capture', 'refund') GROUP BY 1, 2) AS sums
            USING (purchase_id, funder_id)
        WHERE (p.posted_pence, p.overspent_pence) <> (coalesce(paid, 0), coalesce(over, 0))
        ORDER BY purchase_id, p.funder_id""",
    "I7 what a funder has used of the joint items is what their purchases use": """
        SELECT 'budget ' || s.budget_id || ' ' || s.funder_id FROM funder_shares AS s LEFT JOIN (
            SELECT h.budget_id, p.funder_id, sum(p.held_pence + p.posted_pence) AS used
            FROM hold_portions AS p JOIN holds AS h USING (purchase_id)
            JOIN budget_items AS i USING (item_id) WHERE i.payer = 'joint' GROUP BY 1, 2) AS sums
            USING (budget_id, funder_id)
        WHERE joint_spent_pence <> coalesce(used, 0) ORDER BY s.budget_id, s.funder_id""",
    "I8 a contribution that came in has one journal, and each journal has its cause": """
        SELECT 'contribution ' || contribution_id FROM contributions
        LEFT JOIN journals AS j ON source_id = contribution_id AND j.kind = 'contribution'
        GROUP BY contribution_id, received_at
        HAVING count(journal_id) <> CASE WHEN received_at IS NULL THEN 0 ELSE 1 END
        UNION ALL SELECT 'journal ' || seq FROM journals AS j
        WHERE NOT EXISTS (SELECT FROM contributions WHERE contribution_id = source_id)
          AND NOT EXISTS (SELECT FROM holds WHERE purchase_id = source_id)
        ORDER BY 1""",
    "I11 the service's own role changes no history": """
        SELECT tablename || ' ' || privilege FROM pg_tables,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE tablename IN ('accounts', 'balances', 'journals', 'postings', 'seals',
                            'sealed_journals')
          AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'budget')
          AND has_table_privilege('budget', quote_ident(tablename), privilege) ORDER BY 1""",
    "I15 only a person whose care may be charged for is charged": """
        SELECT 'journal ' || seq FROM journals AS j JOIN postings AS p USING (journal_id)
        JOIN accounts AS a ON a.account_id IN (debit_account_id, credit_account_id)
        JOIN budgets AS b ON b.budget_id = j.budget_id
        WHERE a.kind = 'charged' AND (a.funder_id <> 'council' OR legal_basis <> ALL(:chargeable))
        ORDER BY seq""",
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
        rows = session.scalars(text(question), values).fetchmany(NAMED)
        yield from (f"{rule}: {row}" for row in rows)
    yield from _broken_seals(session)
    known = {seal.hash.hex() for seal in session.execute(_SEALS)}
    yield from (f"I17 no seal has the hash {kept}" for kept in kept_hashes if kept not in known)


def _broken_seals(session: Session) -> Iterator[str]:
    """Recompute every seal from the journals as they stand now."""
    written = history.written(session, after=0, until=HIGHEST_SEQ)
    digests = {journal.seq: (rules.digest(journal), journal.amount_pence) for journal in written}
    sealed = {
        number: list(rows)
        for number, rows in groupby(session.execute(_SEALED), key=lambda row: row.number)
    }
    previous_hash, previous_seq = rules.BEFORE_THE_FIRST, 0
    for number, seal in enumerate(session.execute(_SEALS).all(), start=1):
        rows = sealed.get(seal.number, [])
        if seal.number != number:
            yield f"I17 seal {number} is missing"
            return
        yield from list(_broken_journals(rows, digests))[:NAMED]
        inside = [seq for seq in digests if previous_seq < seq <= seal.last_seq]
        yield from (
            f"I17 journal {seq} was written after seal {number}"
            for seq in sorted(set(inside) - {row.seq for row in rows})[:NAMED]
        )
        now = {
            "previous hash": bytes(seal.previous_hash) == previous_hash,
            "hash": rules.chained(previous_hash, [bytes(row.digest) for row in rows])
            == bytes(seal.hash),
            "number of journals": len(rows) == seal.journals,
            "amount": sum(digests[row.seq][1] for row in rows if row.seq in digests)
            == seal.amount_pence,
        }
        yield from (
            f"I17 seal {number}: another {what}" for what, is_so in now.items() if not is_so
        )
        previous_hash, previous_seq = bytes(seal.hash), seal.last_seq


def _broken_journals(
    rows: Sequence[Row[tuple[int, int, bytes]]], digests: Mapping[int, tuple[bytes, int]]
) -> Iterator[str]:
    for row in rows:
        if row.seq not in digests:
            yield f"I17 journal {row.seq} is gone"
        elif digests[row.seq][0] != bytes(row.digest):
            yield f"I17 journal {row.seq} was changed"


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
        epilog="Ends with 0 when every rule holds, 1 when one is broken, 2 on bad usage.",
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
            broken = list(findings(session, kept_hashes=asked.head))
            seen = summary(session)
    except (settings.SettingMissingError, DBAPIError) as error:
        sys.stderr.write(f"The ledger could not be read: {error}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in broken))
    sys.stdout.write(f"{'BROKEN' if broken else 'Verified'}: {seen}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
