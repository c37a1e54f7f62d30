"""repayments of what is left over, and the end of a budget"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# In the order in which they stand on one another.
TABLES = {
    "repayments": """
        repayment_id uuid NOT NULL CONSTRAINT repayments_pkey PRIMARY KEY,
        budget_id uuid NOT NULL CONSTRAINT repayments_budget_id_fkey REFERENCES budgets,
        ground varchar(32) NOT NULL,
        addressee varchar(32) NOT NULL,
        state varchar(32) NOT NULL,
        allowance_weeks bigint NOT NULL,
        plan_weeks bigint NOT NULL,
        contingency_pence bigint NOT NULL,
        committed_pence bigint,
        asked_pence bigint,
        notice_ends_on date,
        payable_on date,
        paid_by varchar(32),
        manner varchar(32),
        CONSTRAINT repayments_notice_whole_check CHECK (
            (notice_ends_on IS NULL) = (payable_on IS NULL)
            AND (notice_ends_on IS NULL) = (paid_by IS NULL)
            AND (notice_ends_on IS NULL) = (manner IS NULL)),
        CONSTRAINT repayments_payable_after_notice_check CHECK (payable_on >= notice_ends_on)
    """,
    "repayment_lines": """
        repayment_id uuid NOT NULL
            CONSTRAINT repayment_lines_repayment_id_fkey REFERENCES repayments,
        funder_id uuid NOT NULL CONSTRAINT repayment_lines_funder_id_fkey REFERENCES funders,
        own_pence bigint NOT NULL,
        to_person_pence bigint NOT NULL,
        charge_lowered_pence bigint NOT NULL,
        available_pence bigint NOT NULL,
        held_pence bigint NOT NULL,
        overspent_pence bigint NOT NULL,
        committed_pence bigint NOT NULL,
        contingency_pence bigint NOT NULL,
        allowance_pence bigint NOT NULL,
        CONSTRAINT repayment_lines_pkey PRIMARY KEY (repayment_id, funder_id),
        CONSTRAINT repayment_lines_own_not_negative_check CHECK (own_pence >= 0),
        CONSTRAINT repayment_lines_to_person_not_negative_check CHECK (to_person_pence >= 0),
        CONSTRAINT repayment_lines_charge_lowered_not_negative_check
            CHECK (charge_lowered_pence >= 0),
        CONSTRAINT repayment_lines_within_surplus_check CHECK (
            own_pence + to_person_pence + charge_lowered_pence + committed_pence
            + contingency_pence + allowance_pence
            <= available_pence - held_pence - overspent_pence)
    """,
    "repayment_steps": """
        repayment_id uuid NOT NULL
            CONSTRAINT repayment_steps_repayment_id_fkey REFERENCES repayments,
        number bigint NOT NULL,
        state varchar(32) NOT NULL,
        taken_at timestamptz NOT NULL,
        actor varchar NOT NULL,
        asked_by varchar(32),
        reason varchar NOT NULL,
        amount_pence bigint NOT NULL,
        CONSTRAINT repayment_steps_pkey PRIMARY KEY (repayment_id, number),
        CONSTRAINT repayment_steps_actor_told_check CHECK (actor <> ''),
        CONSTRAINT repayment_steps_reason_told_check CHECK (reason <> '')
    """,
}
INDICES = (
    "CREATE INDEX repayments_budget_id_ix ON repayments (budget_id)",
    # One at a time: two would count the same money as left over.
    "CREATE UNIQUE INDEX repayments_one_open_ix ON repayments (budget_id)"
    " WHERE state NOT IN ('posted', 'withdrawn')",
)
FINAL = ("repayment_steps",)


def upgrade() -> None:
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
    for index in INDICES:
        op.execute(index)
    for table in FINAL:
        op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM budget")
        op.execute(
            f"CREATE TRIGGER {table}_are_final BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_kept BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
