"""whose NHS number other services were told"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE people ADD is_number_told boolean NOT NULL DEFAULT false;
        ALTER TABLE people ALTER is_number_told DROP DEFAULT;
        CREATE INDEX people_untold_numbers_ix ON people (person_id)
            WHERE nhs_number_index IS NOT NULL AND NOT is_number_told
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE people DROP is_number_told")
