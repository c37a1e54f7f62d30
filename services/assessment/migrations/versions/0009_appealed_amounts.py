"""appeals against an amount, and what they set aside"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_APPEALED = """
    ALTER TABLE indicative_budgets ADD set_aside_by uuid;
    ALTER TABLE preventive_effects ADD set_aside_by uuid;
    ALTER TABLE appeals
        ADD amount_version bigint,
        ADD CONSTRAINT appeals_amount_fkey FOREIGN KEY (referral_id, amount_version)
            REFERENCES indicative_budgets (referral_id, version),
        DROP CONSTRAINT appeals_against_one_thing_check,
        ADD CONSTRAINT appeals_against_one_thing_check
            CHECK (num_nonnulls(decision_id, refusal_id, amount_version) = 1);
    CREATE UNIQUE INDEX appeals_one_open_of_amount_key ON appeals (referral_id)
        WHERE state = 'lodged' AND amount_version IS NOT NULL;
"""
# Nothing was released: appeals against amounts are not kept.
_APPEALED_BEFORE = """
    DELETE FROM appeals WHERE amount_version IS NOT NULL;
    DROP INDEX appeals_one_open_of_amount_key;
    ALTER TABLE appeals
        DROP CONSTRAINT appeals_against_one_thing_check,
        DROP CONSTRAINT appeals_amount_fkey,
        DROP amount_version,
        ADD CONSTRAINT appeals_against_one_thing_check
            CHECK (num_nonnulls(decision_id, refusal_id) = 1);
    ALTER TABLE preventive_effects DROP set_aside_by;
    ALTER TABLE indicative_budgets DROP set_aside_by;
"""


def upgrade() -> None:
    op.execute(_APPEALED)


def downgrade() -> None:
    op.execute(_APPEALED_BEFORE)
