"""crises that are prolonged"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PROLONGED = """
    ALTER TABLE crises
        ADD version bigint NOT NULL DEFAULT 1,
        ADD CONSTRAINT crises_version_counts_check CHECK (version >= 1);
    ALTER TABLE crises ALTER version DROP DEFAULT;
    UPDATE crises SET version = 2 WHERE stood_down_at IS NOT NULL;
    CREATE TABLE crisis_prolongations (
        prolongation_id uuid NOT NULL CONSTRAINT crisis_prolongations_pkey PRIMARY KEY,
        crisis_id uuid NOT NULL CONSTRAINT crisis_prolongations_crisis_id_fkey REFERENCES crises,
        prolonged_by varchar(32) NOT NULL,
        hands_back_before date NOT NULL,
        hand_back_on date NOT NULL,
        reason varchar NOT NULL,
        prolonged_at timestamptz NOT NULL,
        request_sha256 varchar NOT NULL,
        CONSTRAINT crisis_prolongations_to_a_later_day_check
            CHECK (hand_back_on > hands_back_before)
    );
    CREATE INDEX crisis_prolongations_crisis_id_ix ON crisis_prolongations (crisis_id);
"""
_PROLONGED_BEFORE = """
    DROP TABLE crisis_prolongations;
    ALTER TABLE crises DROP version;
"""


def upgrade() -> None:
    op.execute(_PROLONGED)


def downgrade() -> None:
    op.execute(_PROLONGED_BEFORE)
