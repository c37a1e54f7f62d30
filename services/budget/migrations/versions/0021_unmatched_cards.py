"""money on cards that belongs to no purchase"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE unmatched_cards (
            card_id uuid NOT NULL CONSTRAINT unmatched_cards_pkey PRIMARY KEY,
            version bigint NOT NULL,
            taken_pence bigint NOT NULL
                CONSTRAINT unmatched_cards_taken_not_negative_check CHECK (taken_pence >= 0),
            returned_pence bigint NOT NULL
                CONSTRAINT unmatched_cards_returned_not_negative_check CHECK (returned_pence >= 0)
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE unmatched_cards")
