"""who may see whose record, who saw it, and the reader that sees no other"""

from alembic import op

from access import revisions

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NOBODYS = (
    "external_files",
    "external_lines",
    "funder_contacts",
    "funders",
    "heard_crises",
    "matches",
    "period_closures",
    "period_signatures",
    "periods",
    "pool_partners",
    "pools",
    "recharge_invoices",
    "recharge_runs",
    "refused_holds",
    "reopening_approvals",
    "risk_rule_parts",
    "risk_rule_signatures",
    "risk_rules",
    "risk_share_runs",
    "sealed_journals",
    "seals",
    "totals_reach",
    "undone_matches",
    "unmatched_cards",
    "year_ends",
)
PERSONAL = {
    "heard_deaths": "person_id",
    "budgets": "person_id",
    "financial_assessments": "budget_id>budgets",
    "journals": "budget_id>budgets",
    "accounts": "budget_id>budgets",
    "balances": "account_id>accounts",
    "day_totals": "account_id>accounts",
    "month_totals": "account_id>accounts",
    "postings": "journal_id>journals",
    "agreements": "budget_id>budgets",
    "allocation_releases": "budget_id>budgets",
    "allocations": "budget_id>budgets",
    "broker_reports": "budget_id>budgets",
    "broker_transfers": "budget_id>budgets",
    "budget_endings": "budget_id>budgets",
    "budget_items": "budget_id>budgets",
    "budget_versions": "budget_id>budgets",
    "contributions": "budget_id>budgets",
    "crisis_reserves": "budget_id>budgets",
    "last_forecasts": "budget_id>budgets",
    "match_lines": "journal_id?>journals",
    "repayments": "budget_id>budgets",
    "suspense_items": "journal_id?>journals",
    "agreement_shares": "agreement_id>agreements",
    "agreement_signatures": "agreement_id>agreements",
    "allocation_endings": "allocation_id>allocations",
    "allocation_runs": "allocation_id>allocations",
    "broker_report_lines": "report_id>broker_reports",
    "crises": "reserve_id>crisis_reserves",
    "crisis_reserve_parts": "reserve_id>crisis_reserves",
    "crisis_reserve_signatures": "reserve_id>crisis_reserves",
    "direct_payment_returns": "budget_id>budgets",
    "direct_payment_schedules": "budget_id>budgets",
    "holds": "budget_id>budgets",
    "item_routes": "item_id>budget_items",
    "overdue_returns": "item_id>budget_items",
    "receipts": "contribution_id>contributions",
    "recharge_lines": "budget_id>budgets",
    "repayment_lines": "repayment_id>repayments",
    "repayment_steps": "repayment_id>repayments",
    "risk_share_moves": "budget_id>budgets",
    "suspense_assignments": "suspense_id>suspense_items",
    "crisis_parts": "crisis_id>crises",
    "crisis_returns": "crisis_id>crises",
    "deliveries": "delivery_id>holds.purchase_id",
    "direct_payments": "payment_id>holds.purchase_id",
    "hold_portions": "purchase_id>holds",
    "unpaid_direct_payments": "schedule_id>direct_payment_schedules",
    "year_end_lines": "budget_id>budgets",
    "paid_after_failure": "payment_id>direct_payments",
    "returned_payments": "payment_id>direct_payments",
    "held_amounts": "purchase_id>holds",
    "period_balances": "account_id>accounts",
}

# What questions call. Each works with the rights of whoever calls it, so it sees the same rows.
CALLED = (
    "fundings_of(uuid)",
    "journal_lines(uuid, uuid, date, date, timestamptz, text[], bigint)",
    "route_of(uuid, date, timestamptz)",
    "totals_within_reach(uuid, uuid, date, date)",
)


def upgrade() -> None:
    revisions.create_tables("budget")
    revisions.open_to_reader("budget", NOBODYS)
    revisions.protect("budget", PERSONAL)
    op.execute(f"GRANT EXECUTE ON FUNCTION {', '.join(CALLED)} TO budget_reader")


def downgrade() -> None:
    op.execute(f"REVOKE EXECUTE ON FUNCTION {', '.join(CALLED)} FROM budget_reader")
    revisions.unprotect(PERSONAL)
    revisions.close_to_reader("budget", [*NOBODYS, *PERSONAL])
    revisions.drop_tables("budget")
