"""What the service's own role may write, and the triggers that keep what was written."""

from collections.abc import Mapping

ON_HISTORY: Mapping[str, str] = {
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
}

ON_FINDINGS: Mapping[str, str] = {
    "I11 the service's own role changes nothing of what runs between funders found": """
        SELECT tablename || ' ' || privilege FROM pg_tables,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
        WHERE tablename IN ('recharge_runs', 'recharge_invoices', 'recharge_lines', 'risk_rules',
                            'risk_rule_parts', 'risk_rule_signatures', 'risk_share_runs',
                            'risk_share_moves', 'item_routes', 'direct_payment_schedules',
                            'direct_payments', 'unpaid_direct_payments', 'direct_payment_returns',
                            'returned_payments', 'paid_after_failure', 'overdue_returns',
                            'broker_transfers', 'broker_reports', 'broker_report_lines',
                            'deliveries')
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
            'paid_after_failure_are_final', 'paid_after_failure_are_kept',
            'overdue_returns_are_final', 'overdue_returns_are_kept',
            'broker_transfers_are_final', 'broker_transfers_are_kept',
            'broker_reports_are_final', 'broker_reports_are_kept',
            'broker_report_lines_are_final', 'broker_report_lines_are_kept',
            'deliveries_are_final', 'deliveries_are_kept']) AS wanted
        WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = wanted AND tgenabled = 'O')
        ORDER BY 1""",
}
