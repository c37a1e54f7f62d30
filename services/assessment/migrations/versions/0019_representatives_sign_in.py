"""by which number a representative signs in"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE representatives ADD nhs_number_sealed bytea")
    op.execute("ALTER TABLE representatives ADD nhs_number_index varchar")
    op.create_index("representatives_nhs_number_index_ix", "representatives", ["nhs_number_index"])


def downgrade() -> None:
    op.drop_index("representatives_nhs_number_index_ix", "representatives")
    op.execute("ALTER TABLE representatives DROP nhs_number_index, DROP nhs_number_sealed")
