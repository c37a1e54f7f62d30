"""who has to do what by when"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0002"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("met_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("met_at >= since", name=op.f("deadlines_met_after_its_start_check")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("deadlines_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("deadlines_pkey")),
    )
    op.create_index(
        "deadlines_one_open_key",
        "deadlines",
        ["about_id", "stage"],
        unique=True,
        postgresql_where=_IS_OPEN,
    )
    op.create_index(
        "deadlines_open_of_referral_ix", "deadlines", ["referral_id"], postgresql_where=_IS_OPEN
    )
    op.create_index(
        "deadlines_open_of_role_ix", "deadlines", ["role", "due_on"], postgresql_where=_IS_OPEN
    )
    op.create_index(
        "deadlines_untold_due_on_ix",
        "deadlines",
        ["due_on"],
        postgresql_where=sa.text("met_at IS NULL AND missed_told_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("deadlines")
