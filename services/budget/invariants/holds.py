"""Holds and purchases: what is held and spent is what portions and postings say."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
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
}
