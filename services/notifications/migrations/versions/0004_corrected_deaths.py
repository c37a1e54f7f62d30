"""a death that was recorded wrongly is taken back"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CORRECTED = """
    ALTER TABLE deaths
        ADD version bigint NOT NULL DEFAULT 1,
        ALTER died_on DROP NOT NULL,
        ADD CONSTRAINT deaths_version_counts_check CHECK (version >= 1);
    ALTER TABLE deaths ALTER version DROP DEFAULT;
"""
_CORRECTED_BEFORE = """
    DELETE FROM deaths WHERE died_on IS NULL;
    ALTER TABLE deaths DROP version, ALTER died_on SET NOT NULL;
"""


def upgrade() -> None:
    op.execute(_CORRECTED)


def downgrade() -> None:
    op.execute(_CORRECTED_BEFORE)
