"""two ids of one person"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MERGED = """
    CREATE TABLE merged_people (
        merged_person_id uuid NOT NULL CONSTRAINT merged_people_pkey PRIMARY KEY,
        person_id uuid NOT NULL,
        CONSTRAINT merged_people_into_another_check CHECK (merged_person_id <> person_id)
    );
    CREATE INDEX merged_people_person_id_ix ON merged_people (person_id);
"""


def upgrade() -> None:
    op.execute(_MERGED)


def downgrade() -> None:
    op.execute("DROP TABLE merged_people")
