"""What funders owe one another: in two books, on invoices, settled, and by the rule of a year."""

from collections.abc import Mapping

OWED: Mapping[str, str] = {
    "I16 what one funder owes another is what the other is owed": """
        SELECT 'budget ' || budget_id || ' ' || owing || ' to ' || owed
        FROM (SELECT a.budget_id, CASE a.kind WHEN 'due_to' THEN f.code
                                            ELSE split_part(a.name, ' ', 2) END AS owing,
                     CASE a.kind WHEN 'due_to' THEN split_part(a.name, ' ', 2)
                               ELSE f.code END AS owed,
                     amount
              FROM accounts AS a JOIN funders AS f USING (funder_id) JOIN (
                  SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
                  UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
                  USING (account_id)
              WHERE a.kind IN ('due_to', 'due_from')) AS dues
        GROUP BY budget_id, owing, owed HAVING sum(amount) <> 0
        ORDER BY 1""",
}

SETTLED: Mapping[str, str] = {
    "I16 what one funder settled is what the other got of it": """
        SELECT 'budget ' || a.budget_id || ' ' || least(f.code, split_part(a.name, ' ', 2))
               || ' and ' || greatest(f.code, split_part(a.name, ' ', 2))
        FROM accounts AS a JOIN funders AS f USING (funder_id) JOIN (
            SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
            UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
            USING (account_id)
        WHERE a.kind = 'settled'
        GROUP BY a.budget_id, least(f.code, split_part(a.name, ' ', 2)),
                 greatest(f.code, split_part(a.name, ' ', 2))
        HAVING sum(amount) <> 0
        ORDER BY 1""",
    "I16 what two funders owe one another by an invoice is the sum of its lines": """
        SELECT 'invoice ' || coalesce(i.invoice_id, l.invoice_id) FROM recharge_invoices AS i
        FULL JOIN recharge_lines AS l USING (invoice_id)
        GROUP BY i.invoice_id, l.invoice_id, owed_pence, owed_back_pence, i.debtor_id,
                 i.creditor_id
        HAVING owed_pence IS DISTINCT FROM sum(CASE
                   WHEN (l.debtor_id, l.creditor_id) = (i.debtor_id, i.creditor_id)
                   THEN greatest(l.amount_pence, 0) ELSE greatest(-l.amount_pence, 0) END)
            OR owed_back_pence IS DISTINCT FROM sum(CASE
                   WHEN (l.debtor_id, l.creditor_id) = (i.creditor_id, i.debtor_id)
                   THEN greatest(l.amount_pence, 0) ELSE greatest(-l.amount_pence, 0) END)
        ORDER BY 1""",
    "I16 what was settled has one journal in each budget, of its lines, and nothing else has": """
        SELECT 'invoice ' || invoice_id || ' budget ' || budget_id || ' ' || funder_id FROM (
            SELECT invoice_id, l.budget_id, l.debtor_id AS funder_id, sum(amount_pence) AS owed
            FROM recharge_lines AS l JOIN recharge_invoices AS i USING (invoice_id)
            WHERE l.budget_id <= settled_until GROUP BY 1, 2, 3) AS lines
        FULL JOIN (
            SELECT source_id AS invoice_id, j.budget_id, o.funder_id,
                   sum(CASE WHEN d.kind = 'due_to' THEN amount_pence
                            WHEN c.kind = 'due_to' THEN -amount_pence ELSE 0 END) AS settled,
                   count(DISTINCT journal_id) AS journals,
                   bool_and((d.kind, c.kind) IN (('due_to', 'settled'), ('settled', 'due_to'),
                       ('settled', 'due_from'), ('due_from', 'settled'))) AS is_settling
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'settlement' GROUP BY 1, 2, 3) AS booked
            USING (invoice_id, budget_id, funder_id)
        WHERE coalesce(owed, 0) <> coalesce(settled, 0) OR journals > 1 OR NOT is_settling
           OR journals IS NULL
        ORDER BY invoice_id, budget_id, funder_id""",
    "I16 an invoice is wholly settled or still open, over all its budgets": """
        SELECT 'invoice ' || i.invoice_id FROM recharge_invoices AS i
        WHERE (settled_at IS NOT NULL) <> (settled_until IS NOT NULL AND NOT EXISTS (
            SELECT FROM recharge_lines AS l
            WHERE l.invoice_id = i.invoice_id AND l.budget_id > settled_until))
           OR settled_at IS NOT NULL AND net_pence <> (
            SELECT coalesce(sum(CASE WHEN c.kind = 'settled' THEN amount_pence
                                     WHEN d.kind = 'settled' THEN -amount_pence END), 0)
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'settlement' AND source_id = i.invoice_id AND o.funder_id = debtor_id)
        ORDER BY 1""",
    "I16 what a year's rule moved has one journal in each budget, of its moves": """
        SELECT 'risk share ' || run_id || ' budget ' || budget_id || ' ' || funder_id FROM (
            SELECT run_id, budget_id, funder_id, sum(pence) AS moved FROM (
                SELECT run_id, budget_id, payer_id AS funder_id, amount_pence AS pence
                FROM risk_share_moves
                UNION ALL SELECT run_id, budget_id, receiver_id, -amount_pence
                FROM risk_share_moves) AS sides GROUP BY 1, 2, 3) AS moves
        FULL JOIN (
            SELECT source_id AS run_id, j.budget_id, o.funder_id,
                   sum(CASE WHEN d.kind IN ('overspent', 'available') THEN amount_pence ELSE 0 END
                       - CASE WHEN c.kind IN ('overspent', 'available') THEN amount_pence
                              ELSE 0 END) AS paid,
                   count(DISTINCT journal_id) AS journals
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'risk_share' GROUP BY 1, 2, 3) AS booked
            USING (run_id, budget_id, funder_id)
        WHERE coalesce(moved, 0) <> coalesce(paid, 0) OR journals > 1
        ORDER BY run_id, budget_id, funder_id""",
}
