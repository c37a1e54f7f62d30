"""Journals as they stand in the books, in the order in which they were written."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.seal.rules import WrittenJournal

AT_ONCE = 1_000  # rows that are read ahead
HIGHEST_SEQ = 2**63 - 1

_WRITTEN = text("""
    SELECT seq, journal_id, budget_id, kind, source_id, effective_on::text AS effective_on,
           occurred_on::text AS occurred_on,
           to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS recorded_at,
           actor, reason, metadata::text AS metadata,
           (SELECT coalesce(json_agg(json_build_array(line, p.funder_id, debit_account_id, d.name,
                                                      credit_account_id, c.name, amount_pence)
                                     ORDER BY line), '[]')
            FROM postings AS p
            LEFT JOIN accounts AS d ON d.account_id = debit_account_id
            LEFT JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE p.journal_id = j.journal_id) AS postings
    FROM journals AS j WHERE seq > :after AND seq <= :until ORDER BY seq LIMIT :most
""").execution_options(yield_per=AT_ONCE)


def written(
    session: Session, *, after: int = 0, until: int = HIGHEST_SEQ, most: int | None = None
) -> Iterator[WrittenJournal]:
    """Read the journals with ``after < seq <= until``, and ``most`` of them at most, in order."""
    for row in session.execute(_WRITTEN, {"after": after, "until": until, "most": most}):
        columns = row._asdict()
        columns["postings"] = [tuple(posting) for posting in row.postings]
        yield WrittenJournal(**columns)
