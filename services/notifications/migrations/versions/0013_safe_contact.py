"""when contact with a person is safe"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE people
            ADD safe_contact_said_on date,
            ADD safe_from varchar,
            ADD safe_until varchar
    """)


def downgrade() -> None:
    op.execute("""
        ALTER TABLE people
            DROP safe_contact_said_on,
            DROP safe_from,
            DROP safe_until
    """)
