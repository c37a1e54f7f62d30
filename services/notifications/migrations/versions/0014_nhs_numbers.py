"""NHS numbers of people, and what became of letters

Letters that a provider took before this count as arrived, as they did: nobody asks for them.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE people ADD nhs_number bytea;
        ALTER TABLE deliveries ADD settled_at timestamptz;
        UPDATE deliveries SET settled_at = delivered_at
            WHERE channel = 'letter' AND state = 'delivered';
        CREATE INDEX deliveries_letters_taken_ix ON deliveries (accepted_at)
            WHERE channel = 'letter' AND state = 'delivered' AND settled_at IS NULL
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE deliveries DROP settled_at;
        ALTER TABLE people DROP nhs_number
    """)
