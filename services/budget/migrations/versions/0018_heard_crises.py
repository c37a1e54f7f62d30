"""what assessment told last of a crisis"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE heard_crises (
            crisis_id uuid NOT NULL CONSTRAINT heard_crises_pkey PRIMARY KEY,
            version bigint NOT NULL
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE heard_crises")
