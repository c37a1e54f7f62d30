"""What went back to the funders and the person."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
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
}
