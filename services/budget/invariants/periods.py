"""Closed periods and their snapshots."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I12 a closed period has a snapshot, and a period with one is closed or reopened": """
        SELECT 'period ' || p.period_id FROM periods AS p
        LEFT JOIN (SELECT period_id, max(version) AS versions FROM period_closures GROUP BY 1) AS c
            USING (period_id)
        LEFT JOIN (SELECT period_id, version, count(DISTINCT lower(btrim(actor))) AS approvers
                   FROM reopening_approvals
                   GROUP BY 1, 2 HAVING bool_or(is_last)) AS a
            ON a.period_id = p.period_id AND a.version = c.versions
        WHERE CASE p.state WHEN 'closed' THEN versions IS NULL OR approvers IS NOT NULL
                           WHEN 'closing' THEN versions IS NOT NULL
                                AND coalesce(approvers, 0) < 2
                           ELSE versions IS NOT NULL END
        ORDER BY 1""",
    "I12 nothing was written for a closed period, or a day before it, after its closing": """
        SELECT 'journal ' || seq FROM journals AS j JOIN budgets AS b USING (budget_id)
        JOIN periods AS p ON p.pool_id = b.pool_id AND effective_on < p.ends_on
        WHERE p.state = 'closed'
          AND seq > (SELECT max(last_seq) FROM period_closures AS c
                     WHERE c.period_id = p.period_id)
        ORDER BY seq""",
    "I12 a snapshot is what the journals of its days come to": """
        SELECT 'period ' || period_id || ' version ' || version || ' account ' || account_id
        FROM (SELECT period_id, version, account_id, debits_pence, credits_pence
              FROM period_balances) AS s FULL JOIN (
            SELECT p.period_id, c.version, account_id, sum(debit) AS debits, sum(credit) AS credits
            FROM period_closures AS c JOIN periods AS p USING (period_id)
            JOIN budgets AS b USING (pool_id) JOIN journals AS j USING (budget_id)
            JOIN postings AS o USING (journal_id),
            LATERAL (VALUES (credit_account_id, 0, amount_pence),
                            (debit_account_id, amount_pence, 0))
                AS sides (account_id, debit, credit)
            WHERE effective_on >= p.starts_on AND effective_on < p.ends_on AND seq <= c.last_seq
            GROUP BY 1, 2, 3) AS sums USING (period_id, version, account_id)
        WHERE (coalesce(debits_pence, -1), coalesce(credits_pence, -1))
              <> (coalesce(debits, 0), coalesce(credits, 0))
        ORDER BY 1""",
    "I12 a snapshot opens with what the one before it closed with": """
        SELECT 'period ' || s.period_id || ' version ' || s.version || ' account ' || s.account_id
        FROM (SELECT period_id, version, a.account_id, coalesce(opening_pence, 0) AS opening
              FROM period_closures AS c JOIN periods AS p USING (period_id)
              JOIN budgets AS b USING (pool_id) JOIN accounts AS a USING (budget_id)
              LEFT JOIN period_balances AS s USING (period_id, version, account_id)) AS s
        JOIN period_closures AS c USING (period_id, version)
        JOIN periods AS p USING (period_id)
        LEFT JOIN periods AS q ON q.pool_id = p.pool_id AND q.ends_on = p.starts_on
        LEFT JOIN LATERAL (SELECT coalesce(sum(closing_pence), 0) AS brought
                           FROM period_balances AS o WHERE o.account_id = s.account_id
                           AND (o.period_id, o.version) = (
                               SELECT k.period_id, max(k.version) FROM period_closures AS k
                               WHERE k.period_id = q.period_id AND k.last_seq <= c.last_seq
                               GROUP BY k.period_id)) AS before ON q.period_id IS NOT NULL
        LEFT JOIN LATERAL (SELECT coalesce(sum(pence), 0) AS brought
                           FROM postings AS o JOIN journals AS j USING (journal_id),
                           LATERAL (VALUES (credit_account_id, amount_pence),
                                           (debit_account_id, -amount_pence))
                               AS sides (side_id, pence)
                           WHERE s.account_id IN (credit_account_id, debit_account_id)
                             AND side_id = s.account_id
                             AND effective_on < p.starts_on AND seq <= c.last_seq) AS first
            ON q.period_id IS NULL
        WHERE opening <> coalesce(before.brought, first.brought)
        ORDER BY 1""",
}
