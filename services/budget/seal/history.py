"""Journals as they stand in the books, in the order in which they were written."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.seal.rules import WrittenJournal

AT_ONCE = 1_000

_WRITTEN = text("""
    SELECT seq, journal_id, budget_id, kind, source_id, effective_on, occurred_on, recorded_at,
           actor, reason, metadata,
           (SELECT coalesce(json_agg(json_build_array(line, p.funder_id, debit_account_id, d.kind,
                                                      credit_account_id, c.kind, amount_pence)
                                     ORDER BY line), '[]')
            FROM postings AS p
            LEFT JOIN accounts AS d ON d.account_id = debit_account_id
            LEFT JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE p.journal_id = j.journal_id) AS postings
    FROM journals AS j WHERE seq > :after AND seq <= :until ORDER BY seq
""")


def written(session: Session, *, after: int, until: int) -> Iterator[WrittenJournal]:
    """Read the journals with ``after < seq <= until``, a thousand at a time."""
    rows = session.execute(
        _WRITTEN, {"after": after, "until": until}, execution_options={"yield_per": AT_ONCE}
    )
    for row in rows:
        columns = row._asdict()
        columns["postings"] = [tuple(posting) for posting in row.postings]
        yield WrittenJournal(**columns)
