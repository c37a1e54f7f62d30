"""the assessment in full: records, disputes, preventive effects, rule sets, telling in person"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


JSON = postgresql.JSONB(astext_type=sa.Text())
# A column and what rows of before get in it; None: it may be missing.
CONTRIBUTIONS = {
    "questionnaire": (sa.String(), "'joint-2026-1'"),
    "as_of": (sa.DateTime(timezone=True), "now()"),
    "in_the_room": (JSON, "'[]'"),
}
SCORED_DOMAINS = {
    "informal_levels": (sa.BigInteger(), "0"),
    "look_back_months": (sa.BigInteger(), "12"),
    "onset_speed": (
        sa.Enum("hours", "days", "weeks", name="onsetspeed", native_enum=False, length=32),
        None,
    ),
    "unseen_by_others": (sa.String(), None),
    "reliably": (JSON, None),
    "present_support": (JSON, "'[]'"),
    "worker_words": (sa.String(), None),
    "wants": (sa.String(), None),
    "evidence": (JSON, "'[]'"),
}
AGREED_ASSESSMENTS = {"version": (sa.BigInteger(), "1")}
INDICATIVE_BUDGETS = {
    "gross_pence": (sa.BigInteger(), "0"),
    "what_would_change": (JSON, "'[]'"),
    "inputs": (JSON, "'{}'"),
    "calculation_sha256": (sa.String(), "''"),
}


def upgrade() -> None:
    _add_columns("contributions", CONTRIBUTIONS)
    _add_columns("scored_domains", SCORED_DOMAINS)
    op.create_check_constraint(
        op.f("scored_domains_help_takes_off_levels_check"),
        "scored_domains",
        "informal_levels BETWEEN 0 AND 4",
    )
    _add_columns("agreed_assessments", AGREED_ASSESSMENTS)
    _add_columns("indicative_budgets", INDICATIVE_BUDGETS)
    op.execute("UPDATE indicative_budgets SET gross_pence = total_pence")
    op.create_check_constraint(
        op.f("indicative_budgets_nobody_is_paid_to_need_check"),
        "indicative_budgets",
        "gross_pence >= total_pence",
    )
    op.create_table(
        "rule_sets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("proposed_by <> approved_by", name=op.f("rule_sets_two_people_check")),
        sa.CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("rule_sets_approved_by_one_check")),
        sa.PrimaryKeyConstraint("name", name=op.f("rule_sets_pkey")),
    )
    op.create_table(
        "preventive_effects",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("explains", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("what_support_prevents", sa.String(), nullable=False),
        sa.Column("what_if_it_ended", sa.String(), nullable=False),
        sa.Column("why_less_is_right", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_by_role", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("shown_by_id", sa.Uuid(), nullable=True),
        sa.Column("shown_by_role", sa.String(), nullable=True),
        sa.Column("person_words", sa.String(), nullable=True),
        sa.Column("interpreter", sa.String(), nullable=True),
        sa.CheckConstraint("(shown_at IS NULL) = (shown_on IS NULL) AND (shown_at IS NULL) = (person_words IS NULL)", name=op.f("preventive_effects_shown_as_a_whole_check")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.referral_id"], name=op.f("preventive_effects_referral_id_fkey")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("preventive_effects_pkey")),
    )
    op.create_index(op.f("preventive_effects_referral_id_ix"), "preventive_effects", ["referral_id"])
    op.create_table(
        "blocked_reductions",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("domains", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("standing_pence", sa.BigInteger(), nullable=False),
        sa.Column("asked_pence", sa.BigInteger(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.referral_id"], name=op.f("blocked_reductions_referral_id_fkey")),
        sa.PrimaryKeyConstraint("referral_id", "digest", name=op.f("blocked_reductions_pkey")),
    )
    op.create_table(
        "domain_positions",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("party", sa.Enum("person", "nhs", "council", name="party", native_enum=False, length=32), nullable=False),
        sa.Column("position", sa.Enum("agreed", "disputed", name="position", native_enum=False, length=32), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("said_by_role", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.referral_id"], name=op.f("domain_positions_referral_id_fkey")),
        sa.PrimaryKeyConstraint("referral_id", "domain", "party", name=op.f("domain_positions_pkey")),
    )
    op.create_table(
        "disputes",
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("party", sa.Enum("person", "nhs", "council", name="party", native_enum=False, length=32), nullable=False),
        sa.Column("said_by_role", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("state", sa.Enum("open", "settled", name="disputestate", native_enum=False, length=32), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by_role", sa.String(), nullable=True),
        sa.Column("settled_because", sa.String(), nullable=True),
        sa.Column("shares", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name=op.f("disputes_settled_at_some_time_check")),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_because IS NULL)", name=op.f("disputes_settled_with_reasons_check")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.referral_id"], name=op.f("disputes_referral_id_fkey")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("disputes_pkey")),
    )
    op.create_index(op.f("disputes_referral_id_ix"), "disputes", ["referral_id"])
    op.create_table(
        "unplaced_contributions",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("request_sha256", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("unplaced_contributions_pkey")),
    )
    op.create_index(
        "unplaced_contributions_referral_id_ix",
        "unplaced_contributions",
        ["referral_id"],
        postgresql_where=sa.text("placed_at IS NULL"),
    )
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
    op.drop_table("unplaced_contributions")
    op.drop_table("disputes")
    op.drop_table("domain_positions")
    op.drop_table("blocked_reductions")
    op.drop_table("preventive_effects")
    op.drop_table("rule_sets")
    op.drop_constraint(
        op.f("indicative_budgets_nobody_is_paid_to_need_check"), "indicative_budgets"
    )
    op.drop_constraint(op.f("scored_domains_help_takes_off_levels_check"), "scored_domains")
    _drop_columns("indicative_budgets", INDICATIVE_BUDGETS)
    _drop_columns("agreed_assessments", AGREED_ASSESSMENTS)
    _drop_columns("scored_domains", SCORED_DOMAINS)
    _drop_columns("contributions", CONTRIBUTIONS)


def _add_columns(table, columns):
    for name, (kind, before) in columns.items():
        default = None if before is None else sa.text(before)
        op.add_column(
            table, sa.Column(name, kind, nullable=before is None, server_default=default)
        )
        if before is not None:
            op.alter_column(table, name, server_default=None)


def _drop_columns(table, columns):
    for name in columns:
        op.drop_column(table, name)
