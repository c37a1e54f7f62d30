"""records opened in an emergency, and relations that end within a day"""

from alembic import op

from access import revisions

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PERSONAL = {"emergency_accesses": "person_id"}
_ACCESSES = """
    CREATE TABLE emergency_accesses (
        access_id uuid NOT NULL CONSTRAINT emergency_accesses_pkey PRIMARY KEY,
        person_id uuid NOT NULL
            CONSTRAINT emergency_accesses_person_id_fkey REFERENCES people,
        opened_by uuid NOT NULL,
        opened_by_role varchar NOT NULL,
        organisation varchar NOT NULL,
        reason varchar(32) NOT NULL,
        words varchar NOT NULL,
        second_id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        answer_due_at timestamptz NOT NULL,
        request_sha256 varchar NOT NULL,
        answer varchar(32),
        answer_words varchar,
        answered_at timestamptz,
        reviewed_by uuid,
        finding varchar(32),
        review_words varchar,
        reviewed_at timestamptz,
        CONSTRAINT emergency_accesses_needs_two_check CHECK (opened_by <> second_id),
        CONSTRAINT emergency_accesses_ends_after_its_start_check CHECK (ends_at >= opened_at),
        CONSTRAINT emergency_accesses_answered_in_words_check
            CHECK (num_nonnulls(answer, answer_words, answered_at) IN (0, 3)),
        CONSTRAINT emergency_accesses_reviewed_by_somebody_check
            CHECK (num_nonnulls(reviewed_by, finding, review_words, reviewed_at) IN (0, 4)),
        CONSTRAINT emergency_accesses_reviewed_by_a_third_check
            CHECK (reviewed_by IS NULL OR reviewed_by NOT IN (opened_by, second_id))
    )
"""
_INDEXES = {
    "emergency_accesses_person_id_ix": ["person_id"],
    "emergency_accesses_opened_by_ix": ["opened_by", "ends_at"],
    "emergency_accesses_second_id_ix": ["second_id"],
    "emergency_accesses_organisation_ix": ["organisation", "opened_at"],
}


def upgrade() -> None:
    revisions.add_instant_of_end()
    op.execute(_ACCESSES)
    for name, columns in _INDEXES.items():
        op.create_index(name, "emergency_accesses", columns)
    revisions.protect("assessment", PERSONAL)


def downgrade() -> None:
    op.execute("DELETE FROM relations WHERE source LIKE 'break_glass/%'")
    op.execute("DELETE FROM relation_versions WHERE source LIKE 'break_glass/%'")
    op.drop_table("emergency_accesses")
    revisions.drop_instant_of_end()
