"""direct payments that the bank made after they had failed"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE paid_after_failure (
            payment_id uuid NOT NULL CONSTRAINT paid_after_failure_pkey PRIMARY KEY
                CONSTRAINT paid_after_failure_payment_id_fkey REFERENCES direct_payments,
            actor varchar NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT paid_after_failure_actor_told_check CHECK (actor <> '')
        )""")
    op.execute(
        "CREATE TRIGGER paid_after_failure_are_final BEFORE UPDATE OR DELETE ON paid_after_failure"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER paid_after_failure_are_kept BEFORE TRUNCATE ON paid_after_failure"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON paid_after_failure FROM budget")


def downgrade() -> None:
    op.execute("DROP TABLE paid_after_failure")
