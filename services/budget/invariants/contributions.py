"""What came in, and what was promised."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I8 what came in and was promised has its journals, of its amount and into its accounts": """
        SELECT 'contribution ' || contribution_id FROM contributions AS k
        JOIN funders AS f USING (funder_id) LEFT JOIN (
            SELECT source_id, j.budget_id, o.funder_id,
                   sum(step_pence) FILTER (WHERE j.kind = 'promise'
                       AND d.kind = 'promised'
                       AND c.kind IN ('available', 'unallocated'))
                   - coalesce(sum(step_pence) FILTER (WHERE j.kind = 'promise'
                       AND (d.kind, c.kind) = ('available', 'promised')), 0) AS promised,
                   sum(step_pence) FILTER (WHERE j.kind = 'contribution'
                       AND d.kind IN ('paid_in', 'released_in')
                       AND c.kind IN ('available', 'unallocated', 'promised')
                       OR j.kind = 'contribution'
                       AND (d.kind, c.kind) = ('contributed', 'own_money')) AS received,
                   sum(CASE WHEN j.kind = 'promise' AND c.kind = 'promised'
                            THEN -step_pence ELSE step_pence END) AS moved
            FROM journals AS j JOIN postings AS p USING (journal_id),
            -- What a reversal moves back counts as what it takes away.
            LATERAL (SELECT p.funder_id,
                            CASE WHEN j.metadata ? 'reverses' THEN credit_account_id
                                 ELSE debit_account_id END AS from_id,
                            CASE WHEN j.metadata ? 'reverses' THEN debit_account_id
                                 ELSE credit_account_id END AS to_id,
                            CASE WHEN j.metadata ? 'reverses' THEN -p.amount_pence
                                 ELSE p.amount_pence END AS step_pence) AS o
            JOIN accounts AS d ON d.account_id = from_id
            JOIN accounts AS c ON c.account_id = to_id
            WHERE j.kind IN ('contribution', 'promise') GROUP BY 1, 2, 3) AS booked
            ON source_id = contribution_id AND booked.budget_id = k.budget_id
            AND booked.funder_id = k.funder_id
        WHERE coalesce(received, 0) <> received_pence
           OR coalesce(promised, 0) <> CASE WHEN committed_at IS NULL THEN 0 ELSE amount_pence END
           OR coalesce(moved, 0) <> coalesce(received, 0) + coalesce(promised, 0)
           OR received_pence <> (SELECT coalesce(sum(r.amount_pence), 0) FROM receipts AS r
                                 WHERE r.contribution_id = k.contribution_id)
        ORDER BY contribution_id""",
}
