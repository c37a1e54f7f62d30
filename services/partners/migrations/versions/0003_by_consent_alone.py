"""who referred a person hears of them by their consent, and not for having referred them"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With whom each person shares is told to this release within minutes.
    op.execute("DELETE FROM relations WHERE source = 'referral'")


def downgrade() -> None:
    """Nothing to do: the release before learns of who refers from the next referral on."""
