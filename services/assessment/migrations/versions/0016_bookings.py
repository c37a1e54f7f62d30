"""bookings of the joint assessment"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BOOKINGS = """
    CREATE TABLE bookings (
        booking_id uuid NOT NULL CONSTRAINT bookings_pkey PRIMARY KEY,
        referral_id uuid NOT NULL CONSTRAINT bookings_referral_id_fkey REFERENCES referrals,
        version bigint NOT NULL,
        starts_at timestamptz NOT NULL,
        way varchar(32) NOT NULL,
        place varchar,
        coming jsonb NOT NULL,
        booked_at timestamptz NOT NULL,
        request_sha256 varchar NOT NULL,
        CONSTRAINT bookings_referral_id_version_key UNIQUE (referral_id, version),
        CONSTRAINT bookings_version_counts_check CHECK (version >= 1),
        CONSTRAINT bookings_place_where_needed_check
            CHECK ((way = 'at_place') = (place IS NOT NULL))
    )
"""


def upgrade() -> None:
    op.execute(_BOOKINGS)


def downgrade() -> None:
    op.execute("DROP TABLE bookings")
