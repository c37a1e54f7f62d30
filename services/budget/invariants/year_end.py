"""What became of money that was left at the end of a financial year."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I8 what went back at the end of a year is what its lines say": """
        SELECT 'budget ' || budget_id || ' ' || funder_id || ' year ' || financial_year
        FROM (SELECT l.*, y.period_id FROM year_end_lines AS l
              JOIN year_ends AS y USING (pool_id, financial_year)) AS l FULL JOIN (
            SELECT j.source_id AS period_id, j.budget_id, o.funder_id,
                   sum(amount_pence * ((c.kind = 'lapsed')::int - (d.kind = 'lapsed')::int))
                       AS lapsed,
                   sum(amount_pence * ((d.kind = 'available')::int - (c.kind = 'available')::int))
                       AS taken
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'year_end' GROUP BY 1, 2, 3) AS booked
            USING (period_id, budget_id, funder_id)
        WHERE coalesce(lapsed, 0) <> coalesce(lapsed_pence, 0)
           OR coalesce(taken, 0) <> coalesce(left_pence - carried_pence, 0)
        ORDER BY 1""",
}
