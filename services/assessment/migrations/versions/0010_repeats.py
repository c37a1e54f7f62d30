"""a repeat of a crisis, a review or an answer is known by what was asked, word for word"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# What was asked before was kept in no such way: an empty digest is that of no request.
_DIGESTS = """
    ALTER TABLE crises ADD request_sha256 varchar NOT NULL DEFAULT '';
    ALTER TABLE crises ALTER request_sha256 DROP DEFAULT;
    ALTER TABLE reviews ADD request_sha256 varchar;
    UPDATE reviews SET request_sha256 = '' WHERE kind = 'rapid';
    ALTER TABLE identity_questions ADD request_sha256 varchar;
    UPDATE identity_questions SET request_sha256 = '' WHERE answer IS NOT NULL;
    ALTER TABLE identity_questions
        DROP CONSTRAINT identity_questions_answered_with_reasons_check,
        ADD CONSTRAINT identity_questions_answered_with_reasons_check CHECK (
            num_nonnulls(answer, answered_by, reasons, answered_at, request_sha256) IN (0, 5));
"""
_DIGESTS_BEFORE = """
    ALTER TABLE identity_questions
        DROP CONSTRAINT identity_questions_answered_with_reasons_check,
        DROP request_sha256,
        ADD CONSTRAINT identity_questions_answered_with_reasons_check CHECK (
            num_nonnulls(answer, answered_by, reasons, answered_at) IN (0, 4));
    ALTER TABLE reviews DROP request_sha256;
    ALTER TABLE crises DROP request_sha256;
"""


def upgrade() -> None:
    op.execute(_DIGESTS)


def downgrade() -> None:
    op.execute(_DIGESTS_BEFORE)
