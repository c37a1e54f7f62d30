"""a statement names what it explains: domains, or why the same levels are less"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A statement without domains explained any fall of the amount: it goes on doing so.
_EXPLAINED = """
    ALTER TABLE blocked_reductions ADD same_levels_pence bigint;
    ALTER TABLE preventive_effects ADD explains_pence bigint;
    UPDATE preventive_effects SET explains_pence = 0 WHERE explains = '{}'::jsonb;
    ALTER TABLE preventive_effects
        ADD CONSTRAINT preventive_effects_explains_one_thing_check
            CHECK ((explains = '{}'::jsonb) = (explains_pence IS NOT NULL));
"""
_EXPLAINED_BEFORE = """
    ALTER TABLE preventive_effects DROP explains_pence;
    ALTER TABLE blocked_reductions DROP same_levels_pence;
"""


def upgrade() -> None:
    op.execute(_EXPLAINED)


def downgrade() -> None:
    op.execute(_EXPLAINED_BEFORE)
