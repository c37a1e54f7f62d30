"""who proposed a repayment, so that somebody else decides on an objection"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("repayments", sa.Column("proposed_by", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("repayments", "proposed_by")
