"""What a person is charged."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I15 only a person whose care may be charged for is charged, by what was called for": """
        SELECT 'budget ' || budget_id FROM (
            -- What a reversal moves back is taken off what it reverses.
            SELECT j.budget_id,
                   sum(amount_pence * ((d.kind = 'charge_due')::int - (c.kind = 'charge_due')::int))
                       FILTER (WHERE j.kind = 'charge') AS raised,
                   sum(amount_pence) FILTER (WHERE j.kind = 'repayment'
                                             AND c.kind = 'charge_due') AS lowered,
                   sum(amount_pence * ((d.kind = 'charged')::int - (c.kind = 'charged')::int))
                       FILTER (WHERE j.kind = 'contribution') AS paid
            FROM journals AS j JOIN postings USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE 'charge_due' IN (d.kind, c.kind) OR 'charged' IN (d.kind, c.kind)
            GROUP BY j.budget_id) AS charges
        WHERE NOT EXISTS (
            SELECT FROM agreements JOIN agreement_shares USING (agreement_id)
            JOIN funders AS f USING (funder_id)
            WHERE agreements.budget_id = charges.budget_id AND f.kind = 'council'
              AND legal_basis = ANY(:chargeable))
           OR coalesce(raised, 0) - coalesce(lowered, 0) <> (
            SELECT coalesce(sum(amount_pence), 0) FROM contributions AS k
            JOIN budgets AS b USING (budget_id)
            WHERE k.budget_id = charges.budget_id AND k.funder_id = b.person_id)
           OR coalesce(paid, 0) > coalesce(raised, 0) - coalesce(lowered, 0)
        ORDER BY budget_id""",
}
