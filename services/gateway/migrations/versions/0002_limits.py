"""limits: what was asked for lately"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "buckets",
        sa.Column("whose_sha256", sa.String(), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(whose_sha256) = 64", name=op.f("buckets_a_digest_check")),
        sa.PrimaryKeyConstraint("whose_sha256", name=op.f("buckets_pkey")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("buckets_full_at_ix"), "buckets", ["full_at"], unique=False)
    op.create_table(
        "looked_at",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_sha256", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(record_sha256) = 64", name=op.f("looked_at_a_digest_check")),
        sa.PrimaryKeyConstraint("reader", "kind", "record_sha256", name=op.f("looked_at_pkey")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("looked_at_at_ix"), "looked_at", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("looked_at_at_ix"), table_name="looked_at")
    op.drop_table("looked_at")
    op.drop_index(op.f("buckets_full_at_ix"), table_name="buckets")
    op.drop_table("buckets")
