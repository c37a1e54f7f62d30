"""Journals that take one back, or take its place."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I14 a journal is reversed once at most, by its mirror": """
        SELECT 'journal ' || r.seq FROM journals AS r
        LEFT JOIN journals AS j ON j.journal_id::text = r.metadata ->> 'reverses'
        WHERE r.metadata ? 'reverses' AND (
            j.seq IS NULL OR j.seq >= r.seq OR j.metadata ? 'reverses'
            OR (j.budget_id, j.kind, j.source_id)
               IS DISTINCT FROM (r.budget_id, r.kind, r.source_id)
            OR (SELECT array_agg((line, debit_account_id, credit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = j.journal_id) IS DISTINCT FROM
               (SELECT array_agg((line, credit_account_id, debit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = r.journal_id)
            OR EXISTS (SELECT FROM journals AS o WHERE o.seq <> r.seq
                       AND o.metadata ->> 'reverses' = r.metadata ->> 'reverses'))
        ORDER BY r.seq""",
    "I14 what takes a reversed journal's place has its entries": """
        SELECT 'journal ' || n.seq FROM journals AS n
        LEFT JOIN journals AS j ON j.journal_id::text = n.metadata ->> 'corrects'
        WHERE n.metadata ? 'corrects' AND (
            j.seq IS NULL OR NOT EXISTS (
                SELECT FROM journals AS r WHERE r.metadata ->> 'reverses' = j.journal_id::text)
            OR (j.budget_id, j.kind, j.source_id)
               IS DISTINCT FROM (n.budget_id, n.kind, n.source_id)
            OR (SELECT array_agg((line, debit_account_id, credit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = j.journal_id) IS DISTINCT FROM
               (SELECT array_agg((line, debit_account_id, credit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = n.journal_id))
        ORDER BY n.seq""",
}
