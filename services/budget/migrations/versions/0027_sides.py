"""whose staff see which side of the money"""

import sqlalchemy as sa
from alembic import op

from access import revisions
from access.revisions import SIDE

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_OWN = f"(SELECT f.funder_id FROM funders AS f WHERE f.organisation = {SIDE})"
_HOSTED = f"""
    (SELECT b.budget_id FROM budgets AS b JOIN pools AS p USING (pool_id)
     JOIN funders AS h ON h.funder_id = p.host_id WHERE h.organisation = {SIDE})
"""
_OF_BUDGET = f"funder_id IN {_OWN} OR budget_id IN {_HOSTED}"
_OF_HOLD = f"""
    funder_id IN {_OWN}
    OR purchase_id IN (SELECT o.purchase_id FROM holds AS o WHERE o.budget_id IN {_HOSTED})
"""
_OF_INVOICE = f"""
    debtor_id IN {_OWN} OR creditor_id IN {_OWN}
    OR run_id IN (SELECT r.run_id FROM recharge_runs AS r JOIN pools AS p USING (pool_id)
                  JOIN funders AS h ON h.funder_id = p.host_id WHERE h.organisation = {SIDE})
"""
NARROWED = {
    "accounts": _OF_BUDGET,  # with them balances, totals and what a period was closed at
    "allocation_releases": _OF_BUDGET,
    "allocations": _OF_BUDGET,
    "contributions": _OF_BUDGET,
    "held_amounts": _OF_HOLD,
    "hold_portions": _OF_HOLD,
    "postings": "debit_account_id IN (SELECT a.account_id FROM accounts AS a)",
    "recharge_invoices": _OF_INVOICE,
    "recharge_lines": "invoice_id IN (SELECT i.invoice_id FROM recharge_invoices AS i)",
}


def upgrade() -> None:
    op.add_column("funders", sa.Column("organisation", sa.String(), nullable=True))
    op.create_index(op.f("funders_organisation_ix"), "funders", ["organisation"])
    op.create_check_constraint(
        op.f("funders_staff_of_organisations_check"),
        "funders",
        "kind <> 'person' OR organisation IS NULL",
    )
    op.execute("ALTER TABLE recharge_invoices ENABLE ROW LEVEL SECURITY")
    for role in ("budget", "budget_reader"):
        op.execute(f"CREATE POLICY every_{role} ON recharge_invoices TO {role} USING (true)")
    revisions.narrow("budget", NARROWED)


def downgrade() -> None:
    revisions.widen(NARROWED)
    for role in ("budget", "budget_reader"):
        op.execute(f"DROP POLICY every_{role} ON recharge_invoices")
    op.execute("ALTER TABLE recharge_invoices DISABLE ROW LEVEL SECURITY")
    op.drop_constraint(op.f("funders_staff_of_organisations_check"), "funders")
    op.drop_index(op.f("funders_organisation_ix"), "funders")
    op.drop_column("funders", "organisation")
