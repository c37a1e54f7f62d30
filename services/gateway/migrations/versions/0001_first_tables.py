"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("browser", "app", "system", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("actor_id", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chosen", sa.BigInteger(), nullable=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("provider_session", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "chosen IS NULL OR chosen < jsonb_array_length(choices)",
            name=op.f("sessions_chosen_check"),
        ),
        sa.CheckConstraint(
            "length(secret_sha256) = 64", name=op.f("sessions_no_plain_secret_check")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("sessions_pkey")),
        sa.UniqueConstraint("secret_sha256", name=op.f("sessions_secret_sha256_key")),
    )
    op.create_index(op.f("sessions_ends_at_ix"), "sessions", ["ends_at"], unique=False)
    op.create_index(
        op.f("sessions_provider_subject_ix"), "sessions", ["provider", "subject"], unique=False
    )
    op.create_table(
        "sign_ins",
        sa.Column("state_sha256", sa.String(), nullable=False),
        sa.Column("browser_sha256", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("return_to", sa.String(), nullable=False),
        sa.Column("app_redirect_uri", sa.String(), nullable=True),
        sa.Column("app_challenge", sa.String(), nullable=True),
        sa.Column("app_state", sa.String(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "length(state_sha256) = 64 AND length(browser_sha256) = 64",
            name=op.f("sign_ins_digests_check"),
        ),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("sign_ins_pkey")),
    )
    op.create_index(op.f("sign_ins_began_at_ix"), "sign_ins", ["began_at"], unique=False)
    op.create_table(
        "used_tokens",
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("jti_sha256", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(jti_sha256) = 64", name=op.f("used_tokens_a_digest_check")),
        sa.PrimaryKeyConstraint("signer", "jti_sha256", name=op.f("used_tokens_pkey")),
    )
    op.create_index(op.f("used_tokens_until_ix"), "used_tokens", ["until"], unique=False)
    op.create_table(
        "app_codes",
        sa.Column("code_sha256", sa.String(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("challenge", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code_sha256) = 64", name=op.f("app_codes_a_digest_check")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.session_id"],
            name=op.f("app_codes_session_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("app_codes_pkey")),
    )
    op.create_index(op.f("app_codes_session_id_ix"), "app_codes", ["session_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("app_codes_session_id_ix"), table_name="app_codes")
    op.drop_table("app_codes")
    op.drop_index(op.f("used_tokens_until_ix"), table_name="used_tokens")
    op.drop_table("used_tokens")
    op.drop_index(op.f("sign_ins_began_at_ix"), table_name="sign_ins")
    op.drop_table("sign_ins")
    op.drop_index(op.f("sessions_provider_subject_ix"), table_name="sessions")
    op.drop_index(op.f("sessions_ends_at_ix"), table_name="sessions")
    op.drop_table("sessions")
