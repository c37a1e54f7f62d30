"""Why anything was written: every kind of journal has a row elsewhere that caused it."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I8 each journal has its cause, in its own budget": """
        SELECT 'journal ' || seq FROM journals AS j
        WHERE NOT EXISTS (SELECT FROM contributions AS k WHERE contribution_id = source_id
                          AND k.budget_id = j.budget_id AND j.kind IN ('contribution', 'promise'))
          AND NOT EXISTS (SELECT FROM holds AS h WHERE purchase_id = source_id
                          AND h.budget_id = j.budget_id
                          AND j.kind IN ('capture', 'refund', 'reapportionment'))
          AND NOT EXISTS (SELECT FROM budgets AS b WHERE b.person_id = source_id
                          AND b.budget_id = j.budget_id AND j.kind = 'charge')
          AND NOT EXISTS (SELECT FROM repayments AS r WHERE repayment_id = source_id
                          AND r.budget_id = j.budget_id AND j.kind = 'repayment'
                          AND r.state = 'posted')
          AND NOT EXISTS (SELECT FROM recharge_lines AS l WHERE invoice_id = source_id
                          AND l.budget_id = j.budget_id AND j.kind = 'settlement')
          AND NOT EXISTS (SELECT FROM risk_share_moves AS m WHERE run_id = source_id
                          AND m.budget_id = j.budget_id AND j.kind = 'risk_share')
          AND NOT EXISTS (SELECT FROM broker_transfers AS t WHERE transfer_id = source_id
                          AND t.budget_id = j.budget_id AND j.kind = 'broker')
          AND NOT EXISTS (SELECT FROM direct_payment_returns AS r WHERE return_id = source_id
                          AND r.budget_id = j.budget_id AND j.kind = 'evidence')
          AND NOT EXISTS (SELECT FROM year_ends AS y JOIN budgets AS b USING (pool_id)
                          WHERE y.period_id = source_id AND b.budget_id = j.budget_id
                          AND j.kind = 'year_end')
          AND NOT EXISTS (SELECT FROM allocations AS a WHERE allocation_id = source_id
                          AND a.budget_id = j.budget_id AND j.kind = 'allocation')
          AND NOT EXISTS (SELECT FROM allocation_releases AS r WHERE release_id = source_id
                          AND r.budget_id = j.budget_id AND j.kind = 'allocation')
          AND NOT EXISTS (SELECT FROM crisis_reserves AS r LEFT JOIN crises USING (reserve_id)
                          WHERE source_id IN (reserve_id, crisis_id)
                          AND r.budget_id = j.budget_id AND j.kind = 'reserve')
        ORDER BY seq""",
}
