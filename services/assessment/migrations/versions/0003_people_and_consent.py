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
    op.create_table(
        "discussions",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "offered",
                "declined",
                "not_discussed",
                name="discussionoutcome",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=True),
        sa.Column("person_words", sa.String(), nullable=True),
        sa.Column("signposted_to", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'not_discussed' OR because IS NOT NULL",
            name=op.f("discussions_says_why_not_check"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("discussions_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("discussion_id", name=op.f("discussions_pkey")),
    )
    op.create_index(
        op.f("discussions_referral_id_ix"), "discussions", ["referral_id"], unique=False
    )
    op.create_table(
        "identity_questions",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("other_person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "suspicion",
            sa.Enum("alike", "contradictory", name="suspicion", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("merged", "kept_apart", name="answer", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("kept_person_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "answer <> 'merged' OR kept_person_id IS NOT NULL",
            name=op.f("identity_questions_says_which_check"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(answer, answered_by, reasons, answered_at) IN (0, 4)",
            name=op.f("identity_questions_answered_with_reasons_check"),
        ),
        sa.CheckConstraint(
            "person_id < other_person_id", name=op.f("identity_questions_pair_in_order_check")
        ),
        sa.ForeignKeyConstraint(
            ["other_person_id"],
            ["people.person_id"],
            name=op.f("identity_questions_other_person_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("identity_questions_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("identity_questions_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("identity_questions_pkey")),
        sa.UniqueConstraint(
            "person_id",
            "other_person_id",
            name=op.f("identity_questions_person_id_other_person_id_key"),
        ),
    )
    op.create_index(
        op.f("identity_questions_other_person_id_ix"),
        "identity_questions",
        ["other_person_id"],
        unique=False,
    )
    op.create_table(
        "refused_referrals",
        sa.Column("refusal_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "lives_elsewhere",
                "has_a_budget",
                "not_appropriate",
                name="refusalreason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("alternatives", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("appeal_route", sa.String(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.CheckConstraint(
            "because <> '' AND appeal_route <> '' AND jsonb_array_length(evidence) > 0 AND jsonb_array_length(alternatives) > 0",
            name=op.f("refused_referrals_is_explained_check"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("refused_referrals_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("refusal_id", name=op.f("refused_referrals_pkey")),
    )
    op.create_index(
        op.f("refused_referrals_referral_id_ix"), "refused_referrals", ["referral_id"], unique=False
    )
    op.create_table(
        "support_offers",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "support",
            sa.Enum(
                "broker", "peer_supporter", "advocate", name="support", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("offered_by_role", sa.String(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "accepted",
                "declined",
                "perhaps_later",
                name="offeranswer",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_words", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("support_offers_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("support_offers_pkey")),
    )
    op.create_index(
        op.f("support_offers_referral_id_ix"), "support_offers", ["referral_id"], unique=False
    )
    op.create_table(
        "worker_changes",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "broker",
                "care_coordinator",
                "team_manager",
                "multidisciplinary_team",
                "risk_enablement_panel",
                "peer_supporter",
                "advocate",
                name="teamrole",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("person_words", sa.String(), nullable=False),
        sa.Column("asked_by_role", sa.String(), nullable=False),
        sa.Column("about_staff_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("is_agreed", sa.Boolean(), nullable=True),
        sa.Column("new_staff_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "is_agreed = (new_staff_id IS NOT NULL)",
            name=op.f("worker_changes_names_who_comes_check"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(is_agreed, answered_by, reasons, answered_at) IN (0, 4)",
            name=op.f("worker_changes_answered_with_reasons_check"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("worker_changes_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("worker_changes_pkey")),
    )
    op.create_index(
        op.f("worker_changes_referral_id_ix"), "worker_changes", ["referral_id"], unique=False
    )
    op.add_column("people", sa.Column("nhs_number_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("people", sa.Column("nhs_number_index", sa.String(), nullable=True))
    op.add_column("people", sa.Column("council_client_id_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("people", sa.Column("council_client_id_index", sa.String(), nullable=True))
    op.add_column("people", sa.Column("needs_asked_on", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("communication_support", sa.String(), nullable=True))
    op.add_column(
        "people", sa.Column("may_share_needs", sa.Boolean(), nullable=False, server_default="false")
    )
    op.alter_column("people", "may_share_needs", server_default=None)
    op.add_column("people", sa.Column("needs_review_on", sa.Date(), nullable=True))
    op.add_column("people", sa.Column("safe_contact_said_on", sa.Date(), nullable=True))
    op.add_column(
        "people",
        sa.Column("is_safe_to_email", sa.Boolean(), nullable=False, server_default="true"),
    )
    op.alter_column("people", "is_safe_to_email", server_default=None)
    op.add_column(
        "people", sa.Column("is_safe_to_post", sa.Boolean(), nullable=False, server_default="true")
    )
    op.alter_column("people", "is_safe_to_post", server_default=None)
    op.add_column(
        "people", sa.Column("is_safe_to_ring", sa.Boolean(), nullable=False, server_default="true")
    )
    op.alter_column("people", "is_safe_to_ring", server_default=None)
    op.add_column("people", sa.Column("safe_from", sa.String(), nullable=True))
    op.add_column("people", sa.Column("safe_until", sa.String(), nullable=True))
    op.add_column("people", sa.Column("safe_contact_words", sa.String(), nullable=True))
    op.add_column("people", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column(
        "people",
        sa.Column("representatives_version", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.alter_column("people", "representatives_version", server_default=None)
    op.drop_constraint(op.f("people_council_client_id_key"), "people", type_="unique")
    op.drop_constraint(op.f("people_nhs_number_key"), "people", type_="unique")
    op.create_index("people_birth_date_ix", "people", ["birth_date"], unique=False)
    op.create_unique_constraint(
        op.f("people_council_client_id_index_key"), "people", ["council_client_id_index"]
    )
    op.create_index(op.f("people_merged_into_ix"), "people", ["merged_into"], unique=False)
    op.create_unique_constraint(op.f("people_nhs_number_index_key"), "people", ["nhs_number_index"])
    op.create_foreign_key(
        op.f("people_merged_into_fkey"), "people", "people", ["merged_into"], ["person_id"]
    )
    op.drop_column("people", "council_client_id")
    op.drop_column("people", "nhs_number")
    op.add_column(
        "referrals",
        sa.Column(
            "source",
            sa.Enum(
                "nhs",
                "council",
                "voluntary_sector",
                "family",
                "person",
                name="source",
                native_enum=False,
                length=32,
            ),
            nullable=False,
            server_default="voluntary_sector",
        ),
    )
    op.alter_column("referrals", "source", server_default=None)
    op.execute(
        "UPDATE referrals SET source = CASE organisation WHEN 'nhs-trust' THEN 'nhs' ELSE 'council' END WHERE organisation IN ('nhs-trust', 'council')"
    )
    op.add_column("referrals", sa.Column("relation", sa.String(), nullable=True))
    op.add_column("referrals", sa.Column("heard_from", sa.String(), nullable=True))
    op.alter_column("referrals", "organisation", existing_type=sa.VARCHAR(), nullable=True)
    op.add_column(
        "team_memberships", sa.Column("employer", sa.String(), nullable=False, server_default="")
    )
    op.alter_column("team_memberships", "employer", server_default=None)
    op.create_check_constraint(
        op.f("referrals_is_of_somebody_check"),
        "referrals",
        "(source IN ('person', 'family')) = (organisation IS NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("referrals_is_of_somebody_check"), "referrals")
    op.execute("UPDATE referrals SET organisation = source WHERE organisation IS NULL")
    op.drop_column("team_memberships", "employer")
    op.alter_column("referrals", "organisation", existing_type=sa.VARCHAR(), nullable=False)
    op.drop_column("referrals", "heard_from")
    op.drop_column("referrals", "relation")
    op.drop_column("referrals", "source")
    op.add_column(
        "people", sa.Column("nhs_number", sa.VARCHAR(), autoincrement=False, nullable=True)
    )
    op.add_column(
        "people", sa.Column("council_client_id", sa.VARCHAR(), autoincrement=False, nullable=True)
    )
    op.drop_constraint(op.f("people_merged_into_fkey"), "people", type_="foreignkey")
    op.drop_constraint(op.f("people_nhs_number_index_key"), "people", type_="unique")
    op.drop_index(op.f("people_merged_into_ix"), table_name="people")
    op.drop_constraint(op.f("people_council_client_id_index_key"), "people", type_="unique")
    op.drop_index("people_birth_date_ix", table_name="people")
    op.create_unique_constraint(
        op.f("people_nhs_number_key"), "people", ["nhs_number"], postgresql_nulls_not_distinct=False
    )
    op.create_unique_constraint(
        op.f("people_council_client_id_key"),
        "people",
        ["council_client_id"],
        postgresql_nulls_not_distinct=False,
    )
    op.drop_column("people", "representatives_version")
    op.drop_column("people", "merged_into")
    op.drop_column("people", "safe_contact_words")
    op.drop_column("people", "safe_until")
    op.drop_column("people", "safe_from")
    op.drop_column("people", "is_safe_to_ring")
    op.drop_column("people", "is_safe_to_post")
    op.drop_column("people", "is_safe_to_email")
    op.drop_column("people", "safe_contact_said_on")
    op.drop_column("people", "needs_review_on")
    op.drop_column("people", "may_share_needs")
    op.drop_column("people", "communication_support")
    op.drop_column("people", "needs_asked_on")
    op.drop_column("people", "council_client_id_index")
    op.drop_column("people", "council_client_id_sealed")
    op.drop_column("people", "nhs_number_index")
    op.drop_column("people", "nhs_number_sealed")
    op.drop_index(op.f("worker_changes_referral_id_ix"), table_name="worker_changes")
    op.drop_table("worker_changes")
    op.drop_index(op.f("support_offers_referral_id_ix"), table_name="support_offers")
    op.drop_table("support_offers")
    op.drop_index(op.f("refused_referrals_referral_id_ix"), table_name="refused_referrals")
    op.drop_table("refused_referrals")
    op.drop_index(op.f("identity_questions_other_person_id_ix"), table_name="identity_questions")
    op.drop_table("identity_questions")
    op.drop_index(op.f("discussions_referral_id_ix"), table_name="discussions")
    op.drop_table("discussions")
    op.drop_index("consents_of_a_person_ix", table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("representatives_person_id_ix"), table_name="representatives")
    op.drop_table("representatives")
    op.drop_index(op.f("consent_withdrawals_person_id_ix"), table_name="consent_withdrawals")
    op.drop_table("consent_withdrawals")
    op.create_check_constraint(
        op.f("people_nhs_number_has_digits_check"), "people", "nhs_number ~ '^[0-9]{10}$'"
    )
