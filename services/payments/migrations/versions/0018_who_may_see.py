"""who may see whose record, who saw it, and the reader that sees no other"""

from access import revisions

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NOBODYS = (
    "bank_events",
    "card_money",
    "card_policies",
    "event_listings",
    "exclusions",
    "exclusion_trials",
    "issuer_events",
    "rail_states",
    "settlement_files",
    "spending_limits",
)
PERSONAL = {
    "plans": "person_id",
    "care_teams": "person_id",
    "team_roles": "person_id",
    "brokers": "person_id",
    "purchases": "person_id",
    "direct_payments": "person_id",
    "observed_cards": "person_id",
    "payees": "person_id?",
    "cardholders": "holder_id>brokers.staff_id",
    "plan_items": "budget_id>plans",
    "live_budgets": "budget_id>plans",
    "budget_stops": "budget_id>plans",
    "series": "budget_id>plans",
    "series_occurrences": "series_id>series",
    "exceptions": "purchase_id?>purchases",
    "payee_agreements": "payee_id>payees",
    "item_payees": "item_id>plan_items",
    "approval_decisions": "purchase_id>purchases",
    "authorisations": "purchase_id>purchases",
    "cards": "purchase_id>purchases",
    "card_changes": "card_id>cards",
    "decisions": "purchase_id>purchases",
    "no_receipts": "purchase_id>purchases",
    "observed_transactions": "card_id>observed_cards",
    "presentments": "purchase_id?>purchases",
    "rail_changes": "purchase_id>purchases",
    "receipt_addresses": "purchase_id>purchases",
    "receipt_chases": "purchase_id>purchases",
    "receipts": "purchase_id>purchases",
    "receipt_lines": "receipt_id>receipts",
    "settlement_rows": "purchase_id?>purchases",
    "transfers": (
        "(purchase_id IN (SELECT p.purchase_id FROM purchases AS p)"
        " OR budget_id IN (SELECT p.budget_id FROM plans AS p))"
    ),
    "wages": "purchase_id>purchases",
    "disputes": "purchase_id>purchases",
}


def upgrade() -> None:
    revisions.create_tables("payments")
    revisions.open_to_reader("payments", NOBODYS)
    revisions.protect("payments", PERSONAL)


def downgrade() -> None:
    revisions.unprotect(PERSONAL)
    revisions.close_to_reader("payments", [*NOBODYS, *PERSONAL])
    revisions.drop_tables("payments")
