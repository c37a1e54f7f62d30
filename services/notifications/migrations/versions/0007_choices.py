"""what people chose"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CHOICES = """
    CREATE TABLE choices (
        person_id uuid NOT NULL,
        version bigint NOT NULL CONSTRAINT choices_version_counts_check CHECK (version >= 1),
        channels jsonb NOT NULL,
        declined_topics jsonb NOT NULL,
        language varchar,
        accessible_format varchar,
        opens bigint,
        closes bigint,
        is_safe_to_text boolean NOT NULL,
        safe_mobile varchar,
        chosen_at timestamptz NOT NULL,
        set_by uuid NOT NULL,
        reason varchar NOT NULL,
        CONSTRAINT choices_pkey PRIMARY KEY (person_id, version),
        CONSTRAINT choices_hours_of_a_day_check CHECK (
            (opens IS NULL) = (closes IS NULL) AND opens >= 0 AND opens < closes AND closes <= 24),
        CONSTRAINT choices_safe_for_a_number_check
            CHECK (is_safe_to_text = (safe_mobile IS NOT NULL))
    );
"""


def upgrade() -> None:
    op.execute(_CHOICES)


def downgrade() -> None:
    op.execute("DROP TABLE choices")
