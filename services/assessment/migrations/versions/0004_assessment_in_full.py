"""the assessment in full: telling in person"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_in_person",
        sa.Column("telling_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("told_by_id", sa.Uuid(), nullable=False),
        sa.Column("told_by_role", sa.String(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("how_understood", sa.String(), nullable=False),
        sa.Column("interpreter", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id", "version"],
            ["indicative_budgets.referral_id", "indicative_budgets.version"],
            name=op.f("told_in_person_referral_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("telling_id", name=op.f("told_in_person_pkey")),
    )
    op.create_index(
        "told_in_person_referral_id_version_ix", "told_in_person", ["referral_id", "version"]
    )


def downgrade() -> None:
    op.drop_table("told_in_person")
