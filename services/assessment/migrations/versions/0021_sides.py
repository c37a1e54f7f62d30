"""on which side whoever contributes is, beside which organisation it is"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEY = "contributions_one_of_a_side_key"
STANDING = "replaced_at IS NULL"


def upgrade() -> None:
    op.execute("ALTER TABLE contributions ADD side varchar(32), ALTER organisation TYPE varchar")
    # There was one organisation on each side.
    op.execute(
        "UPDATE contributions SET side = CASE organisation"
        " WHEN 'nhs-trust' THEN 'nhs' ELSE organisation END"
    )
    op.execute("ALTER TABLE contributions ALTER side SET NOT NULL")
    _key(on="side")


def downgrade() -> None:
    _key(on="organisation")
    op.execute("ALTER TABLE contributions DROP side, ALTER organisation TYPE varchar(32)")


def _key(*, on: str) -> None:
    op.drop_index(KEY, "contributions")
    op.execute(f"CREATE UNIQUE INDEX {KEY} ON contributions (referral_id, {on}) WHERE {STANDING}")
