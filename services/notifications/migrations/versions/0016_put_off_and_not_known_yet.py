"""a delivery that is put off, a colleague who is not known yet, a cry for help"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE deliveries ADD put_off_until timestamptz")
    op.execute("ALTER TABLE messages ADD role varchar")
    op.execute("DROP INDEX replies_open_ix")
    op.execute("CREATE INDEX replies_open_ix ON replies (received_at) WHERE seen_to_at IS NULL")


def downgrade() -> None:
    op.execute("DROP INDEX replies_open_ix")
    op.execute("CREATE INDEX replies_open_ix ON replies (received_at) WHERE meaning = 'other'")
    op.execute("ALTER TABLE messages DROP role")
    op.execute("ALTER TABLE deliveries DROP put_off_until")
