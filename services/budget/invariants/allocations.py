"""Money that becomes usable bit by bit, and what is set aside until then."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I8 what became usable and what was set aside has one journal, of its run": """
        SELECT 'allocation ' || source_id || ' ' || period || ': ' || coalesce(given, 0) || ' less '
               || coalesce(taken, 0) || ', postings ' || coalesce(credited, 0) || ' less '
               || coalesce(debited, 0)
        FROM (SELECT allocation_id AS source_id, budget_id, funder_id, '' AS period, 0 AS given,
                     set_aside_pence AS taken FROM allocations
              UNION ALL SELECT r.allocation_id, budget_id, funder_id, period_starts_on::text,
                               allocated_pence, taken_back_pence
              FROM allocation_runs AS r JOIN allocations USING (allocation_id)
              UNION ALL SELECT release_id, budget_id, funder_id, '', amount_pence, 0
              FROM allocation_releases) AS rows
        FULL JOIN (
            SELECT source_id, j.budget_id, o.funder_id,
                   coalesce(metadata->>'period_starts_on', '') AS period,
                   sum(amount_pence) FILTER (WHERE c.kind = 'available') AS credited,
                   sum(amount_pence) FILTER (WHERE d.kind = 'available') AS debited,
                   count(DISTINCT journal_id) AS journals,
                   bool_and((d.kind, c.kind) IN (('unallocated', 'available'),
                       ('available', 'unallocated'))) AS is_allocating
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'allocation' GROUP BY 1, 2, 3, 4) AS booked
            USING (source_id, budget_id, funder_id, period)
        WHERE (coalesce(given, 0), coalesce(taken, 0))
              <> (coalesce(credited, 0), coalesce(debited, 0))
           OR journals > 1 OR NOT is_allocating
        ORDER BY source_id, period""",
    "I8 nothing is unallocated but what came in, was promised or was set aside": """
        SELECT 'journal ' || seq || ' line ' || line FROM journals AS j
        JOIN postings USING (journal_id)
        JOIN accounts AS d ON d.account_id = debit_account_id
        JOIN accounts AS c ON c.account_id = credit_account_id,
        LATERAL (SELECT CASE WHEN j.metadata ? 'reverses' THEN c.kind
                             ELSE d.kind END) AS of_it (source)
        WHERE 'unallocated' IN (d.kind, c.kind) AND NOT (
            j.kind = 'allocation'
            OR j.kind = 'contribution' AND source IN ('paid_in', 'released_in')
            OR j.kind = 'promise' AND source = 'promised')
        ORDER BY seq, line""",
}
