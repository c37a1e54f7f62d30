"""find an item in whichever plan"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("plan_items_item_id_ix", "plan_items", ["item_id"])


def downgrade() -> None:
    op.drop_index("plan_items_item_id_ix", "plan_items")
