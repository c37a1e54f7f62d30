"""advocates and peer supporters are in a care team until a day"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_DATED = """
    ALTER TABLE team_memberships ADD ends_on date;
    CREATE INDEX team_memberships_ends_on_ix ON team_memberships (ends_on)
        WHERE ended_at IS NULL AND ends_on IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(_DATED)


def downgrade() -> None:
    op.execute("ALTER TABLE team_memberships DROP ends_on")
