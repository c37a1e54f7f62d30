"""for which days a funder pays, from which cost centre, and out of what"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE contributions
            ADD covers_from date,
            ADD covers_until date,
            ADD cost_centre varchar,
            ADD money_source varchar(32),
            ADD CONSTRAINT contributions_covers_whole_days_check
                CHECK (covers_until >= covers_from),
            ADD CONSTRAINT contributions_terms_whole_check
                CHECK (num_nulls(covers_from, covers_until, cost_centre, money_source) IN (0, 4))
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE contributions
            DROP covers_from, DROP covers_until, DROP cost_centre, DROP money_source
    """)
