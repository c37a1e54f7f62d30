"""a journal is reversed once at most"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE UNIQUE INDEX journals_reverses_key ON journals ((metadata ->> 'reverses'))"
        " WHERE metadata ? 'reverses'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX journals_reverses_key")
