"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.migrations.versions import messaging_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nhs_number", sa.String(), nullable=True),
        sa.Column("council_client_id", sa.String(), nullable=True),
        sa.Column("given_name", sa.String(), nullable=False),
        sa.Column("family_name", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("address_lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ethnic_category", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("is_interpreter_required", sa.Boolean(), nullable=False),
        sa.Column("accessible_format", sa.String(), nullable=True),
        sa.Column("mobile", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column(
            "preferred_channel",
            sa.Enum("sms", "email", "letter", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("is_safe_to_text", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_version", sa.BigInteger(), nullable=False),
        sa.Column("team_version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "nhs_number ~ '^[0-9]{10}$'", name=op.f("people_nhs_number_has_digits_check")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("people_pkey")),
        sa.UniqueConstraint("council_client_id", name=op.f("people_council_client_id_key")),
        sa.UniqueConstraint("nhs_number", name=op.f("people_nhs_number_key")),
    )
    op.create_table(
        "referrals",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("condition_group", sa.String(), nullable=False),
        sa.Column(
            "urgency",
            sa.Enum("routine", "urgent", name="urgency", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("open", "declined", "agreed", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("referrals_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("referrals_pkey")),
    )
    op.create_index(op.f("referrals_person_id_ix"), "referrals", ["person_id"], unique=False)
    op.create_table(
        "team_memberships",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "broker",
                "care_coordinator",
                "team_manager",
                name="teamrole",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at >= started_at", name=op.f("team_memberships_ends_after_its_start_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("team_memberships_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("team_memberships_pkey")),
    )
    op.create_index(
        "team_memberships_one_in_a_role_key",
        "team_memberships",
        ["person_id", "role"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "agreed_assessments",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("domain_count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("domain_count >= 1", name=op.f("agreed_assessments_has_domains_check")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("agreed_assessments_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("agreed_assessments_pkey")),
    )
    op.create_table(
        "contributions",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "organisation",
            sa.Enum("nhs-trust", "council", name="contributor", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("author_role", sa.String(), nullable=False),
        sa.Column(
            "whole_life", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("contributions_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("contributions_pkey")),
    )
    op.create_index(
        "contributions_one_of_a_side_key",
        "contributions",
        ["referral_id", "organisation"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index(
        op.f("contributions_referral_id_ix"), "contributions", ["referral_id"], unique=False
    )
    op.create_table(
        "declined_budgets",
        sa.Column("decline_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("informed_by_role", sa.String(), nullable=False),
        sa.Column("informed_on", sa.Date(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("declined_budgets_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("decline_id", name=op.f("declined_budgets_pkey")),
    )
    op.create_index(
        op.f("declined_budgets_referral_id_ix"), "declined_budgets", ["referral_id"], unique=False
    )
    op.create_table(
        "indicative_budgets",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "budget_kind",
            sa.Enum("one_off_recovery", "ongoing", name="budgetkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("rule_set", sa.String(), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("nhs_pence", sa.BigInteger(), nullable=False),
        sa.Column("council_pence", sa.BigInteger(), nullable=False),
        sa.Column("reserve_pence", sa.BigInteger(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("calculated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by_channel", sa.String(), nullable=True),
        sa.Column("undeliverable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undeliverable_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "nhs_pence + council_pence = total_pence",
            name=op.f("indicative_budgets_funders_add_up_check"),
        ),
        sa.CheckConstraint(
            "nhs_pence >= 0 AND council_pence >= 0",
            name=op.f("indicative_budgets_nobody_is_charged_check"),
        ),
        sa.CheckConstraint(
            "reserve_pence >= 0", name=op.f("indicative_budgets_reserve_is_a_promise_check")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("indicative_budgets_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("indicative_budgets_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("referral_id", "version", name=op.f("indicative_budgets_pkey")),
    )
    op.create_index(
        op.f("indicative_budgets_person_id_ix"), "indicative_budgets", ["person_id"], unique=False
    )
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "signed",
                "approved",
                name="planstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("approved_version", sa.BigInteger(), nullable=True),
        sa.Column("budget_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(approved_version IS NULL) = (budget_id IS NULL)", name=op.f("plans_has_budget_check")
        ),
        sa.CheckConstraint(
            "approved_version <= version", name=op.f("plans_approved_what_exists_check")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("plans_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("plans_pkey")),
        sa.UniqueConstraint("referral_id", name=op.f("plans_referral_id_key")),
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("rapid", "planned", name="reviewkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("reviews_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("reviews_pkey")),
    )
    op.create_index(op.f("reviews_referral_id_ix"), "reviews", ["referral_id"], unique=False)
    op.create_table(
        "crisis_activations",
        sa.Column("activation_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("activated_by_role", sa.String(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "stood_down_at >= activated_at",
            name=op.f("crisis_activations_ends_after_its_start_check"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.plan_id"], name=op.f("crisis_activations_plan_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referrals.referral_id"],
            name=op.f("crisis_activations_referral_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("activation_id", name=op.f("crisis_activations_pkey")),
    )
    op.create_index(
        "crisis_activations_one_at_a_time_key",
        "crisis_activations",
        ["referral_id"],
        unique=True,
        postgresql_where=sa.text("stood_down_at IS NULL"),
    )
    op.create_table(
        "plan_versions",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column(
            "crisis_plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("crisis_plan_declined_because", sa.String(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(crisis_plan IS NULL) <> (crisis_plan_declined_because IS NULL)",
            name=op.f("plan_versions_crisis_plan_or_why_not_check"),
        ),
        sa.CheckConstraint("total_pence > 0", name=op.f("plan_versions_costs_something_check")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.plan_id"], name=op.f("plan_versions_plan_id_fkey")
        ),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("plan_versions_pkey")),
    )
    op.create_table(
        "scored_domains",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("typical_without_support", sa.BigInteger(), nullable=False),
        sa.Column("worst_without_support", sa.BigInteger(), nullable=False),
        sa.Column("typical_with_support", sa.BigInteger(), nullable=False),
        sa.Column("worst_with_support", sa.BigInteger(), nullable=False),
        sa.Column("worst_days_per_28", sa.BigInteger(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("person_words", sa.String(), nullable=False),
        sa.Column("strengths", sa.String(), nullable=True),
        sa.CheckConstraint(
            "0 <= typical_with_support AND typical_with_support <= worst_with_support AND worst_with_support <= 4",
            name=op.f("scored_domains_levels_with_support_in_order_check"),
        ),
        sa.CheckConstraint(
            "0 <= typical_without_support AND typical_without_support <= worst_without_support AND worst_without_support <= 4",
            name=op.f("scored_domains_levels_without_support_in_order_check"),
        ),
        sa.CheckConstraint(
            "worst_days_per_28 BETWEEN 0 AND 28",
            name=op.f("scored_domains_days_fit_in_four_weeks_check"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.contribution_id"],
            name=op.f("scored_domains_contribution_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", "domain", name=op.f("scored_domains_pkey")),
    )
    op.create_table(
        "decisions",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "rung",
            sa.Enum(
                "care_coordinator",
                "team_manager",
                "multidisciplinary_team",
                "risk_enablement_panel",
                name="rung",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total_pence", sa.BigInteger(), nullable=False),
        sa.Column("indicative_pence", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("approve", name="decisionoutcome", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(outcome, decider_id, reasons, decided_at) IN (0, 4)",
            name=op.f("decisions_made_with_reasons_check"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "version"],
            ["plan_versions.plan_id", "plan_versions.version"],
            name=op.f("decisions_plan_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("decisions_pkey")),
    )
    op.create_table(
        "plan_items",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("unit_cost_pence", sa.BigInteger(), nullable=False),
        sa.Column("occurrences", sa.BigInteger(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("rail", sa.String(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("merchant_category_code", sa.String(), nullable=True),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("instead_of", sa.String(), nullable=True),
        sa.CheckConstraint(
            "merchant_category_code ~ '^[0-9]{4}$'",
            name=op.f("plan_items_category_code_has_digits_check"),
        ),
        sa.CheckConstraint(
            "payer IN ('joint', 'nhs', 'council')", name=op.f("plan_items_payer_exists_check")
        ),
        sa.CheckConstraint(
            "rail IN ('card', 'bacs', 'invoice')", name=op.f("plan_items_rail_exists_check")
        ),
        sa.CheckConstraint("occurrences >= 1", name=op.f("plan_items_happens_check")),
        sa.CheckConstraint("unit_cost_pence > 0", name=op.f("plan_items_costs_something_check")),
        sa.ForeignKeyConstraint(
            ["plan_id", "version"],
            ["plan_versions.plan_id", "plan_versions.version"],
            name=op.f("plan_items_plan_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("plan_id", "version", "item_id", name=op.f("plan_items_pkey")),
    )
    op.create_table(
        "signatures",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "person",
                "broker",
                "care_coordinator",
                name="signingrole",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("signatory_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("is_comfortable", sa.Boolean(), nullable=True),
        sa.Column("worry", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role = 'care_coordinator') = (is_comfortable IS NOT NULL)",
            name=op.f("signatures_coordinator_says_how_it_is_check"),
        ),
        sa.CheckConstraint(
            "is_comfortable OR worry IS NOT NULL", name=op.f("signatures_worry_is_stated_check")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "version"],
            ["plan_versions.plan_id", "plan_versions.version"],
            name=op.f("signatures_plan_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("plan_id", "version", "role", name=op.f("signatures_pkey")),
        sa.UniqueConstraint(
            "plan_id",
            "version",
            "signatory_id",
            name=op.f("signatures_plan_id_version_signatory_id_key"),
        ),
    )
    messaging_0001.create_tables()


def downgrade() -> None:
    messaging_0001.drop_tables()
    op.drop_table("signatures")
    op.drop_table("plan_items")
    op.drop_table("decisions")
    op.drop_table("scored_domains")
    op.drop_table("plan_versions")
    op.drop_index(
        "crisis_activations_one_at_a_time_key",
        table_name="crisis_activations",
        postgresql_where=sa.text("stood_down_at IS NULL"),
    )
    op.drop_table("crisis_activations")
    op.drop_index(op.f("reviews_referral_id_ix"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_table("plans")
    op.drop_index(op.f("indicative_budgets_person_id_ix"), table_name="indicative_budgets")
    op.drop_table("indicative_budgets")
    op.drop_index(op.f("declined_budgets_referral_id_ix"), table_name="declined_budgets")
    op.drop_table("declined_budgets")
    op.drop_index(op.f("contributions_referral_id_ix"), table_name="contributions")
    op.drop_index(
        "contributions_one_of_a_side_key",
        table_name="contributions",
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.drop_table("contributions")
    op.drop_table("agreed_assessments")
    op.drop_index(
        "team_memberships_one_in_a_role_key",
        table_name="team_memberships",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("team_memberships")
    op.drop_index(op.f("referrals_person_id_ix"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_table("people")
