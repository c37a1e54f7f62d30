"""Journals, postings and what they come to: every book adds up, and nothing is overdrawn."""

from collections.abc import Mapping

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
        WHERE a.kind IN ('available', 'unallocated')
              AND posted_pence IS DISTINCT FROM coalesce(moved, 0)
           OR coalesce(a.kind, '') NOT IN ('available', 'unallocated')
              AND b.account_id IS NOT NULL
        ORDER BY a.account_id""",
    "I3 the totals of a day are the sum of its postings, as far as they reach": """
        SELECT 'account ' || account_id || ' on ' || effective_on FROM day_totals FULL JOIN (
            SELECT account_id, effective_on, sum(debit) AS debits, sum(credit) AS credits
            FROM journals JOIN postings USING (journal_id),
            LATERAL (VALUES (debit_account_id, amount_pence, 0),
                            (credit_account_id, 0, amount_pence)) AS s (account_id, debit, credit)
            WHERE seq <= (SELECT coalesce(max(seq), 0) FROM totals_reach) GROUP BY 1, 2) AS sums
            USING (account_id, effective_on)
        WHERE (debit_pence, credit_pence) IS DISTINCT FROM (debits::bigint, credits::bigint)
        ORDER BY account_id, effective_on""",
    "I3 the totals of a month are those of its days": """
        SELECT 'account ' || account_id || ' in ' || month_on
        FROM month_totals AS m FULL JOIN (
            SELECT account_id, date_trunc('month', effective_on)::date AS month_on,
                   sum(debit_pence) AS debits, sum(credit_pence) AS credits
            FROM day_totals GROUP BY 1, 2) AS sums USING (account_id, month_on)
        WHERE (debit_pence, credit_pence) IS DISTINCT FROM (debits::bigint, credits::bigint)
        ORDER BY account_id, month_on""",
    "I10 a balance was moved by each of its postings, once, and by nothing else": """
        SELECT 'account ' || a.account_id || ': ' || moves || ' moves, postings '
               || coalesce(counted, 0)
        FROM balances AS b JOIN accounts AS a USING (account_id) LEFT JOIN (
            SELECT account_id, count(*) AS counted FROM (
                SELECT credit_account_id AS account_id FROM postings
                UNION ALL SELECT debit_account_id FROM postings) AS sides
            GROUP BY account_id) AS counts USING (account_id)
        WHERE moves <> coalesce(counted, 0)
        ORDER BY a.account_id""",
    "I4 nothing is overdrawn": """
        SELECT 'account ' || account_id FROM balances
        WHERE posted_pence < held_pence OR held_pence < 0 ORDER BY account_id""",
}
