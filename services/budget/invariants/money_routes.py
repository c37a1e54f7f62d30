"""Money that goes another way than by the host: the person, a broker, or a partner who delivers."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I8 a direct payment was paid to the person, and came back, by its journals": """
        SELECT 'payment ' || coalesce(payment_id, source_id) FROM (
            SELECT p.payment_id, s.budget_id, s.item_id, p.amount_pence,
                   (SELECT coalesce(sum(r.amount_pence), 0) FROM returned_payments AS r
                    WHERE r.payment_id = p.payment_id) AS back,
                   (SELECT coalesce(sum(r.amount_pence), 0)  -- what the bank paid after all
                    FROM returned_payments AS r JOIN paid_after_failure USING (payment_id)
                    WHERE r.payment_id = p.payment_id
                      AND r.bank_reference = 'not paid: ' || p.payment_id) AS again
            FROM direct_payments AS p JOIN direct_payment_schedules AS s USING (schedule_id)) AS p
        FULL JOIN (
            SELECT source_id, budget_id, coalesce(sum(pence) FILTER (WHERE kind = 'capture'), 0)
                   AS paid, coalesce(-sum(pence) FILTER (WHERE kind = 'refund'), 0) AS returned
            FROM (SELECT source_id, j.budget_id, j.kind,
                         amount_pence * ((c.kind = 'with_person')::int
                                         - (d.kind = 'with_person')::int) AS pence
                  FROM journals AS j JOIN postings USING (journal_id)
                  JOIN accounts AS d ON d.account_id = debit_account_id
                  JOIN accounts AS c ON c.account_id = credit_account_id
                  WHERE 'with_person' IN (c.kind, d.kind) AND j.kind <> 'evidence') AS moves
            GROUP BY 1, 2) AS booked ON source_id = payment_id AND booked.budget_id = p.budget_id
        LEFT JOIN holds AS h ON h.purchase_id = payment_id
        WHERE (paid, returned) IS DISTINCT FROM (amount_pence + again, back)
           OR (h.budget_id, h.item_id, h.asked_pence, h.posted_pence::numeric)
              IS DISTINCT FROM (p.budget_id, p.item_id, amount_pence, amount_pence - back + again)
        ORDER BY 1""",
    "I8 what was shown for direct payments is what journals moved, and nothing else": """
        SELECT 'return ' || coalesce(return_id, source_id) FROM direct_payment_returns AS r
        FULL JOIN (
            SELECT source_id, j.budget_id, sum(amount_pence) AS moved,
                   bool_and(j.kind = 'evidence'
                            AND (d.kind, c.kind) = ('with_person', 'evidenced')) AS is_shown
            FROM journals AS j JOIN postings USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'evidence' OR 'evidenced' IN (d.kind, c.kind) GROUP BY 1, 2) AS booked
            ON source_id = return_id AND booked.budget_id = r.budget_id
        WHERE moved IS DISTINCT FROM spent_pence::numeric OR NOT is_shown
        ORDER BY 1""",
    "I8 what was delivered has its journal, of its amount": """
        SELECT 'delivery ' || coalesce(delivery_id, source_id) FROM deliveries FULL JOIN (
            SELECT source_id, sum(amount_pence * ((c.kind = 'delivered')::int
                                                  - (d.kind = 'delivered')::int)) AS moved
            FROM journals AS j JOIN postings USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE 'delivered' IN (d.kind, c.kind) GROUP BY 1) AS booked ON source_id = delivery_id
        LEFT JOIN holds AS h ON h.purchase_id = delivery_id
        WHERE moved IS DISTINCT FROM amount_pence::numeric
           OR posted_pence IS DISTINCT FROM amount_pence
        ORDER BY 1""",
    "I8 what a broker got and gave back has its journal, of its amount": """
        SELECT 'transfer ' || coalesce(transfer_id, source_id) FROM broker_transfers AS t
        FULL JOIN (
            SELECT source_id, j.budget_id, sum(amount_pence * CASE
                       WHEN (d.kind, c.kind) = ('with_broker', 'paid_out') THEN 1
                       WHEN (d.kind, c.kind) = ('paid_out', 'with_broker') THEN -1 END) AS given
            FROM journals AS j JOIN postings USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'broker' GROUP BY 1, 2) AS booked
            ON source_id = transfer_id AND booked.budget_id = t.budget_id
        WHERE given IS DISTINCT FROM
              CASE direction WHEN 'top_up' THEN amount_pence ELSE -amount_pence END::numeric
        ORDER BY 1""",
    "I8 no more is evidenced than was paid, in any book and for any item": """
        SELECT 'account ' || account_id FROM accounts JOIN (
            SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
            UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
            USING (account_id)
        WHERE kind = 'with_person' GROUP BY account_id HAVING sum(amount) < 0
        UNION ALL
        SELECT 'item ' || item_id FROM direct_payment_returns AS r GROUP BY item_id
        HAVING sum(spent_pence) > (
            SELECT coalesce(sum(posted_pence), 0) FROM holds AS h
            JOIN direct_payments ON payment_id = purchase_id WHERE h.item_id = r.item_id)
        ORDER BY 1""",
}
