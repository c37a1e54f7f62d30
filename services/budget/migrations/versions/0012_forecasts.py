"""what was told last of where spending is heading"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE last_forecasts (
            budget_id uuid NOT NULL CONSTRAINT last_forecasts_pkey PRIMARY KEY
                CONSTRAINT last_forecasts_budget_id_fkey REFERENCES budgets,
            outlook varchar(32) NOT NULL,
            looked_on date NOT NULL
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE last_forecasts")
