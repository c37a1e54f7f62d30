"""plans in the person's words, a ladder of decisions, appeals and complaints

The tables of items, signatures and decisions are made anew: nothing was released with them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("signatures")
    op.drop_table("decisions")
    op.drop_table("plan_items")
    op.drop_constraint("plans_has_budget_check", "plans", type_="check")
    op.create_check_constraint(
        op.f("plans_budget_was_approved_check"),
        "plans",
        "budget_id IS NULL OR approved_version IS NOT NULL",
    )
    op.drop_constraint("plan_versions_costs_something_check", "plan_versions", type_="check")
    op.create_check_constraint(
        op.f("plan_versions_costs_nothing_less_check"), "plan_versions", "total_pence >= 0"
    )
    op.create_table(
        "reporting_lines",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("reports_to_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "staff_id <> reports_to_id", name=op.f("reporting_lines_reports_to_another_check")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("reporting_lines_pkey")),
    )
    op.create_table(
        "complaints",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("made", "answered", name="complaintstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("made_by_role", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("wants", sa.String(), nullable=True),
        sa.Column("may_team_read", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("next_route", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(handler_id, answer, next_route, answered_at) = CASE state WHEN 'made' THEN 0 ELSE 4 END",
            name=op.f("complaints_answered_by_somebody_check"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.person_id"], name=op.f("complaints_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("complaints_pkey")),
    )
    op.create_index(op.f("complaints_person_id_ix"), "complaints", ["person_id"], unique=False)
    op.create_index(
        "complaints_untold_due_on_ix",
        "complaints",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL AND late_told_at IS NULL"),
    )
    op.create_table(
        "interviews",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("broker_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "face_to_face",
                "video",
                "telephone",
                name="interviewmode",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("attendees", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("person_words", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("interviews_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("interview_id", name=op.f("interviews_pkey")),
    )
    op.create_index(op.f("interviews_referral_id_ix"), "interviews", ["referral_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
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
        sa.Column("worry", sa.String(), nullable=True),
        sa.Column("skip_because", sa.String(), nullable=True),
        sa.Column("barred_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "approve",
                "approve_in_part",
                "return",
                "refuse",
                "escalate",
                name="decisionoutcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("co_signatory_id", sa.Uuid(), nullable=True),
        sa.Column("attendees", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("was_person_present", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("alternatives", sa.String(), nullable=True),
        sa.Column("appeal_route", sa.String(), nullable=True),
        sa.Column("backing", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome NOT IN ('refuse', 'approve_in_part') OR num_nonnulls(alternatives, appeal_route) = 2",
            name=op.f("decisions_refused_with_a_way_on_check"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(outcome, decider_id, reasons, decided_at) IN (0, 4)",
            name=op.f("decisions_made_with_reasons_check"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "version"],
            ["plan_versions.plan_id", "plan_versions.version"],
            name=op.f("decisions_plan_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("decisions_pkey")),
        sa.UniqueConstraint(
            "plan_id", "version", "step", name=op.f("decisions_plan_id_version_step_key")
        ),
    )
    op.create_index(
        "decisions_one_open_key",
        "decisions",
        ["plan_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "plan_goals",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id", "version"],
            ["plan_versions.plan_id", "plan_versions.version"],
            name=op.f("plan_goals_plan_id_version_fkey"),
        ),
        sa.PrimaryKeyConstraint("plan_id", "version", "goal_id", name=op.f("plan_goals_pkey")),
    )
    op.create_table(
        "plan_items",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("goal_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
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
        sa.Column("rationale", sa.String(), nullable=False),
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
        sa.CheckConstraint(
            "jsonb_array_length(goal_ids) >= 1", name=op.f("plan_items_serves_a_goal_check")
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
        sa.Column("capacity_basis", sa.String(), nullable=True),
        sa.Column("is_comfortable", sa.Boolean(), nullable=True),
        sa.Column("worry", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'care_coordinator') = (is_comfortable IS NOT NULL)",
            name=op.f("signatures_coordinator_says_how_it_is_check"),
        ),
        sa.CheckConstraint(
            "role = 'person' OR capacity_basis IS NULL",
            name=op.f("signatures_only_the_person_is_represented_check"),
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
    op.create_table(
        "appeals",
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("refusal_id", sa.Uuid(), nullable=True),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "lodged", "upheld", "not_upheld", name="appealstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("lodged_by_role", sa.String(), nullable=False),
        sa.Column("grounds", sa.String(), nullable=False),
        sa.Column(
            "supporter", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("decider_role", sa.String(), nullable=True),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("next_route", sa.String(), nullable=True),
        sa.Column("is_reopened", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(decider_id, decider_role, reasons, decided_at) = CASE state WHEN 'lodged' THEN 0 ELSE 4 END",
            name=op.f("appeals_decided_with_reasons_check"),
        ),
        sa.CheckConstraint(
            "state <> 'not_upheld' OR next_route IS NOT NULL",
            name=op.f("appeals_leads_somewhere_check"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(decision_id, refusal_id) = 1", name=op.f("appeals_against_one_thing_check")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.decision_id"], name=op.f("appeals_decision_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["refusal_id"],
            ["refused_referrals.refusal_id"],
            name=op.f("appeals_refusal_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.referral_id"], name=op.f("appeals_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("appeals_pkey")),
    )
    op.create_index(
        "appeals_one_open_key",
        "appeals",
        ["decision_id"],
        unique=True,
        postgresql_where=sa.text("state = 'lodged'"),
    )
    op.create_index(
        "appeals_one_open_of_refusal_key",
        "appeals",
        ["refusal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'lodged'"),
    )
    op.create_index(op.f("appeals_referral_id_ix"), "appeals", ["referral_id"], unique=False)
    op.create_table(
        "decided_items",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "approve", "return", "refuse", name="itemoutcome", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome = 'approve' OR reasons IS NOT NULL",
            name=op.f("decided_items_made_with_reasons_check"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.decision_id"], name=op.f("decided_items_decision_id_fkey")
        ),
        sa.PrimaryKeyConstraint("decision_id", "item_id", name=op.f("decided_items_pkey")),
    )
    op.add_column(
        "plan_versions", sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), nullable=False)
    )
    op.add_column(
        "plan_versions",
        sa.Column("preferences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    )
    op.add_column(
        "plan_versions",
        sa.Column("six_features", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    )
    op.add_column(
        "plan_versions", sa.Column("risks", postgresql.JSONB(astext_type=sa.Text()), nullable=False)
    )
    op.add_column("plan_versions", sa.Column("risk_of_doing_nothing", sa.String(), nullable=False))
    op.add_column(
        "plan_versions",
        sa.Column(
            "wanted_but_unavailable", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
    )


def downgrade() -> None:
    for table in (
        "decided_items",
        "appeals",
        "reporting_lines",
        "complaints",
        "interviews",
        "signatures",
        "decisions",
        "plan_items",
        "plan_goals",
    ):
        op.drop_table(table)
    for column in (
        "parts",
        "preferences",
        "six_features",
        "risks",
        "risk_of_doing_nothing",
        "wanted_but_unavailable",
    ):
        op.drop_column("plan_versions", column)
    op.drop_constraint("plan_versions_costs_nothing_less_check", "plan_versions", type_="check")
    op.create_check_constraint(
        op.f("plan_versions_costs_something_check"), "plan_versions", "total_pence > 0"
    )
    op.drop_constraint("plans_budget_was_approved_check", "plans", type_="check")
    op.create_check_constraint(
        op.f("plans_has_budget_check"), "plans", "(approved_version IS NULL) = (budget_id IS NULL)"
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
