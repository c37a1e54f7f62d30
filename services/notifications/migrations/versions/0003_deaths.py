"""who has died"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deaths",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("deaths_pkey")),
    )


def downgrade() -> None:
    op.drop_table("deaths")
