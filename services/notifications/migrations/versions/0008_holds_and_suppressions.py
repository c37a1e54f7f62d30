"""what must not be used, and what is held for somebody's safety"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = """
    CREATE TABLE suppressions (
        suppression_id uuid NOT NULL CONSTRAINT suppressions_pkey PRIMARY KEY,
        channel varchar(32) NOT NULL,
        address_digest varchar,
        person_id uuid,
        reason varchar(32) NOT NULL,
        source varchar NOT NULL,
        since timestamptz NOT NULL,
        until timestamptz,
        lifted_at timestamptz,
        lifted_by uuid,
        CONSTRAINT suppressions_of_an_address_or_a_person_check
            CHECK ((address_digest IS NULL) <> (person_id IS NULL)),
        CONSTRAINT suppressions_lifted_by_somebody_check
            CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
    );
    CREATE INDEX suppressions_of_address_ix ON suppressions (address_digest);
    CREATE INDEX suppressions_of_person_ix ON suppressions (person_id);
    CREATE TABLE safeguarding_holds (
        hold_id uuid NOT NULL CONSTRAINT safeguarding_holds_pkey PRIMARY KEY,
        person_id uuid NOT NULL,
        channel varchar(32),
        review_by date NOT NULL,
        set_by uuid NOT NULL,
        set_at timestamptz NOT NULL,
        reason varchar NOT NULL,
        released_at timestamptz,
        released_by uuid,
        release_reason varchar,
        CONSTRAINT safeguarding_holds_released_as_a_whole_check CHECK (
            (released_at IS NULL) = (released_by IS NULL)
            AND (released_at IS NULL) = (release_reason IS NULL))
    );
    CREATE INDEX safeguarding_holds_in_force_ix ON safeguarding_holds (person_id)
        WHERE released_at IS NULL;
"""


def upgrade() -> None:
    op.execute(_TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE safeguarding_holds, suppressions")
