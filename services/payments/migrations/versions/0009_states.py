"""states: the facts from which a purchase's state follows, and what each rail says of it"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTED = (
    "promised_pence", "card_outstanding_pence", "card_captured_pence", "card_refunded_pence",
    "card_waiting_pence", "ordered_pence", "transferred_pence",
)


def upgrade() -> None:
    for column in COUNTED:
        op.execute(f"ALTER TABLE purchases ADD COLUMN {column} bigint NOT NULL DEFAULT 0")
    op.execute("""
        ALTER TABLE purchases
            ADD COLUMN ending varchar(32),
            ADD COLUMN approval varchar(32) NOT NULL DEFAULT 'not_needed',
            ADD COLUMN opened_at timestamptz,
            ADD COLUMN finished_at timestamptz,
            ADD COLUMN closed_at timestamptz,
            ADD COLUMN is_card_bought boolean NOT NULL DEFAULT false,
            ADD CONSTRAINT purchases_promised_not_negative_check CHECK (promised_pence >= 0),
            ADD CONSTRAINT purchases_card_not_negative_check CHECK (
                card_outstanding_pence >= 0 AND card_captured_pence >= 0
                AND card_refunded_pence >= 0 AND card_waiting_pence >= 0
            ),
            ADD CONSTRAINT purchases_bank_not_negative_check
                CHECK (ordered_pence >= 0 AND transferred_pence >= 0)
    """)
    op.execute("""
        UPDATE purchases SET
            ending = CASE WHEN state IN ('refused', 'cancelled') THEN state END,
            opened_at = CASE WHEN state NOT IN ('requested', 'refused', 'cancelled')
                             THEN requested_at END
    """)
    # What shops may claim still is worked out again with the next word of the issuer.
    op.execute("""
        UPDATE purchases SET
            card_captured_pence = captured_pence,
            card_refunded_pence = captured_pence - posted_pence,
            card_waiting_pence = unmatched_pence,
            is_card_bought = completed_at IS NOT NULL
        WHERE rail = 'card'
    """)
    op.execute("UPDATE purchases SET transferred_pence = captured_pence WHERE rail <> 'card'")
    for column in ("approval", "is_card_bought", *COUNTED):
        op.execute(f"ALTER TABLE purchases ALTER COLUMN {column} DROP DEFAULT")
    op.execute("""
        CREATE INDEX purchases_not_closed_ix ON purchases (reconciled_at)
        WHERE reconciled_at IS NOT NULL AND closed_at IS NULL
    """)


def downgrade() -> None:
    for column in (
        "ending", "approval", "opened_at", "finished_at", "closed_at", "is_card_bought", *COUNTED
    ):
        op.execute(f"ALTER TABLE purchases DROP COLUMN {column}")
