"""what assessment told last of somebody's death"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE heard_deaths (
            person_id uuid NOT NULL CONSTRAINT heard_deaths_pkey PRIMARY KEY,
            version bigint NOT NULL,
            is_taken_back boolean NOT NULL
        )""")


def downgrade() -> None:
    op.execute("DROP TABLE heard_deaths")
