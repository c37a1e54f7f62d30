"""people and consent"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_withdrawals",
        sa.Column("withdrawal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "assessment", "support_plan", "quote", name="purpose", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("consent_withdrawals_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("withdrawal_id", name=op.f("consent_withdrawals_pkey")),
    )
    op.create_index(
        op.f("consent_withdrawals_person_id_ix"), "consent_withdrawals", ["person_id"], unique=False
    )
    op.create_table(
        "representatives",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("representative_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "nominee",
                "attorney",
                "deputy",
                "appointee",
                "advocate",
                "executor",
                name="representativekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)",
            name=op.f("representatives_ended_with_a_reason_check"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on OR ended_at IS NOT NULL",
            name=op.f("representatives_ends_after_start_check"),
        ),
        sa.CheckConstraint(
            "representative_id <> person_id", name=op.f("representatives_is_somebody_else_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("representatives_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("representatives_pkey")),
    )
    op.create_index(
        op.f("representatives_person_id_ix"), "representatives", ["person_id"], unique=False
    )
    op.create_table(
        "consents",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "assessment", "support_plan", "quote", name="purpose", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("withdrawal_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(withdrawal_id IS NULL) = (withdrawn_on IS NULL)",
            name=op.f("consents_withdrawn_by_a_withdrawal_check"),
        ),
        sa.CheckConstraint("ends_on >= given_on", name=op.f("consents_ends_after_its_start_check")),
        sa.CheckConstraint(
            "withdrawn_on >= given_on", name=op.f("consents_withdrawn_after_it_was_given_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("consents_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawal_id"],
            ["consent_withdrawals.withdrawal_id"],
            name=op.f("consents_withdrawal_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("consents_pkey")),
    )
    op.create_index(
        "consents_of_a_person_ix",
        "consents",
        ["person_id", "purpose", "organisation"],
        unique=False,
    )
    op.add_column(
        "people",
        sa.Column("representatives_version", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.alter_column("people", "representatives_version", server_default=None)
    op.add_column(
        "team_memberships", sa.Column("employer", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("team_memberships", "employer", server_default=None)


def downgrade() -> None:
    op.drop_column("team_memberships", "employer")
    op.drop_column("people", "representatives_version")
    op.drop_index("consents_of_a_person_ix", table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("representatives_person_id_ix"), table_name="representatives")
    op.drop_table("representatives")
    op.drop_index(op.f("consent_withdrawals_person_id_ix"), table_name="consent_withdrawals")
    op.drop_table("consent_withdrawals")
