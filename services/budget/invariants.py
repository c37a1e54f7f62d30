"""What must be true of the ledger at any time, as questions to its rows.

The rules bear the numbers of docs/architecture/ledger.md. ``python -m services.budget.verify`` asks
them, and so do tests and benchmarks.
"""

from collections.abc import Mapping

# Each question returns one line for each row that breaks the rule, the first ones first.
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
    "I4 nothing is overdrawn": """
        SELECT 'account ' || account_id FROM balances
        WHERE posted_pence < held_pence OR held_pence < 0 ORDER BY account_id""",
    "I5 what an account holds is what its purchases hold": """
        SELECT 'account ' || account_id || ': ' || b.held_pence || ', purchases '
               || coalesce(held, 0)
        FROM balances AS b JOIN accounts AS a USING (account_id) LEFT JOIN (
            SELECT budget_id, funder_id, sum(p.held_pence) AS held
            FROM hold_portions AS p JOIN holds USING (purchase_id) GROUP BY 1, 2) AS sums
            ON a.kind = 'available'
            AND (sums.budget_id, sums.funder_id) = (a.budget_id, a.funder_id)
        WHERE b.held_pence <> coalesce(held, 0) ORDER BY account_id""",
    "I5 what a portion holds is what was written down of it last": """
        SELECT 'purchase ' || p.purchase_id || ' ' || p.funder_id FROM hold_portions AS p
        LEFT JOIN (SELECT DISTINCT ON (purchase_id, funder_id) purchase_id, funder_id, held_pence
                   FROM held_amounts ORDER BY purchase_id, funder_id, place DESC) AS last
            USING (purchase_id, funder_id)
        WHERE p.held_pence <> coalesce(last.held_pence, 0)
        ORDER BY p.purchase_id, p.funder_id""",
    "I6 a hold is the sum of its portions": """
        SELECT 'purchase ' || purchase_id FROM holds AS h LEFT JOIN hold_portions AS p
            USING (purchase_id)
        GROUP BY purchase_id, h.held_pence, h.posted_pence, h.asked_pence
        HAVING (sum(p.held_pence), sum(p.posted_pence), sum(p.asked_pence))
               IS DISTINCT FROM (h.held_pence::numeric, h.posted_pence::numeric,
                                 h.asked_pence::numeric)
        ORDER BY purchase_id""",
    "I6 what came back beyond what was captured stands as unmatched, in the host's book": """
        SELECT 'budget ' || budget_id || ': ' || coalesce(unmatched, 0) || ', postings '
               || coalesce(booked, 0)
        FROM (SELECT budget_id, sum(unmatched_pence) AS unmatched FROM holds GROUP BY 1) AS h
        FULL JOIN (SELECT a.budget_id, sum(amount) AS booked FROM accounts AS a JOIN (
                       SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
                       UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
                       USING (account_id)
                   WHERE a.kind = 'unmatched' GROUP BY 1) AS b USING (budget_id)
        WHERE coalesce(unmatched, 0) <> coalesce(booked, 0) ORDER BY budget_id""",
    "I7 what a funder has spent on a purchase is its portion": """
        SELECT 'purchase ' || purchase_id || ' ' || funder_id || ': '
               || coalesce(p.posted_pence::text, 'no portion') || ', postings '
               || coalesce(spent, 0)
        FROM (SELECT purchase_id, budget_id, funder_id, p.posted_pence, overspent_pence
              FROM hold_portions AS p JOIN holds USING (purchase_id)) AS p FULL JOIN (
            SELECT source_id AS purchase_id, j.budget_id, o.funder_id,
                   sum(CASE WHEN d.kind IN ('available', 'overspent') THEN amount_pence ELSE 0 END
                       - CASE WHEN c.kind IN ('available', 'overspent') THEN amount_pence
                              ELSE 0 END) AS spent,
                   sum(CASE WHEN d.kind = 'overspent' THEN amount_pence ELSE 0 END
                       - CASE WHEN c.kind = 'overspent' THEN amount_pence ELSE 0 END) AS over
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind IN ('capture', 'refund', 'reapportionment') GROUP BY 1, 2, 3) AS sums
            USING (purchase_id, budget_id, funder_id)
        WHERE (coalesce(p.posted_pence, -1), coalesce(p.overspent_pence, -1))
              <> (coalesce(spent, 0), coalesce(over, 0))
          AND NOT (p.posted_pence IS NULL AND spent = 0 AND over = 0)  -- a host that only advanced
        ORDER BY purchase_id, funder_id""",
    "I7 a purchase moves money between what is there, what is paid and what is due": """
        SELECT 'journal ' || seq || ' line ' || line FROM journals AS j
        JOIN postings USING (journal_id)
        JOIN accounts AS d ON d.account_id = debit_account_id
        JOIN accounts AS c ON c.account_id = credit_account_id
        WHERE j.kind IN ('capture', 'refund', 'reapportionment')
          AND (d.kind NOT IN ('available', 'overspent', 'paid_out', 'due_to', 'due_from',
                              'unmatched', 'with_broker', 'with_person', 'delivered')
               OR c.kind NOT IN ('available', 'overspent', 'paid_out', 'due_to', 'due_from',
                                 'unmatched', 'with_broker', 'with_person', 'delivered')
               OR d.kind IN ('available', 'overspent') AND c.kind IN ('available', 'overspent'))
        ORDER BY seq, line""",
    "I7 what of an agreement is used is what its purchases use": """
        SELECT 'agreement ' || s.agreement_id || ' ' || s.funder_id
        FROM agreement_shares AS s FULL JOIN (
            SELECT h.agreement_id, p.funder_id, sum(p.held_pence + p.posted_pence) AS used
            FROM hold_portions AS p JOIN holds AS h USING (purchase_id) GROUP BY 1, 2) AS sums
            USING (agreement_id, funder_id)
        WHERE coalesce(spent_pence, 0) <> coalesce(used, 0)
        ORDER BY agreement_id, funder_id""",
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
        JOIN accounts AS c ON c.account_id = credit_account_id
        WHERE 'unallocated' IN (d.kind, c.kind) AND NOT (
            j.kind = 'allocation'
            OR j.kind = 'contribution' AND d.kind IN ('paid_in', 'released_in')
            OR j.kind = 'promise' AND d.kind = 'promised')
        ORDER BY seq, line""",
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
    "I11 the service's own role writes no history but by the functions for it": """
        SELECT tablename || ' ' || privilege FROM pg_tables,
            unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE tablename IN ('accounts', 'balances', 'journals', 'postings', 'seals',
                            'sealed_journals', 'period_closures', 'period_balances',
                            'periods', 'period_signatures', 'reopening_approvals', 'year_ends',
                            'year_end_lines', 'day_totals', 'month_totals', 'totals_reach',
                            'held_amounts', 'allocations', 'allocation_endings',
                            'allocation_runs', 'allocation_releases', 'crisis_reserves',
                            'crisis_reserve_parts', 'crisis_reserve_signatures', 'crisis_parts',
                            'crisis_returns')
          AND NOT (privilege = 'INSERT'
                   AND tablename IN ('periods', 'period_signatures', 'reopening_approvals',
                                     'year_ends', 'year_end_lines', 'allocations',
                                     'allocation_endings', 'allocation_runs',
                                     'allocation_releases', 'crisis_reserves',
                                     'crisis_reserve_parts', 'crisis_reserve_signatures',
                                     'crisis_parts', 'crisis_returns'))
          AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'budget')
          AND (has_table_privilege('budget', quote_ident(tablename), privilege)
               OR privilege IN ('INSERT', 'UPDATE')
                  AND has_any_column_privilege('budget', quote_ident(tablename), privilege))
        ORDER BY 1""",
    "I8 a direct payment was paid to the person, and came back, by its journals": """
        SELECT 'payment ' || coalesce(payment_id, source_id) FROM (
            SELECT p.payment_id, s.budget_id, s.item_id, p.amount_pence,
                   (SELECT coalesce(sum(r.amount_pence), 0) FROM returned_payments AS r
                    WHERE r.payment_id = p.payment_id) AS back
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
        WHERE (paid, returned) IS DISTINCT FROM (amount_pence::numeric, back)
           OR (h.budget_id, h.item_id, h.asked_pence, h.posted_pence::numeric)
              IS DISTINCT FROM (p.budget_id, p.item_id, amount_pence, amount_pence - back)
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
    "I11 the service's own role changes nothing of what runs between funders found": """
        SELECT tablename || ' ' || privilege FROM pg_tables,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE tablename IN ('recharge_runs', 'recharge_invoices', 'recharge_lines', 'risk_rules',
                            'risk_rule_parts', 'risk_rule_signatures', 'risk_share_runs',
                            'risk_share_moves', 'item_routes', 'direct_payment_schedules',
                            'direct_payments', 'unpaid_direct_payments', 'direct_payment_returns',
                            'returned_payments', 'overdue_returns', 'broker_transfers',
                            'broker_reports', 'broker_report_lines', 'deliveries')
          AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'budget')
          AND has_table_privilege('budget', quote_ident(tablename), privilege)
        UNION ALL
        SELECT 'recharge_invoices ' || column_name FROM information_schema.columns
        WHERE table_name = 'recharge_invoices'
          AND column_name NOT IN ('bank_reference', 'settled_until', 'kept_pence', 'settled_at')
          AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'budget')
          AND has_column_privilege('budget', 'recharge_invoices', column_name, 'UPDATE')
        ORDER BY 1""",
    "I11 nobody took away what keeps history": """
        SELECT wanted FROM unnest(ARRAY[
            'accounts_are_final', 'journals_are_final', 'journals_are_kept', 'postings_are_final',
            'postings_are_kept', 'seals_are_final', 'seals_are_kept', 'sealed_journals_are_final',
            'sealed_journals_are_kept', 'repayment_steps_are_final', 'repayment_steps_are_kept',
            'budget_endings_are_final', 'budget_endings_are_kept',
            'period_closures_are_final', 'period_closures_are_kept',
            'period_balances_are_final', 'period_balances_are_kept',
            'period_signatures_are_final', 'period_signatures_are_kept',
            'reopening_approvals_are_final', 'reopening_approvals_are_kept',
            'year_ends_are_final', 'year_ends_are_kept', 'year_end_lines_are_final',
            'year_end_lines_are_kept',
            'held_amounts_are_final', 'held_amounts_are_kept',
            'allocations_are_final', 'allocations_are_kept',
            'allocation_endings_are_final', 'allocation_endings_are_kept',
            'allocation_runs_are_final', 'allocation_runs_are_kept',
            'allocation_releases_are_final', 'allocation_releases_are_kept',
            'crisis_reserves_are_final', 'crisis_reserves_are_kept',
            'crisis_reserve_parts_are_final', 'crisis_reserve_parts_are_kept',
            'crisis_reserve_signatures_are_final', 'crisis_reserve_signatures_are_kept',
            'crisis_parts_are_final', 'crisis_parts_are_kept',
            'crisis_returns_are_final', 'crisis_returns_are_kept',
            'item_routes_are_final', 'item_routes_are_kept',
            'direct_payment_schedules_are_final', 'direct_payment_schedules_are_kept',
            'direct_payments_are_final', 'direct_payments_are_kept',
            'unpaid_direct_payments_are_final', 'unpaid_direct_payments_are_kept',
            'direct_payment_returns_are_final', 'direct_payment_returns_are_kept',
            'returned_payments_are_final', 'returned_payments_are_kept',
            'overdue_returns_are_final', 'overdue_returns_are_kept',
            'broker_transfers_are_final', 'broker_transfers_are_kept',
            'broker_reports_are_final', 'broker_reports_are_kept',
            'broker_report_lines_are_final', 'broker_report_lines_are_kept',
            'deliveries_are_final', 'deliveries_are_kept']) AS wanted
        WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = wanted AND tgenabled = 'O')
        ORDER BY 1""",
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
    "I14 a journal is reversed once at most, by its mirror": """
        SELECT 'journal ' || r.seq FROM journals AS r
        LEFT JOIN journals AS j ON j.journal_id::text = r.metadata ->> 'reverses'
        WHERE r.metadata ? 'reverses' AND (
            j.seq IS NULL OR j.seq >= r.seq OR j.metadata ? 'reverses'
            OR (j.budget_id, j.kind, j.source_id)
               IS DISTINCT FROM (r.budget_id, r.kind, r.source_id)
            OR (SELECT array_agg((line, debit_account_id, credit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = j.journal_id) IS DISTINCT FROM
               (SELECT array_agg((line, credit_account_id, debit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = r.journal_id)
            OR EXISTS (SELECT FROM journals AS o WHERE o.seq <> r.seq
                       AND o.metadata ->> 'reverses' = r.metadata ->> 'reverses'))
        ORDER BY r.seq""",
    "I14 what takes a reversed journal's place has its entries": """
        SELECT 'journal ' || n.seq FROM journals AS n
        LEFT JOIN journals AS j ON j.journal_id::text = n.metadata ->> 'corrects'
        WHERE n.metadata ? 'corrects' AND (
            j.seq IS NULL OR NOT EXISTS (
                SELECT FROM journals AS r WHERE r.metadata ->> 'reverses' = j.journal_id::text)
            OR (j.budget_id, j.kind, j.source_id)
               IS DISTINCT FROM (n.budget_id, n.kind, n.source_id)
            OR (SELECT array_agg((line, debit_account_id, credit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = j.journal_id) IS DISTINCT FROM
               (SELECT array_agg((line, debit_account_id, credit_account_id, amount_pence)
                                 ORDER BY line) FROM postings AS p
                WHERE p.journal_id = n.journal_id))
        ORDER BY n.seq""",
    "I15 only a person whose care may be charged for is charged, by what was called for": """
        SELECT 'budget ' || budget_id FROM (
            SELECT j.budget_id, sum(amount_pence) FILTER (WHERE d.kind = 'charge_due') AS raised,
                   sum(amount_pence) FILTER (WHERE d.kind = 'available'
                                             AND c.kind = 'charge_due') AS lowered,
                   sum(amount_pence) FILTER (WHERE d.kind = 'charged') AS paid
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
    "I18 what was told of a hold last is how it stands": """
        SELECT 'purchase ' || purchase_id || ': version ' || version || ', told ' || told
        FROM holds JOIN (
            SELECT subject, max((body -> 'data' ->> 'version')::bigint) AS told FROM outbox
            WHERE event_type LIKE 'budget.hold_%' AND event_type NOT LIKE 'budget.hold_refused.%'
               OR event_type LIKE 'budget.refund_posted.%'
            GROUP BY subject) AS tellings ON subject = 'purchase/' || purchase_id
        WHERE version <> told ORDER BY purchase_id""",
    "I19 a repayment took no more than there was, less what is kept": """
        SELECT 'repayment ' || l.repayment_id || ' ' || l.funder_id || ': ' || taken || ' of '
               || there
        FROM (SELECT l.*, own_pence + to_person_pence + charge_lowered_pence AS taken,
                     (SELECT coalesce(sum(amount), 0) FROM accounts AS a, LATERAL (
                          SELECT journal_id, amount_pence AS amount FROM postings
                          WHERE credit_account_id = a.account_id
                          UNION ALL SELECT journal_id, -amount_pence FROM postings
                          WHERE debit_account_id = a.account_id) AS moves
                      JOIN journals AS before USING (journal_id)
                      WHERE (a.budget_id, a.funder_id) = (j.budget_id, l.funder_id)
                        AND a.name IN ('available', 'unallocated')
                        AND before.seq < j.seq) AS there
              FROM repayment_lines AS l JOIN journals AS j
                  ON (j.source_id, j.kind) = (l.repayment_id, 'repayment')) AS l
        WHERE there <> available_pence
           OR taken > there - held_pence - overspent_pence
                      - committed_pence - contingency_pence - allowance_pence
        ORDER BY 1""",
    "I19 a repayment landed with whose money it was": """
        SELECT 'repayment ' || repayment_id || ' ' || funder_id || ' ' || source || ' to '
               || target || ': ' || coalesce(pence, 0) || ', postings ' || coalesce(moved, 0)
        FROM (SELECT repayment_id, l.funder_id, source, target, sum(pence) AS pence
              FROM repayments JOIN budgets USING (budget_id)
              JOIN repayment_lines AS of_line USING (repayment_id), LATERAL (VALUES
                  (of_line.funder_id, 'available', 'repaid', own_pence),
                  (of_line.funder_id, 'available', 'charge_due', charge_lowered_pence),
                  (of_line.funder_id, 'available', 'charged', to_person_pence),
                  (person_id, 'own_money', 'contributed', to_person_pence))
                  AS l (funder_id, source, target, pence)
              WHERE repayments.state = 'posted' GROUP BY 1, 2, 3, 4) AS lines
        FULL JOIN (
            SELECT j.source_id AS repayment_id, o.funder_id, d.kind AS source, c.kind AS target,
                   sum(amount_pence) AS moved
            FROM journals AS j JOIN postings AS o USING (journal_id)
            JOIN accounts AS d ON d.account_id = debit_account_id
            JOIN accounts AS c ON c.account_id = credit_account_id
            WHERE j.kind = 'repayment' GROUP BY 1, 2, 3, 4) AS booked
            USING (repayment_id, funder_id, source, target)
        WHERE coalesce(pence, 0) <> coalesce(moved, 0)
        ORDER BY 1""",
    "I19 nobody got back more than they had paid": """
        SELECT 'budget ' || budget_id || ' ' || funder_id || ': ' || back || ' of ' || came_in
        FROM (SELECT budget_id, funder_id,
                     sum(amount) FILTER (WHERE kind = 'repaid' OR kind = 'contributed'
                                         AND amount > 0) AS back,
                     -sum(amount) FILTER (WHERE kind IN ('paid_in', 'released_in')
                                          OR kind = 'contributed' AND amount < 0) AS came_in
              FROM accounts JOIN (
                  SELECT credit_account_id AS account_id, amount_pence AS amount FROM postings
                  UNION ALL SELECT debit_account_id, -amount_pence FROM postings) AS moves
                  USING (account_id)
              GROUP BY budget_id, funder_id) AS sums
        WHERE coalesce(back, 0) > coalesce(came_in, 0)
        ORDER BY 1""",
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
