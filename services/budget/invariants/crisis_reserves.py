"""Reserves for a crisis: what stands, what is called for, and what went back."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I8 a reserve is what was promised, less what was activated, and what came back": """
        SELECT 'budget ' || budget_id || ' ' || funder_id || ': ' || coalesce(stands, 0)
               || ', postings ' || coalesce(reserve, 0) || ' and ' || coalesce(promised, 0)
        FROM (SELECT budget_id, funder_id, sum(pence) AS stands FROM (
                  SELECT budget_id, funder_id, amount_pence AS pence
                  FROM crisis_reserves JOIN crisis_reserve_parts USING (reserve_id)
                  UNION ALL SELECT budget_id, funder_id, -amount_pence
                  FROM crisis_reserves JOIN crises USING (reserve_id)
                  JOIN crisis_parts USING (crisis_id)
                  UNION ALL SELECT budget_id, funder_id, unpromised_pence + repaid_pence
                  FROM crisis_reserves JOIN crises USING (reserve_id)
                  JOIN crisis_returns USING (crisis_id)) AS steps GROUP BY 1, 2) AS wanted
        FULL JOIN (
            SELECT budget_id, funder_id, sum(amount) FILTER (WHERE kind = 'reserve') AS reserve,
                   sum(amount) FILTER (WHERE kind = 'reserve_promised') AS promised
            FROM accounts JOIN (
                SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
                UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
                USING (account_id)
            WHERE kind IN ('reserve', 'reserve_promised') GROUP BY 1, 2) AS booked
            USING (budget_id, funder_id)
        WHERE (coalesce(stands, 0), -coalesce(stands, 0))
              <> (coalesce(reserve, 0), coalesce(promised, 0))
        ORDER BY budget_id, funder_id""",
    "I8 a reserve is never available but by what is called for a crisis": """
        SELECT 'journal ' || seq || ' line ' || line FROM journals AS j
        JOIN postings USING (journal_id)
        JOIN accounts AS d ON d.account_id = debit_account_id
        JOIN accounts AS c ON c.account_id = credit_account_id
        WHERE (j.kind = 'reserve' OR d.kind IN ('reserve', 'reserve_promised')
               OR c.kind IN ('reserve', 'reserve_promised'))
          AND NOT (j.kind = 'reserve' AND (d.kind, c.kind) IN (
              ('reserve', 'reserve_promised'), ('reserve_promised', 'reserve'),
              ('available', 'repaid')))
        ORDER BY seq, line""",
    "I8 what is called for a crisis is a contribution, less what was not needed": """
        SELECT 'crisis ' || crisis_id || ' ' || part.funder_id
        FROM (SELECT crisis_id, budget_id, funder_id, contribution_id, amount_pence
              FROM crisis_reserves JOIN crises USING (reserve_id)
              JOIN crisis_parts USING (crisis_id)) AS part
        LEFT JOIN crisis_returns AS b USING (crisis_id, funder_id)
        LEFT JOIN (
            SELECT source_id AS crisis_id, p.funder_id, sum(p.amount_pence) AS repaid
            FROM journals AS j JOIN postings AS p USING (journal_id)
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'reserve' AND c.kind = 'repaid' GROUP BY 1, 2) AS booked
            USING (crisis_id, funder_id)
        LEFT JOIN contributions AS k USING (contribution_id)
        WHERE (k.budget_id, k.funder_id, k.is_for_crisis, k.amount_pence)
              IS DISTINCT FROM (part.budget_id, part.funder_id, true,
                                part.amount_pence - coalesce(unpromised_pence, 0))
           OR coalesce(repaid, 0) <> coalesce(repaid_pence, 0)
        ORDER BY 1""",
}
