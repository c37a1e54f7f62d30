"""exceptions: what waits for somebody to look"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE exceptions (
            exception_id uuid NOT NULL CONSTRAINT exceptions_pkey PRIMARY KEY,
            kind varchar(32) NOT NULL,
            about varchar NOT NULL,
            purchase_id uuid,
            amount_pence bigint NOT NULL
                CONSTRAINT exceptions_amount_not_negative_check CHECK (amount_pence >= 0),
            role varchar NOT NULL,
            raised_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL,
            resolution varchar(32),
            resolved_by uuid,
            resolved_at timestamptz,
            reason varchar,
            CONSTRAINT exceptions_kind_about_key UNIQUE (kind, about),
            CONSTRAINT exceptions_resolved_as_a_whole_check CHECK (
                (resolution IS NULL) = (resolved_at IS NULL)
                AND (resolution IS NULL) = (resolved_by IS NULL)
                AND (resolution IS NULL) = (reason IS NULL)
            )
        )
    """)
    op.execute("CREATE INDEX exceptions_purchase_id_ix ON exceptions (purchase_id)")
    op.execute("CREATE INDEX exceptions_open_ix ON exceptions (due_at) WHERE resolved_at IS NULL")


def downgrade() -> None:
    op.execute("DROP TABLE exceptions")
